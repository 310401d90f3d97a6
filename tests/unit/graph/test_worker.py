"""The worker's function: what the table's stream tells it, and how it works a batch off."""

import logging
import threading
from collections.abc import Mapping
from typing import Any

import pytest

from graph.worker import JOBS_AT_ONCE, NewJob, new_jobs, run_all
from models.entities import EvaluationItem, EvaluationUnderWayItem, ModelItem
from models.entities.item import Item
from models.evaluation.times import Times
from models.evaluation.worker import Again
from models.ids import new_id
from tests.unit.models.evaluation.evaluations import EVALUATION_ID, a_job, a_request
from tests.unit.models.strategies import a_record

LEASE_SECONDS = Times().lease_seconds


def record_of(item: Item, name: str = "INSERT", number: int = 7) -> Mapping[str, Any]:
    """Return a record as Lambda gets it."""
    image = item.serialize()
    return {
        "eventID": "c4ca4238a0b923820dcc509a6f75849b",
        "eventName": name,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_767_225_600,
            "Keys": {"PK": image["PK"], "SK": image["SK"]},
            "NewImage": image,
            "SequenceNumber": f"{number:021}",
            "SizeBytes": 321,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": "arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/2026",
    }


class TestNewJobs:
    """What the stream tells."""

    def test_are_the_jobs_that_were_written(self) -> None:
        other = new_id()
        records = [
            record_of(EvaluationItem.of(a_job()), number=1),
            record_of(EvaluationItem.of(a_job(id=other)), number=2),
        ]
        assert new_jobs(records) == [
            NewJob(EVALUATION_ID, f"{1:021}"),
            NewJob(other, f"{2:021}"),
        ]

    @pytest.mark.parametrize("name", ["MODIFY", "REMOVE"])
    def test_are_not_those_that_changed_or_went(self, name: str) -> None:
        assert new_jobs([record_of(EvaluationItem.of(a_job()), name)]) == []

    def test_are_no_other_items(self) -> None:
        items = [
            EvaluationUnderWayItem.of(a_job()),
            EvaluationUnderWayItem.of(a_job(request=a_request(revision="v1"))),
            ModelItem.of(a_record()),
        ]
        assert new_jobs(map(record_of, items)) == []

    def test_are_none_where_nothing_was_written(self) -> None:
        assert new_jobs([]) == []

    def test_need_no_image(self) -> None:
        record = dict(record_of(EvaluationItem.of(a_job())))
        record["dynamodb"] = {
            name: value for name, value in record["dynamodb"].items() if name != "NewImage"
        }
        assert [job.evaluation_id for job in new_jobs([record])] == [EVALUATION_ID]


class FakeRunner:
    """Runs jobs as it is told to.

    Attributes:
        answers: of each job's runs, in their order; it has ended once there are none left.
        ran: every run so far.
    """

    attempt_seconds = Times().lease_seconds

    def __init__(self, **answers: list[Again | Exception | None]) -> None:
        self.answers = answers
        self.ran: list[str] = []

    def run(self, evaluation_id: str) -> Again | None:
        self.ran.append(evaluation_id)
        left = self.answers.get(evaluation_id, [])
        answer = left.pop(0) if left else None
        if isinstance(answer, Exception):
            raise answer
        return answer


class Countdown:
    """The time of an invocation, which pauses use up."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.seconds

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.seconds -= seconds


def jobs(*names: str) -> list[NewJob]:
    return [NewJob(name, f"number of {name}") for name in names]


def failed(runner: FakeRunner, names: str, left: Countdown) -> list[str]:
    """Run jobs, and return those that are to be sent again."""
    return [job.evaluation_id for job in run_all(runner, jobs(*names), left, left.pause)]


class TestRunAll:
    """A batch of jobs."""

    def test_is_run_once_where_all_end(self) -> None:
        runner = FakeRunner()
        assert failed(runner, "abcdefgh", Countdown(900)) == []
        assert sorted(runner.ran) == list("abcdefgh")

    def test_can_be_empty(self) -> None:
        assert failed(FakeRunner(), "", Countdown(900)) == []

    def test_runs_a_job_again_after_the_pause_that_it_wants(self) -> None:
        runner, left = FakeRunner(a=[Again(2), Again(4)]), Countdown(900)
        assert failed(runner, "a", left) == []
        assert runner.ran == ["a", "a", "a"]
        assert left.pauses == [2, 4]

    def test_begins_nothing_that_it_may_not_be_able_to_end(self) -> None:
        runner = FakeRunner()
        assert failed(runner, "abc", Countdown(LEASE_SECONDS)) == ["a", "b", "c"]
        assert runner.ran == []

    def test_gives_back_what_has_not_ended_in_its_order(self) -> None:
        runner = FakeRunner(b=[Again(1_000)], d=[Again(1_000)])
        assert failed(runner, "bd", Countdown(900)) == ["b", "d"]
        assert failed(FakeRunner(c=[Again(1_000)]), "abcd", Countdown(900)) in (["c"], ["c", "d"])

    def test_pauses_no_longer_than_there_is_time_to_run_a_job(self) -> None:
        runner, left = FakeRunner(a=[Again(1_000)]), Countdown(100)
        assert failed(runner, "a", left) == ["a"]
        assert left.pauses == [100 - LEASE_SECONDS]
        assert runner.ran == ["a"]

    def test_gives_back_a_job_that_could_not_be_run_and_runs_the_others(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        runner = FakeRunner(b=[ValueError("DynamoDB is gone")])
        with caplog.at_level(logging.ERROR, "graph.worker"):
            assert failed(runner, "abc", Countdown(900)) == ["b"]
        assert sorted(runner.ran) == ["a", "b", "c"]
        (logged,) = caplog.records
        assert logged.exc_info
        assert "b" in logged.getMessage()

    def test_tells_each_by_its_sequence_number(self) -> None:
        (job,) = run_all(FakeRunner(), jobs("a"), lambda: 0.0)
        assert job.sequence_number == "number of a"

    def test_runs_several_at_a_time_and_no_more(self) -> None:
        together = threading.Barrier(JOBS_AT_ONCE)
        running, most = [], []

        class Slow(FakeRunner):
            def run(self, evaluation_id: str) -> Again | None:
                running.append(evaluation_id)
                most.append(len(running))
                together.wait(10)
                running.remove(evaluation_id)
                return None

        assert failed(Slow(), "abcdefgh", Countdown(900)) == []
        assert max(most) <= JOBS_AT_ONCE
