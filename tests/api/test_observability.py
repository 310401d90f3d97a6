"""What a deployment tells of its requests: a session, whose lines are read and added up."""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from moto import mock_aws
from starlette.testclient import TestClient

from graph.app import create_app
from graph.bootstrap import build_services, provision
from graph.handler import build_api
from graph.observability import configure_logging
from graph.services import Services
from models.settings import AwsCredentials, Settings
from tests.api.access.gate import Gate
from tests.api.access.guest import bearer, bearer_of
from tests.api.access.overheard import leaks, overheard
from tests.api.doors import AppDoor, Call, LambdaDoor
from tests.api.emf import Line, Series, require_valid, sums
from tests.api.scripted_session import AWS_SECRET, Session, run_script
from tests.api.stored import Stored

NAMESPACE = "ML-Evaluator"
DIMENSIONS = (("Service", "ml-model-evaluator"), ("Stage", "test"))
LINE_MAX_BYTES = 8_192
"""Of a request, whatever its client sends."""
REQUESTS, ERRORS = "ml_evaluator.requests", "ml_evaluator.errors"


OpenSession = Callable[[Settings], Session]


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    settings = Settings(credentials=AwsCredentials("AKIAOFNOBODY", AWS_SECRET))
    with mock_aws():
        provision(settings)
        Stored().stop_stream()
        yield build_services(settings)


@pytest.fixture
def gate(services: Services, stored: Stored) -> Gate:  # noqa: ARG001  # empty
    return Gate(services)


