"""Who may speak to a server that lets its own machine in without credentials."""

import json
from collections.abc import Collection, Iterable, Sequence
from http import HTTPStatus
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1", "[::1]")

_HTTP_PORT: Final = 80
_POLICY_VIOLATION: Final = 1008


class LoopbackGuard:
    """Answers only requests that name this very server, and no page of another site.

    A loopback socket keeps other machines out, but not the browser of this one, which runs the
    scripts of any site. Against DNS rebinding (a foreign name that suddenly resolves to
    127.0.0.1, whose pages would count as the same origin) the Host header must be a loopback
    name with this port. Against cross-site requests (which a browser sends even if it hides
    their answers) an Origin header must be one of our own; `null` is a sandboxed page's or a
    file's, and anybody's. Programs that are no browser send no Origin.

    Args:
        app: what is guarded.
        port: the port that `app` answers on.
        page_ports: ports whose loopback pages may call `app` from a browser.
    """

    def __init__(self, app: ASGIApp, *, port: int, page_ports: Collection[int]) -> None:
        self._app = app
        self._hosts = frozenset(_authorities([port]))
        self._origins = frozenset(f"http://{name}" for name in _authorities(page_ports))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope["headers"])
        if refusal is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await _forbid(send, refusal)
        else:
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})

    def _refusal(self, headers: Sequence[tuple[bytes, bytes]]) -> str | None:
        """Why a request with these headers is refused; None if it is not."""
        hosts = _values(headers, b"host")
        # Two Host headers are refused, since a proxy and this server could each believe another.
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            return "This server answers only to localhost, 127.0.0.1 or [::1] with its own port."
        if not self._origins.issuperset(_values(headers, b"origin")):
            return "This server answers no page of another origin."
        # Of another site's GET a browser sends no Origin, but says this. To follow a link is fine.
        from_elsewhere = "cross-site" in _values(headers, b"sec-fetch-site")
        if from_elsewhere and "navigate" not in _values(headers, b"sec-fetch-mode"):
            return "This server answers no page of another site."
        return None


def _authorities(ports: Iterable[int]) -> Iterable[str]:
    """Every loopback name with every port; HTTP's own port is left out by clients."""
    for port in ports:
        for name in LOOPBACK_NAMES:
            yield f"{name}:{port}"
            if port == _HTTP_PORT:
                yield name


def _values(headers: Sequence[tuple[bytes, bytes]], name: bytes) -> list[str]:
    """The values of every header called `name`; hosts and schemes know no case."""
    return [value.decode("latin-1").lower() for key, value in headers if key.lower() == name]


async def _forbid(send: Send, message: str) -> None:
    error = {"message": message, "extensions": {"code": "FORBIDDEN"}}
    body = json.dumps({"errors": [error]}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send(
        {"type": "http.response.start", "status": HTTPStatus.FORBIDDEN.value, "headers": headers}
    )
    await send({"type": "http.response.body", "body": body})
