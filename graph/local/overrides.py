"""What ministack leaves out of a read of an object's version: the `response-*` parameters."""

from typing import Final
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OVERRIDES: Final = {
    b"response-content-disposition": b"content-disposition",
    b"response-content-type": b"content-type",
}
_OK: Final = frozenset({200, 206})


class ResponseOverrides:
    """Names and types a download as its presigned URL says, as S3 does.

    ministack does so only where the URL names no version; ours name the one that was verified.
    It has checked the signature, which covers these parameters, by the time that it answers.

    Args:
        app: ministack.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and set the headers that it asks for."""
        wanted = _wanted(scope)

        async def send_overridden(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in _OK:
                kept = [pair for pair in message["headers"] if pair[0].lower() not in wanted]
                message["headers"] = [*kept, *wanted.items()]
            await send(message)

        await self._app(scope, receive, send_overridden if wanted else send)


def _wanted(scope: Scope) -> dict[bytes, bytes]:
    if scope["type"] != "http" or scope["method"] != "GET":
        return {}
    query = parse_qs(scope["query_string"])
    if b"versionId" not in query or b"X-Amz-Signature" not in query:
        return {}
    return {header: query[name][0] for name, header in _OVERRIDES.items() if name in query}
