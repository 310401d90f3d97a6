"""How an evaluation is seen."""

from dataclasses import replace

import pytest
from hypothesis import given

from models.errors import UserErrorCode
from models.evaluation.record import OPEN, EvaluationRecord, EvaluationStatus
from models.timestamps import Timestamp, next_after, preceding
from tests.unit.models.evaluation.evaluations import (
    DEADLINE,
    MODEL_ID,
    a_job,
    a_request,
    a_result,
    a_success,
    failures,
    open_jobs,
    successes,
)
from tests.unit.models.strategies import instants


class TestSeenAt:
    """As it is seen at an instant."""

    @pytest.mark.parametrize("status", sorted(OPEN))
    def test_an_open_job_is_as_it_is_before_its_deadline(self, status: EvaluationStatus) -> None:
        job = a_job(status=status)
        assert job.seen_at(preceding(DEADLINE)) is job

    @pytest.mark.parametrize("status", sorted(OPEN))
    @pytest.mark.parametrize("at", [DEADLINE, next_after(DEADLINE)])
    def test_an_open_job_has_failed_from_its_deadline_on(
        self, status: EvaluationStatus, at: Timestamp
    ) -> None:
        seen = a_job(status=status, attempts=1).seen_at(at)
        assert seen.status is EvaluationStatus.FAILED
        assert seen.completed_at == DEADLINE
        assert seen.failure
        assert seen.failure.code is UserErrorCode.UPSTREAM_UNAVAILABLE

    def test_one_that_nobody_began_says_so(self) -> None:
        seen = a_job().seen_at(DEADLINE)
        assert seen.failure
        assert seen.failure.code is UserErrorCode.INTERNAL_ERROR

    @given(successes() | failures, instants)
    def test_what_has_ended_stays_so(self, record: EvaluationRecord, at: Timestamp) -> None:
        assert record.seen_at(at) is record

    @given(open_jobs, instants, instants)
    def test_what_has_failed_never_comes_back(
        self, job: EvaluationRecord, one: Timestamp, other: Timestamp
    ) -> None:
        first, then = sorted([one, other])
        seen = job.seen_at(first)
        assert seen.seen_at(then) == job.seen_at(then)
        assert (seen.status in OPEN) == (first < job.deadline)

    @given(open_jobs, instants)
    def test_what_was_asked_for_stays(self, job: EvaluationRecord, at: Timestamp) -> None:
        seen = job.seen_at(at)
        assert (seen.id, seen.request, seen.created_at) == (job.id, job.request, job.created_at)


class TestModel:
    """The model that it belongs to."""

    def test_is_not_known_before_the_result(self) -> None:
        assert a_job().model_id is None

    def test_is_the_one_that_was_named(self) -> None:
        assert a_job(request=a_request(model_id="m")).model_id == "m"

    def test_is_the_results(self) -> None:
        assert a_success().model_id == MODEL_ID

    def test_has_it_from_the_version_on_that_it_made(self) -> None:
        record = a_success(version=3)
        found = [record.was_made_by(version) for version in (None, 1, 2, 3, 4)]
        assert found == [True, False, False, True, True]

    def test_of_the_past_does_not_have_what_has_no_result(self) -> None:
        assert not a_job().was_made_by(10**9)
        assert a_job().was_made_by(None)


class TestEvaluatorVersion:
    """Which rules scored it."""

    def test_is_that_of_the_result(self) -> None:
        record = a_job(request=a_request(evaluator_version="1"))
        assert record.evaluator_version == "1"
        assert replace(record, result=a_result(evaluator_version="2")).evaluator_version == "2"


def test_its_report_has_its_name() -> None:
    assert a_job(id="x").report_key == "evaluations/x.json"
