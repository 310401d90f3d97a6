"""graph.handler.worker: evaluations from the records that Lambda sends of the table's stream."""

import itertools
import json
import logging
import os
import subprocess
import sys
from typing import Any

import pytest

from graph import handler
from graph import worker as worker_module
from graph.local.hub.faults import Status
from models.entities.evaluation import evaluation_key
from models.evaluation.times import Times
from models.evaluation.worker import Again, Worker
from models.settings import Settings
from models.table import Table
from tests.api.access.overheard import overheard
from tests.api.doors import Call, Door, event_of
from tests.api.emf import require_valid, sums
from tests.api.evaluation.bench import Bench
from tests.api.evaluation.evaluator import Evaluator
from tests.api.evaluation.hub_shelf import MODEL
from tests.api.stored import Stored

HEAVY = [
    *("huggingface_hub", "httpx", "httpx2", "httpcore2", "markdown_it", "license_expression"),
    *("boto3", "s3transfer", "yaml", "requests"),
]
PROBE = f"""
import asyncio, json, os, sys
from graph import handler

asyncio.set_event_loop(asyncio.new_event_loop())
answer = handler.api(json.loads(sys.argv[1]), None)
print(json.dumps([answer["statusCode"], [name for name in {HEAVY} if name in sys.modules]]))
"""


class LambdaContext:
    """A run of the function with so much time left."""

    def __init__(self, seconds_left: float = 840.0) -> None:
        self._seconds_left = seconds_left

    def get_remaining_time_in_millis(self) -> int:
        return int(self._seconds_left * 1_000)


def record(pk: str, sk: str, number: int = 1, name: str = "INSERT") -> dict[str, Any]:
    """A record, as the stream mapping hands it to the function."""
    keys = {"PK": {"S": pk}, "SK": {"S": sk}}
    return {
        "eventID": f"event-{number}",
        "eventName": name,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_795_000_000,
            "Keys": keys,
            "NewImage": keys,
            "SequenceNumber": f"{number}00000000000000000000",
            "SizeBytes": 400,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": "arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/x",
    }


def event_for(*evaluation_ids: str) -> dict[str, Any]:
    """The event that tells of new jobs."""
    keys = [evaluation_key(evaluation_id) for evaluation_id in evaluation_ids]
    return {"Records": [record(key.pk, key.sk, number) for number, key in enumerate(keys, 1)]}


def sequence_number(number: int) -> str:
    return f"{number}00000000000000000000"


def failures(answer: dict[str, Any]) -> list[str]:
    """Return the sequence numbers of what Lambda is to send again."""
    assert answer.keys() == {"batchItemFailures"}
    assert all(item.keys() == {"itemIdentifier"} for item in answer["batchItemFailures"])
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]


@pytest.fixture
def client(app_door: Door) -> Door:
    """One door: the function has none."""
    return app_door


