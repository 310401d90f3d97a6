"""Jobs: who has one, how often it is tried, and when its time is over."""

import json
import logging
from dataclasses import replace

import pytest

from models.entities.evaluation import evaluation_key
from models.errors import Throttled, UserErrorCode
from models.evaluation.ending import Ending
from models.evaluation.record import EvaluationRecord
from models.evaluation.times import Times
from models.evaluation.upstream.errors import UpstreamFailure
from models.evaluation.worker import Again
from models.ids import new_id
from models.transaction import TransactionConflict, Write
from tests.storage.evaluations import (
    FAILED,
    MISSING,
    PAGE,
    QUEUED,
    RUNNING,
    SUCCEEDED,
    TIMES,
    UNREACHABLE,
    FakeUpstream,
    Office,
    failure_of,
    job_key,
    model_of,
    result_of,
    without_details,
)


def stored(office: Office, evaluation: EvaluationRecord) -> EvaluationRecord:
    """Return a job as it stands in the table, whatever the time is."""
    item = office.table.get(evaluation_key(evaluation.id))
    found: EvaluationRecord = item.to_record()  # type: ignore[union-attr]  # it is there
    return found


class TestClaim:
    """Which worker has a job."""

    def test_is_one_workers_for_the_length_of_its_lease(self, office: Office) -> None:
        job, seen, other = office.ask(), [], office.worker(FakeUpstream())
        office.upstream.meanwhile = lambda: seen.extend(
            [office.read(job).status, other.run(job.id)]
        )
        assert office.run(job).status is SUCCEEDED
        status, again = seen
        assert status is RUNNING
        assert isinstance(again, Again)
        assert TIMES.lease_seconds - 1 < again.after_seconds <= TIMES.lease_seconds

    def test_never_lasts_longer_than_the_job(self, office: Office) -> None:
        job, claims = office.ask(), []
        office.pass_time(TIMES.deadline_seconds - 10)
        office.upstream.meanwhile = lambda: claims.append(stored(office, job).claim)
        office.run(job)
        assert [claim and claim.lease_until for claim in claims] == [job.deadline]

    def test_of_what_is_no_job_is_none(self, office: Office) -> None:
        assert office.worker().run(new_id()) is None
        assert office.worker().run("") is None
        assert office.upstream.asked == []

    def test_of_a_job_that_has_ended_is_none(self, office: Office) -> None:
        done = office.evaluated()
        assert office.worker().run(done.id) is None
        assert len(office.upstream.asked) == 1
        assert office.read(done) == done

    def test_that_another_worker_was_faster_with_is_looked_at_later(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job, slow, fast = office.ask(), office.worker(), office.worker()
        claim = slow._claim

        def claim_late(seen: EvaluationRecord) -> EvaluationRecord | None:
            fast.run(job.id)
            return claim(seen)

        monkeypatch.setattr(slow, "_claim", claim_late)
        assert slow.run(job.id) == Again(TIMES.pause_seconds)
        monkeypatch.undo()
        assert slow.run(job.id) is None
        assert len(office.upstream.asked) == 1
        assert office.read(job).status is SUCCEEDED


class TestLostClaim:
    """A worker that stalls past its lease, while another one takes the job over."""

    def test_changes_nothing_any_more(self, office: Office) -> None:
        job, other = office.ask(), FakeUpstream()

        def stall() -> None:
            office.pass_time(TIMES.lease_seconds + 1)
            office.worker(other).run(job.id)

        office.upstream.meanwhile = stall
        assert office.worker().run(job.id) is None
        done = office.read(job)
        assert len(office.upstream.asked) == len(other.asked) == 1
        assert office.actions(model_of(done)) == ["CREATE", "EVALUATE"]
        assert office.count("ModelEvaluation") == office.count("Model") == 1
        assert office.verdict(model_of(done)).intact

    def test_leaves_the_others_report_the_one_that_counts(self, office: Office) -> None:
        job = office.ask()

        def stall() -> None:
            office.pass_time(TIMES.lease_seconds + 1)
            office.worker(FakeUpstream()).run(job.id)

        office.upstream.meanwhile = stall
        office.worker().run(job.id)
        assert len(office.store.objects[job.report_key]) == 2
        assert result_of(office.read(job)).report.object_version == "v1"

    @pytest.mark.parametrize("failure", [UNREACHABLE, MISSING, ValueError("x")])
    def test_ends_or_releases_nothing_when_it_fails(
        self, office: Office, failure: Exception
    ) -> None:
        job, other = office.ask(), FakeUpstream()
        seen: list[EvaluationRecord] = []

        def stall() -> None:
            office.pass_time(TIMES.lease_seconds + 1)
            office.upstream.failures = [failure]
            office.worker(other).run(job.id)
            seen.append(office.read(job))

        office.upstream.meanwhile = stall
        assert office.worker().run(job.id) is None
        assert office.read(job) == seen[0]
        assert seen[0].status is SUCCEEDED

    @pytest.mark.parametrize("failures", [[], [UNREACHABLE], [MISSING]])
    def test_does_not_end_or_release_what_another_worker_is_at(
        self, office: Office, failures: list[Exception]
    ) -> None:
        job, other = office.ask(), FakeUpstream()
        seen: list[EvaluationRecord] = []

        def die() -> None:
            raise SystemExit

        def stall() -> None:
            office.pass_time(TIMES.lease_seconds + 1)
            other.meanwhile = die
            with pytest.raises(SystemExit):
                office.worker(other).run(job.id)
            seen.append(office.read(job))
            office.upstream.failures = failures

        office.upstream.meanwhile = stall
        assert office.worker().run(job.id) is None
        assert office.read(job) == seen[0]
        assert seen[0].status is RUNNING
        assert office.count("Model") == 0


class TestAttempts:
    """How often a job is tried."""

    def test_one_that_may_succeed_later_is_released(self, office: Office) -> None:
        job = office.ask()
        office.upstream.failures = [UNREACHABLE]
        assert office.worker().run(job.id) == Again(TIMES.pause_seconds)
        released = office.read(job)
        assert released == replace(job, attempts=1)
        assert released.status is QUEUED
        assert office.run(job).status is SUCCEEDED

    def test_its_pauses_grow(self, office: Office) -> None:
        job = office.ask()
        office.upstream.failures = [UNREACHABLE] * 2
        pauses = [office.worker().run(job.id) for _ in range(2)]
        assert pauses == [Again(1), Again(2)]

    def test_it_is_tried_three_times_at_most(self, office: Office) -> None:
        job = office.ask()
        office.upstream.failures = [UNREACHABLE] * 10
        failure = failure_of(office.run_to_its_end(job))
        assert (failure.code, failure.message) == (UNREACHABLE.code, "the Hub answers 503")
        assert len(office.upstream.asked) == 3
        assert office.read(job).attempts == 3
        assert office.worker().run(job.id) is None

    @pytest.mark.parametrize(
        "code", [UserErrorCode.UPSTREAM_NOT_FOUND, UserErrorCode.UPSTREAM_FORBIDDEN]
    )
    def test_one_that_cannot_succeed_fails_at_once(
        self, office: Office, code: UserErrorCode
    ) -> None:
        job = office.ask()
        office.upstream.failures = [UpstreamFailure(code, "no", retryable=False)]
        assert office.worker().run(job.id) is None
        failed = office.read(job)
        assert (failure_of(failed).code, failure_of(failed).message) == (code, "no")
        assert len(office.upstream.asked) == 1
        assert (failed.claim, failed.result) == (None, None)
        assert office.raw_table() == [office.raw(job_key(job))]

    @pytest.mark.parametrize("failure", [ValueError("secret"), Throttled("S3"), LookupError()])
    def test_an_unexpected_failure_is_logged_and_not_told(
        self, office: Office, caplog: pytest.LogCaptureFixture, failure: Exception
    ) -> None:
        job = office.ask()
        office.store.failures = [failure] * 3
        with caplog.at_level(logging.ERROR, "models.evaluation.worker"):
            told = failure_of(office.run_to_its_end(job))
        assert told.code is UserErrorCode.INTERNAL_ERROR
        assert "secret" not in told.message
        assert [record.exc_info is not None for record in caplog.records] == [True] * 3
        assert all(job.id in record.getMessage() for record in caplog.records)

    def test_an_expected_failure_is_no_error_in_the_log(
        self, office: Office, caplog: pytest.LogCaptureFixture
    ) -> None:
        office.upstream.failures = [UNREACHABLE, MISSING]
        with caplog.at_level(logging.WARNING, "models.evaluation.worker"):
            office.run_to_its_end(office.ask())
        assert caplog.records == []

    def test_a_worker_that_dies_used_an_attempt_up(self, office: Office) -> None:
        job = office.ask()

        def die() -> None:
            raise SystemExit

        for _ in range(TIMES.max_attempts):
            office.upstream.meanwhile = die
            with pytest.raises(SystemExit):
                office.worker().run(job.id)
            assert office.read(job).status is RUNNING
            office.pass_time(TIMES.lease_seconds + 1)
        failure = failure_of(office.run(job))
        assert failure.code is UserErrorCode.INTERNAL_ERROR
        assert "begun 3 times" in failure.message
        assert len(office.upstream.asked) == 3


class TestDeadline:
    """A job past its time."""

    def test_reads_as_failed(self, office: Office) -> None:
        job = office.ask()
        office.pass_time(TIMES.deadline_seconds)
        failed = office.read(job)
        assert failure_of(failed).code is UserErrorCode.INTERNAL_ERROR  # nobody began it
        assert failed.completed_at == job.deadline
        assert office.evaluation_reader.left_open() == []

    def test_is_not_begun(self, office: Office) -> None:
        job = office.ask()
        office.pass_time(TIMES.deadline_seconds)
        assert office.worker().run(job.id) is None
        assert office.upstream.asked == []
        assert stored(office, job) == job

    def test_is_not_claimed_by_a_worker_that_looked_before_it(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job, worker = office.ask(), office.worker()
        claim = worker._claim

        def claim_late(seen: EvaluationRecord) -> EvaluationRecord | None:
            office.pass_time(TIMES.deadline_seconds)
            return claim(seen)

        monkeypatch.setattr(worker, "_claim", claim_late)
        assert worker.run(job.id)
        assert stored(office, job) == job

    def test_of_a_new_page_leaves_no_model(self, office: Office) -> None:
        job = office.ask()
        office.upstream.meanwhile = lambda: office.pass_time(TIMES.deadline_seconds)
        assert office.worker().run(job.id) is None
        failure_of(office.read(job))
        assert office.count("Model") == office.count("SourceClaim") == 0

    @pytest.mark.parametrize("failures", [[], [MISSING]])
    def test_makes_no_version_of_the_model(self, office: Office, failures: list[Exception]) -> None:
        model = office.create(source_url=PAGE).model
        job = office.ask()
        office.upstream.failures = failures
        office.upstream.meanwhile = lambda: office.pass_time(TIMES.deadline_seconds)
        assert office.worker().run(job.id) is None
        assert office.model(model.id) == model
        assert failure_of(office.read(job)).code is UserErrorCode.UPSTREAM_UNAVAILABLE
        assert office.count("ModelEvaluation") == 0

    def test_is_not_tried_again(self, office: Office) -> None:
        job = office.ask()
        office.upstream.failures = [UNREACHABLE]
        office.upstream.meanwhile = lambda: office.pass_time(TIMES.deadline_seconds)
        office.run_to_its_end(job)
        assert len(office.upstream.asked) == 1
        failure_of(office.read(job))


class TestCrash:
    """A worker that dies as it ends a job whose model is new."""

    def test_leaves_nothing_that_is_half_done(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job, worker = office.ask(), office.worker()
        transact, sent = office.table.transact, []

        def die_at_the_end(writes: list[Write]) -> None:
            sent.append(len(writes))
            if len(sent) > 1:  # after the claim
                raise SystemExit
            transact(writes)

        monkeypatch.setattr(office.table, "transact", die_at_the_end)
        with pytest.raises(SystemExit):
            worker.run(job.id)
        monkeypatch.undo()
        assert office.count("Model") == 0
        assert office.read(job).status is RUNNING
        office.pass_time(TIMES.lease_seconds + 1)
        done = office.run(job)
        assert done.status is SUCCEEDED
        assert office.count("Model") == 1
        assert office.actions(model_of(done)) == ["CREATE", "EVALUATE"]
        assert office.verdict(model_of(done)).intact

    @pytest.mark.parametrize("is_lost", [True, False])
    def test_a_write_that_may_have_been_made_is_made_once(
        self, office: Office, monkeypatch: pytest.MonkeyPatch, *, is_lost: bool
    ) -> None:
        """The connection breaks: nobody knows whether before or after the write."""
        model = office.create(source_url=PAGE).model
        job, transact = office.ask(), office.table.transact
        broken: list[bool] = []

        def break_once(writes: list[object]) -> None:
            ends = len(writes) > 1
            if ends and not broken:
                broken.append(True)
                if not is_lost:
                    transact(writes)  # type: ignore[arg-type]  # as it was given
                raise TransactionConflict("the connection broke")
            transact(writes)  # type: ignore[arg-type]

        monkeypatch.setattr(office.table, "transact", break_once)
        assert office.run(job).status is SUCCEEDED
        assert office.actions(model.id) == ["CREATE", "EVALUATE"]
        assert office.verdict(model.id).intact


class TestOtherWriters:
    """Changes of the model while its evaluation ends."""

    @pytest.mark.parametrize("is_named", [True, False])
    def test_are_kept(
        self, office: Office, monkeypatch: pytest.MonkeyPatch, *, is_named: bool
    ) -> None:
        model_id = office.create(source_url=PAGE).model.id
        job = office.ask(model_id=model_id if is_named else None)
        transact, changes = office.table.transact, iter(["one", "two"])

        def change_first(writes: list[object]) -> None:
            if len(writes) > 1 and (name := next(changes, None)):
                monkeypatch.undo()
                office.update(model_id, name=name)
                monkeypatch.setattr(office.table, "transact", change_first)
            transact(writes)  # type: ignore[arg-type]  # as it was given

        monkeypatch.setattr(office.table, "transact", change_first)
        done = office.run(job)
        monkeypatch.undo()
        assert done.status is SUCCEEDED
        assert office.actions(model_id) == ["CREATE", "UPDATE", "UPDATE", "EVALUATE"]
        model = office.model(model_id)
        assert (model.name, model.net_score) == ("two", 0.5)
        assert result_of(done).version == 4
        assert office.verdict(model_id).intact

    def test_who_register_the_page_first_keep_it(self, office: Office) -> None:
        job, made = office.ask(), []
        office.upstream.meanwhile = lambda: made.append(office.create(source_url=PAGE).model)
        assert model_of(office.run(job)) == made[0].id
        assert office.count("Model") == 1

    def test_who_register_the_page_at_the_same_moment_keep_it(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job, transact, made = office.ask(), office.table.transact, []

        def register_first(writes: list[object]) -> None:
            if len(writes) > 1:
                monkeypatch.undo()
                made.append(office.create(source_url=PAGE).model)
            transact(writes)  # type: ignore[arg-type]  # as it was given

        monkeypatch.setattr(office.table, "transact", register_first)
        assert model_of(office.run(job)) == made[0].id
        assert office.count("Model") == 1

    def test_who_never_stop_leave_it_to_another_attempt(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("models.retry.MAX_ATTEMPTS", 2)
        office.create(source_url=PAGE)
        job, transact = office.ask(), office.table.transact

        def in_the_way(writes: list[object]) -> None:
            if len(writes) > 1:
                raise TransactionConflict("another one")
            transact(writes)  # type: ignore[arg-type]  # as it was given

        with monkeypatch.context() as patch:
            patch.setattr(office.table, "transact", in_the_way)
            assert office.worker().run(job.id) == Again(TIMES.pause_seconds)
        assert office.run(job).status is SUCCEEDED


class TestLeftOpen:
    """What a worker finds that was begun or never begun."""

    def test_is_every_job_that_has_not_ended(self, office: Office) -> None:
        model_id = model_of(office.evaluated())
        queued = [office.ask(f"{PAGE}{number}") for number in range(3)]
        failed = office.ask(model_id=model_id)
        office.upstream.failures = [MISSING]
        assert office.run(failed).status is FAILED

        def die() -> None:
            raise SystemExit

        office.upstream.meanwhile = die
        with pytest.raises(SystemExit):
            office.run(queued[1])
        assert office.evaluation_reader.left_open() == [job.id for job in queued]


class TestTimes:
    """The bounds that count where nothing else is said."""

    def test_leave_a_reading_room_in_its_lease_and_all_attempts_in_the_deadline(self) -> None:
        times = Times()
        assert times.reading_seconds < times.lease_seconds / 2
        pauses = sum(times.pause_seconds * 2**attempt for attempt in range(times.max_attempts))
        assert times.max_attempts * times.lease_seconds + pauses < times.deadline_seconds

    def test_of_lists_and_reads_are_the_same(self, office: Office) -> None:
        done = office.evaluated()
        (listed,) = office.evaluation_reader.of_model(model_of(done), 1, version=None).items
        assert listed == without_details(done)


class TestVersion:
    """A worker with newer rules than whoever took the request."""

    def test_is_the_workers_in_the_record_and_in_the_report(self, office: Office) -> None:
        job = office.ask()
        office.worker(version="2.0.0+policy.new").run(job.id)
        done = office.read(job)
        assert done.evaluator_version == "2.0.0+policy.new"
        (report,) = office.store.objects[done.report_key]
        assert json.loads(report)["evaluatorVersion"] == "2.0.0+policy.new"


class TestUnreadable:
    """A job that somebody wrote over."""

    def test_is_passed_over_and_logged(
        self, office: Office, caplog: pytest.LogCaptureFixture
    ) -> None:
        job = office.ask()
        raw = office.raw(job_key(job))
        assert raw
        office.put_raw(raw | {"attempts": {"S": "many"}})
        with caplog.at_level(logging.ERROR):
            assert office.worker().run(job.id) is None
        assert f"evaluation {job.id} cannot be read" in caplog.text


class TestRest:
    """A Hub that asks to be left alone for a while."""

    def test_is_given_to_it_by_all_jobs_of_the_worker(self, office: Office) -> None:
        first, second = office.ask(), office.ask(f"{PAGE}2")
        worker = office.worker()
        office.upstream.failures.append(
            UpstreamFailure(
                UserErrorCode.UPSTREAM_UNAVAILABLE,
                "the Hub is overloaded",
                retryable=True,
                retry_after_seconds=5,
            )
        )
        again = worker.run(first.id)
        assert again
        assert again.after_seconds == 5
        later = worker.run(second.id)
        assert later
        assert 4 < later.after_seconds <= 5
        assert stored(office, second).attempts == 0
        assert len(office.upstream.asked) == 1
        office.pass_time(5)
        for job in (first, second):
            worker.run(job.id)
            assert office.read(job).status is SUCCEEDED


class TestEnding:
    """What a worker tells of the jobs that it has ended, for whoever counts them."""

    def endings(self, office: Office, evaluation_id: str, times: int = 1) -> list[Ending]:
        """Run a job so many times, and return what was told."""
        told: list[Ending] = []
        for _ in range(times):
            worker = office.worker()
            worker._tell = told.append
            worker.run(evaluation_id)
            office.pass_time(TIMES.lease_seconds)
        return told

    def test_is_told_of_a_result(self, office: Office) -> None:
        job = office.ask()
        (told,) = self.endings(office, job.id)
        assert (told.evaluation_id, told.outcome, told.attempts) == (job.id, "SUCCEEDED", 1)
        assert 0 <= told.duration_ms < 10_000

    def test_is_told_of_a_failure_with_its_code(self, office: Office) -> None:
        job = office.ask()
        office.upstream.failures.append(MISSING)
        (told,) = self.endings(office, job.id)
        assert told.outcome == MISSING.code

    def test_is_not_told_of_an_attempt_that_is_to_be_followed(self, office: Office) -> None:
        job = office.ask()
        office.upstream.failures.append(UNREACHABLE)
        assert self.endings(office, job.id) == []
        (told,) = self.endings(office, job.id)
        assert (told.outcome, told.attempts) == ("SUCCEEDED", 2)

    def test_is_told_once(self, office: Office) -> None:
        assert len(self.endings(office, office.ask().id, times=3)) == 1

    def test_is_not_told_of_what_another_worker_has(self, office: Office) -> None:
        job, told = office.ask(), list[Ending]()
        office.upstream.meanwhile = lambda: told.extend(self.endings(office, job.id))
        office.run(job)
        assert told == []
