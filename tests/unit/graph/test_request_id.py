"""The id by which a request is found in the log."""

import asyncio
from uuid import UUID

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from graph.request_id import RequestIdMiddleware, current_request_id, request_id_of


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the id that the request bears."""
    if scope["type"] == "http":
        assert current_request_id() == request_id_of(Request(scope))
        assert await to_thread.run_sync(current_request_id) == current_request_id()
        await Response(request_id_of(Request(scope)))(scope, receive, send)
    else:
        await send({"type": "passed"})


def ask(scope: Scope) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("no body is read")

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(RequestIdMiddleware(app)(scope, receive, send))
    return sent


def ids(scope: Scope) -> tuple[str, str]:
    """Return the id that the header tells, and the one that the application sees."""
    start, body = ask({"type": "http", "headers": [], **scope})
    return dict(start["headers"])[b"x-request-id"].decode(), body["body"].decode()


class TestRequestIdMiddleware:
    """RequestIdMiddleware."""

    def test_tells_the_id_that_the_application_sees(self) -> None:
        told, seen = ids({})
        assert told == seen
        assert UUID(told)

    def test_is_known_while_it_is_answered_and_no_longer(self) -> None:
        ids({})
        assert current_request_id() is None

    def test_gives_each_request_its_own(self) -> None:
        assert ids({})[0] != ids({})[0]

    def test_takes_api_gateways_own(self) -> None:
        event = {"requestContext": {"requestId": "JKJa="}}
        assert ids({"aws.event": event}) == ("JKJa=", "JKJa=")

    def test_never_takes_the_clients(self) -> None:
        assert ids({"headers": [(b"x-request-id", b"mine")]})[0] != "mine"

    def test_lets_other_protocols_pass(self) -> None:
        assert ask({"type": "lifespan"}) == [{"type": "passed"}]
