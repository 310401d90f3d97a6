"""Headers that keep browsers from doing more with an answer than showing it."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every answer that does not say otherwise itself, as the playground's page does."""
_ENCODED = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
"""As ASGI wants them."""


class SecurityHeadersMiddleware:
    """Adds the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message["headers"])
                said = {name for name, _ in given}
                message["headers"] = given + [one for one in _ENCODED if one[0] not in said]
            await send(message)

        await self._app(scope, receive, send_with_headers)