@pytest.fixture
def built(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """The settings of each time that a worker was built; it is the bench's own."""
    built: list[Settings] = []

    def build(settings: Settings, _table: Table) -> Worker:
        built.append(settings)
        return bench.worker

    monkeypatch.setattr(handler, "_worker", None)
    monkeypatch.setattr(handler, "configure_logging", lambda _: None)
    monkeypatch.setattr(worker_module, "build_worker", build)
    return built


@pytest.mark.usefixtures("built")
class TestWorker:
    """Running what an event tells of."""

    def test_ends_every_job(self, evaluator: Evaluator, bench: Bench) -> None:
        found = evaluator.queued()
        missing = evaluator.queued("hf://acme/none")
        assert failures(handler.worker(event_for(*bench.open_jobs()), LambdaContext())) == []
        assert evaluator.node(found)["status"] == "SUCCEEDED"
        assert evaluator.node(missing)["failure"]["code"] == "UPSTREAM_NOT_FOUND"

    def test_does_nothing_for_no_records(self, bench: Bench) -> None:
        assert failures(handler.worker({"Records": []}, LambdaContext())) == []
        assert bench.hub.requests == []

    def test_does_nothing_again_when_a_record_is_sent_again(
        self, evaluator: Evaluator, bench: Bench, stored: Stored
    ) -> None:
        evaluator.queued()
        event = event_for(*bench.open_jobs())
        handler.worker(event, LambdaContext())
        before, asked = stored.items(), len(bench.hub.requests)
        assert failures(handler.worker(event, LambdaContext())) == []
        assert stored.items() == before
        assert len(bench.hub.requests) == asked

    def test_ignores_records_of_anything_else(
        self, evaluator: Evaluator, bench: Bench, stored: Stored
    ) -> None:
        evaluator.queued()
        before = stored.items()
        (job,) = bench.open_jobs()
        key = evaluation_key(job)
        records = [record(pk, sk) for pk, sk in before if (pk, sk) != tuple(key)]
        records += [record("MODEL#x", "MODEL"), record("MODEL#x", f"MODEL#EVALUATION#{job}")]
        records += [record(*key, name="MODIFY"), record(*key, name="REMOVE")]
        assert failures(handler.worker({"Records": records}, LambdaContext())) == []
        assert stored.items() == before

    def test_ignores_a_job_that_is_not_there(self) -> None:
        event = event_for("01a20980-77bb-7e3a-a679-b5eab8a1c8b9")
        assert failures(handler.worker(event, LambdaContext())) == []

    def test_answers_what_has_not_ended_as_failures(
        self, evaluator: Evaluator, bench: Bench
    ) -> None:
        for name in ("acme/none", "acme/tiny", "acme/nothing"):
            evaluator.queued(f"hf://{name}")
        event = event_for(*bench.open_jobs())
        answer = handler.worker(event, LambdaContext(seconds_left=1))
        assert failures(answer) == [sequence_number(number) for number in (1, 2, 3)]
        assert len(bench.open_jobs()) == 3
        assert failures(handler.worker(event, LambdaContext())) == []
        assert bench.open_jobs() == []

    def test_answers_only_those_as_failures(
        self, evaluator: Evaluator, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("acme/none", "acme/tiny", "acme/nothing"):
            evaluator.queued(f"hf://{name}")
        first, stuck, last = bench.open_jobs()
        run = bench.worker.run
        monkeypatch.setattr(
            bench.worker, "run", lambda job: Again(after_seconds=0) if job == stuck else run(job)
        )
        left = itertools.chain([90.0] * 50, itertools.repeat(1.0))
        context = LambdaContext()
        monkeypatch.setattr(
            context, "get_remaining_time_in_millis", lambda: round(next(left) * 1_000)
        )
        answer = handler.worker(event_for(first, stuck, last), context)
        assert failures(answer) == [sequence_number(2)]
        assert bench.open_jobs() == [stuck]

    def test_begins_nothing_that_it_could_not_end(self, evaluator: Evaluator, bench: Bench) -> None:
        evaluator.queued()
        event = event_for(*bench.open_jobs())
        seconds = Times().lease_seconds - 1
        assert failures(handler.worker(event, LambdaContext(seconds))) == [sequence_number(1)]
        assert bench.hub.requests == []

    def test_tries_again_by_itself(self, evaluator: Evaluator, bench: Bench) -> None:
        evaluation_id = evaluator.queued()
        bench.hub.fail(f"/api/models/{MODEL}", Status(500), times=4)
        assert failures(handler.worker(event_for(*bench.open_jobs()), LambdaContext())) == []
        assert evaluator.node(evaluation_id)["status"] == "SUCCEEDED"

    def test_ends_the_others_where_one_breaks(
        self, evaluator: Evaluator, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A fault of ours, such as DynamoDB out of reach, is no reason to lose the batch."""
        for name in ("acme/none", "acme/tiny", "acme/nothing"):
            evaluator.queued(f"hf://{name}")
        first, broken, last = bench.open_jobs()
        run = bench.worker.run

        def breaking(job: str) -> Again | None:
            if job == broken:
                raise ConnectionError("the table is out of reach")
            return run(job)

        monkeypatch.setattr(bench.worker, "run", breaking)
        logging.disable(logging.CRITICAL)
        try:
            answer = handler.worker(event_for(first, broken, last), LambdaContext())
        finally:
            logging.disable(logging.NOTSET)
        assert failures(answer) == [sequence_number(2)]
        assert bench.open_jobs() == [broken]


class TestBuilding:
    """The function's own worker."""

    def test_happens_once_from_the_environment(
        self, built: list[Settings], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HF_ENDPOINT", "https://mirror.example")
        for _ in range(2):
            handler.worker({"Records": []}, LambdaContext())
        assert [one.hub_endpoint for one in built] == ["https://mirror.example"]

    def test_does_the_work(
        self,
        bench: Bench,
        evaluator: Evaluator,
        monkeypatch: pytest.MonkeyPatch,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setattr(handler, "_worker", None)
        monkeypatch.setenv("STAGE", "test")
        monkeypatch.setenv("HF_ENDPOINT", bench.hub.url)
        monkeypatch.setenv("GITHUB_API_URL", bench.hub.github_url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        evaluation_id = evaluator.queued()
        try:
            with overheard():  # puts back how it logs
                handler.worker(event_for(*bench.open_jobs()), LambdaContext())
            assert evaluator.node(evaluation_id)["coverage"] == 1.0
            self._holds_one_success(capfd.readouterr().err)
        finally:
            upstream: Any = handler._worker._upstream if handler._worker else None
            upstream.close()
            bench.use_worker()

    def _holds_one_success(self, written: str) -> None:
        for line in written.splitlines():
            require_valid(line)
        found = sums(map(json.loads, written.splitlines()), "ML-Evaluator")
        service = ("Service", "ml-model-evaluator")
        dimensions = (service, ("Stage", "test"), ("Outcome", "SUCCEEDED"))
        assert found.keys() == {
            ("Evaluations", dimensions),
            ("EvaluationDuration", dimensions),
        }
        assert found["Evaluations", dimensions] == 1


class TestApiFunction:
    """The API's function never reads the Hub, so it loads nothing of what does."""

    @pytest.fixture
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "LOG_LEVEL": "0",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
        }

    @pytest.mark.parametrize("path", ["/health", "/graphql"])
    def test_loads_nothing_of_what_evaluates(self, environment: dict[str, str], path: str) -> None:
        body = b'{"query": "{ viewer { subject } }"}' if path == "/graphql" else b""
        headers = {"content-type": "application/json"}
        event = event_of(Call("POST" if body else "GET", path, headers=headers, body=body))
        done = subprocess.run(  # noqa: S603  # our own probe
            [sys.executable, "-c", PROBE, json.dumps(event)],
            capture_output=True,
            check=True,
            env=environment,
            text=True,
            timeout=60,
        )
        status, loaded = json.loads(done.stdout.splitlines()[-1])
        assert status == (401 if body else 200)
        assert loaded == []
