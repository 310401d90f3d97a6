"""The line that every request leaves, and what belongs to it."""

import asyncio
import logging
from collections.abc import Callable

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from graph.observability.facts import facts_of
from graph.observability.loggers import ERROR_LOGGER, REQUEST_LOGGER
from graph.observability.request_log import RequestLogMiddleware
from graph.observability.sampling import Sampler, is_sampled

App = Callable[[Scope, Receive, Send], object]
DIMENSIONS = {"Service": "s", "Stage": "x"}


class Log:
    """Requests through the middleware, and what they left."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO, "ml_evaluator")
        self._caplog = caplog

    def of(self, app: RequestLogMiddleware, **scope: object) -> tuple[logging.LogRecord, list[str]]:
        """Send one request, and return its record and the codes that were counted."""
        self._caplog.clear()
        asyncio.run(app({"type": "http", "method": "GET", "path": "/", **scope}, receive, send))
        records = self._caplog.records
        (request,) = (one for one in records if one.name == REQUEST_LOGGER)
        counted = [one for one in records if one.name == ERROR_LOGGER]
        assert all(vars(one)["measured"].values == {"Errors": 1} for one in counted)
        return request, [vars(one)["measured"].dimensions["Code"] for one in counted]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Log:
    return Log(caplog)


async def receive() -> Message:
    raise AssertionError("no body is read")


async def send(_: Message) -> None:
    """Send nothing."""


def middleware(
    status: int = 200, codes: tuple[str, ...] = (), rate: float = 0, draw: float = 0.5
) -> RequestLogMiddleware:
    """Log what an application answers with, within a quarter of a second."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        facts = facts_of(Request(scope))
        facts.error_codes = [*codes]
        facts.meter.count_request("GetItem")
        facts.subject = f"user:{is_sampled()}"
        await Response(status_code=status)(scope, receive, send)

    times = iter([10.0, 10.25] * 2)
    return RequestLogMiddleware(app, DIMENSIONS, Sampler(rate, lambda: draw), times.__next__)


class TestRequestLogMiddleware:
    """RequestLogMiddleware."""

    def test_tells_what_was_asked_and_answered(self, log: Log) -> None:
        record, counted = log.of(middleware(), method="POST", path="/graphql")
        assert record.getMessage() == "POST /graphql 200 250 ms"
        assert vars(record)["fields"] == {
            "method": "POST",
            "path": "/graphql",
            "status": 200,
            "operationName": None,
            "principal": "user:False",
            "durationMs": 250.0,
            "cost": {"complexity": 0, "requests": 1, "readUnits": None, "writeUnits": None},
            "errors": [],
            "coldStart": True,
            "sampled": False,
        }
        assert counted == []

    def test_measures_it(self, log: Log) -> None:
        measured = vars(log.of(middleware())[0])["measured"]
        assert measured.dimensions == DIMENSIONS
        assert measured.values == {
            "Requests": 1,
            "Latency": 250.0,
            "DynamoDBRequests": 1,
            "ColdStarts": 1,
        }

    def test_begins_cold_once(self, log: Log) -> None:
        app = middleware()
        cold = [vars(log.of(app)[0])["fields"]["coldStart"] for _ in range(2)]
        assert cold == [True, False]

    @pytest.mark.parametrize(
        ("status", "codes", "expected"),
        [
            (200, ("A", "B"), ["A", "B"]),
            (401, ("A",), ["A"]),
            (404, (), ["HTTP_404"]),
            (503, (), ["HTTP_503"]),
            (500, (), ["INTERNAL_SERVER_ERROR"]),
            (307, (), []),
        ],
    )
    def test_counts_errors_by_code(
        self, log: Log, status: int, codes: tuple[str, ...], expected: list[str]
    ) -> None:
        record, counted = log.of(middleware(status, codes))
        assert counted == expected == vars(record)["fields"]["errors"]

    def test_tells_of_what_broke_too(self, caplog: pytest.LogCaptureFixture) -> None:
        async def app(*_: object) -> None:
            raise RuntimeError("why")

        caplog.set_level(logging.INFO, "ml_evaluator")
        broken = RequestLogMiddleware(app, DIMENSIONS, Sampler(0))
        with pytest.raises(RuntimeError):
            asyncio.run(broken({"type": "http", "method": "GET", "path": "/"}, receive, send))
        assert vars(caplog.records[0])["fields"]["status"] == 500
        assert [record.name for record in caplog.records] == [REQUEST_LOGGER, ERROR_LOGGER]

    @pytest.mark.parametrize(("draw", "is_drawn"), [(0.2, True), (0.3, False)])
    def test_draws_a_share_of_the_requests(self, log: Log, draw: float, is_drawn: bool) -> None:
        fields = vars(log.of(middleware(rate=0.25, draw=draw))[0])["fields"]
        assert fields["sampled"] is is_drawn
        assert fields["principal"] == f"user:{is_drawn}"
        assert not is_sampled()

    def test_lets_other_protocols_pass(self, caplog: pytest.LogCaptureFixture) -> None:
        passed = []

        async def app(scope: Scope, *_: object) -> None:
            passed.append(scope["type"])

        app_ = RequestLogMiddleware(app, DIMENSIONS, Sampler(0))
        asyncio.run(app_({"type": "lifespan"}, receive, send))
        assert passed == ["lifespan"]
        assert caplog.records == []