@pytest.fixture
def open_session(
    services: Services,
    gate: Gate,
    capfd: pytest.CaptureFixture[str],  # noqa: ARG001  # the log goes where errors go by then
) -> Iterator[OpenSession]:
    """Start a function as a deployment does, its log included."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    with overheard():  # puts back what is configured here

        def start(settings: Settings) -> Session:
            configure_logging(settings)
            ids = (f"request-{number}" for number in range(1_000))
            return Session(LambdaDoor(build_api(services, gate.authenticate, settings), ids))

        yield start
    asyncio.set_event_loop(None)
    loop.close()


SETTINGS = Settings(stage="test", get_queries=True)


def read(text: str) -> list[Line]:
    """Read everything that was written, which must be valid to its last line."""
    for line in text.splitlines():
        require_valid(line)
    return [json.loads(line) for line in text.splitlines()]


class TestSession:
    """50 requests, of which 10 fail, in a function with its true log and credentials."""

    def test_adds_up_to_what_was_sent(
        self, open_session: OpenSession, gate: Gate, capfd: pytest.CaptureFixture[str]
    ) -> None:
        sent = open_session(SETTINGS)
        run_script(sent, gate)
        written = capfd.readouterr()
        assert written.out == ""
        lines = read(written.err)
        found = sums(lines, NAMESPACE)
        requests = [line for line in lines if line["logger"] == REQUESTS]
        errors = Counter(code for codes in sent.codes for code in {*codes})
        assert errors.total() == 10
        assert found.pop(("Latency", DIMENSIONS)) == pytest.approx(
            sum(line["durationMs"] for line in requests)
        )
        expected: dict[Series, float] = {
            ("Errors", (*DIMENSIONS, ("Code", code))): count for code, count in errors.items()
        }
        expected["Requests", DIMENSIONS] = 50
        expected["DynamoDBRequests", DIMENSIONS] = sent.dynamodb_requests
        expected["ColdStarts", DIMENSIONS] = 1
        assert found == expected
        assert sent.dynamodb_requests > 30

    def test_leaves_one_line_a_request(
        self, open_session: OpenSession, gate: Gate, capfd: pytest.CaptureFixture[str]
    ) -> None:
        sent = open_session(SETTINGS)
        run_script(sent, gate)
        lines = [line for line in read(capfd.readouterr().err) if line["logger"] == REQUESTS]
        assert [line["requestId"] for line in lines] == [f"request-{n}" for n in range(50)]
        assert [line["status"] for line in lines] == [reply.status for reply in sent.replies]
        assert [line["errors"] for line in lines] == [
            [*dict.fromkeys(codes)] for codes in sent.codes
        ]
        costs = [reply.json.get("extensions", {}).get("cost") for reply in sent.replies]
        for line, cost in zip(lines, costs, strict=True):
            if cost:
                assert line["cost"] == {
                    "complexity": cost["complexity"]["requested"], **cost["dynamodb"]
                }  # fmt: skip
        assert [line["coldStart"] for line in lines] == [True] + [False] * 49
        assert Counter(line["operationName"] for line in lines) == {
            None: 40, "Viewer": 5, "List": 5
        }  # fmt: skip
        principals = Counter(str(line["principal"]).partition(":")[0] for line in lines)
        assert principals == {"key": 18, "user": 26, "None": 6}

    def test_leaves_every_other_line_with_its_request(
        self, open_session: OpenSession, gate: Gate, capfd: pytest.CaptureFixture[str]
    ) -> None:
        sent = open_session(SETTINGS)
        run_script(sent, gate)
        lines = read(capfd.readouterr().err)
        (failure,) = (line for line in lines if "exception" in line)
        assert failure["requestId"] == "request-49"
        audits = [line.get("requestId") for line in lines if "audit" in line]
        assert audits[1:11] == [f"request-{number}" for number in range(10)]
        assert audits[0] is None  # the first key was made beside the API
        counted = {line["requestId"] for line in lines if line["logger"] == ERRORS}
        assert counted == {f"request-{number}" for number in range(40, 50)}

    @pytest.mark.parametrize(
        "settings", [Settings(), Settings(log_level="2"), Settings(log_sample_rate=1)]
    )
    def test_holds_no_secret(
        self,
        open_session: OpenSession,
        gate: Gate,
        settings: Settings,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        secrets = run_script(open_session(settings), gate)
        lines = capfd.readouterr().err.splitlines()
        assert len(secrets) > 13
        assert len(lines) > 50
        assert leaks(lines, secrets) == []
        assert not any("mutation" in line or "query {" in line for line in lines)


class TestHostileClients:
    """What clients make does not reach beyond its place in the line."""

    @pytest.mark.parametrize(
        "path", ["/%0A%7B%22a%22:1%7D", "/" + "x" * 5_000, "/%F0%9F%98%80" * 800, "/%1B%5B2J"]
    )
    def test_a_path_stays_in_its_line(
        self, open_session: OpenSession, path: str, capfd: pytest.CaptureFixture[str]
    ) -> None:
        open_session(SETTINGS).door.send(Call("GET", path))
        text = capfd.readouterr().err
        request, error = read(text)
        assert (request["logger"], error["logger"]) == (REQUESTS, ERRORS)
        assert request["path"].isprintable()
        assert max(map(len, text.splitlines())) <= LINE_MAX_BYTES

    @pytest.mark.parametrize("name", ["x" * 100_000, 'a"\n{}', "\x00", "é" * 99])
    def test_an_operation_name_that_is_none_is_left_out(
        self, open_session: OpenSession, gate: Gate, name: str, capfd: pytest.CaptureFixture[str]
    ) -> None:
        session = open_session(SETTINGS)
        session.post(
            bearer_of(gate.issuer, "READER"), "{ viewer { subject } }", "BAD_USER_INPUT", name=name
        )
        text = capfd.readouterr().err
        assert read(text)[0]["operationName"] is None
        assert max(map(len, text.splitlines())) <= LINE_MAX_BYTES


class TestSampling:
    """LOG_SAMPLE_RATE."""

    @pytest.mark.parametrize(("rate", "expected"), [(0, set()), (1, {"request-0"})])
    def test_logs_what_was_drawn_from_debug_on(
        self,
        open_session: OpenSession,
        gate: Gate,
        rate: float,
        expected: set[str],
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        session = open_session(Settings(log_sample_rate=rate))
        session.post(bearer(gate.new_key().token), "{ models { nodes { id } } }")
        lines = read(capfd.readouterr().err)
        debug = [line for line in lines if line["level"] == "DEBUG"]
        assert {line["requestId"] for line in debug} == expected
        (request,) = (line for line in lines if line["logger"] == REQUESTS)
        assert request["sampled"] is bool(expected)
        told = [line["operation"] for line in debug if line["logger"] == "models.metering"]
        assert told == (["GetItem", "Query"] if expected else [])

    @pytest.mark.usefixtures("open_session")
    def test_reaches_the_threads_of_a_server(
        self, services: Services, gate: Gate, capfd: pytest.CaptureFixture[str]
    ) -> None:
        settings = Settings(log_sample_rate=1)
        app = create_app(services, authenticate=gate.authenticate, settings=settings)
        configure_logging(settings)
        with TestClient(app) as client:
            session = Session(AppDoor(client))
            session.post(bearer_of(gate.issuer, "READER"), "{ models { nodes { id } } }")
        lines = read(capfd.readouterr().err)
        (told,) = (line for line in lines if line["logger"] == "models.metering")
        assert told["requestId"] == session.replies[0].headers["x-request-id"]


def test_the_logs_of_other_tests_are_left_alone() -> None:
    assert logging.getLogger(REQUESTS).getEffectiveLevel() == logging.getLogger().level
