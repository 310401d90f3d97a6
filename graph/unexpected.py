"""What goes wrong where nothing else looks after it: masked, in the form of every other error.

Starlette's own answer would be made outside of the other middleware, without its headers.
"""

from http import HTTPStatus

from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.errors import formatted
from graph.request_id import request_id_of


class UnexpectedErrorMiddleware:
    """Answers 500 where an application fails before it has answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        has_begun = False

        async def watched_send(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched_send)
        except Exception as error:
            if has_begun or scope["type"] != "http":
                raise
            unexpected = GraphQLError(str(error), original_error=error)
            body = {"errors": [formatted(unexpected, request_id_of(Request(scope)))]}
            response = JSONResponse(body, HTTPStatus.INTERNAL_SERVER_ERROR)
            await response(scope, receive, send)
