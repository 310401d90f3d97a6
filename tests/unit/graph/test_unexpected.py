"""The answer to what nothing else looks after."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from graph.request_id import RequestIdMiddleware
from graph.unexpected import UnexpectedErrorMiddleware


async def at_once(_: Request) -> Response:
    raise RuntimeError("secret")


async def later(_: Request) -> Response:
    def chunks() -> Iterator[bytes]:
        yield b"begun"
        raise RuntimeError("late")

    return StreamingResponse(chunks())


@pytest.fixture
def client() -> Iterator[TestClient]:
    app = Starlette(
        routes=[Route("/at-once", at_once), Route("/later", later)],
        middleware=[Middleware(RequestIdMiddleware), Middleware(UnexpectedErrorMiddleware)],
    )
    with TestClient(app) as client:
        yield client


class TestUnexpectedErrors:
    """UnexpectedErrorMiddleware."""

    def test_are_masked(self, client: TestClient) -> None:
        reply = client.get("/at-once")
        assert reply.status_code == 500
        assert "secret" not in reply.text
        assert reply.headers["x-request-id"] in reply.text

    def test_are_passed_on_where_the_answer_has_begun(self, client: TestClient) -> None:
        with pytest.raises(RuntimeError, match="late"):
            client.get("/later")
