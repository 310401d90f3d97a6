"""Does the evaluations: claims a job, reads, scores, and ends it."""

import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from models.entities import EvaluationItem
from models.entities.evaluation import evaluation_key
from models.errors import Fault, Refusal, UserErrorCode
from models.evaluation.assessment import assess
from models.evaluation.catalog import Metric
from models.evaluation.details import details_text
from models.evaluation.ending import SUCCEEDED, Ending
from models.evaluation.page import Page, model_url
from models.evaluation.record import OPEN, Claim, EvaluationRecord, EvaluationStatus, Report, Result
from models.evaluation.registration import aliases_of
from models.evaluation.report import report_text
from models.evaluation.settlement import LostClaim, Settlement
from models.evaluation.times import Times
from models.evaluation.upstream.errors import UpstreamFailure
from models.evaluation.upstream.reading import Reading
from models.history.chain import sha256_hex
from models.ids import new_id
from models.license.policy import LicensePolicy
from models.registry.commit import persistently
from models.storage.object_store import ObjectStore
from models.table import CorruptItem, Table
from models.timestamps import Clock, Timestamp, day_of, elapsed_ms, shifted
from models.transaction import ConditionFailed, Put

REST_MAX_SECONDS = 300
"""For so long at most all jobs wait where upstream asked one of them to."""
_REPORT_TYPE = "application/json"
_log = logging.getLogger(__name__)


class Upstream(Protocol):
    """Where models are described."""

    def read(self, repo_id: str, revision: str | None, read_on: str, seconds: float) -> Reading:
        """Read all that the metrics need, within so many seconds."""


@dataclass(frozen=True, slots=True)
class Rules:
    """By what models are scored.

    Attributes:
        version: of all of it: the same revision and version give the same scores.
    """

    version: str
    metrics: tuple[Metric, ...]
    policy: LicensePolicy


@dataclass(frozen=True, slots=True)
class Again:
    """A job has not ended: it is to be run again.

    Attributes:
        after_seconds: not before so many seconds.
    """

    after_seconds: float


def _tell_nobody(_: Ending) -> None:
    """Count nothing: tests look at what is stored."""


class Worker:
    """Runs jobs. Any number of workers may run, on the same jobs too: one has the claim.

    Args:
        tell: told of every job that this worker has ended.
    """

    def __init__(
        self,
        table: Table,
        upstream: Upstream,
        store: ObjectStore,
        rules: Rules,
        clock: Clock,
        times: Times,
        tell: Callable[[Ending], None] = _tell_nobody,
    ) -> None:
        self._table = table
        self._upstream = upstream
        self._store = store
        self._rules = rules
        self._clock = clock
        self._times = times
        self._tell = tell
        self._settlement = Settlement(table, clock)
        self._upstream_rests_until = clock()

    @property
    def attempt_seconds(self) -> float:
        """How long one run takes at most."""
        return self._times.lease_seconds

    def run(self, evaluation_id: str) -> Again | None:
        """Run a job, and say whether it is to be run again. Never raises for what is expected."""
        item = self._item(evaluation_id)
        if item is None:
            return None
        job = item.to_record().seen_at(self._clock())
        if job.status not in OPEN:
            return None
        # Upstream asked one job to wait: no other is to spend its attempts on finding out.
        held_until = job.claim.lease_until if job.claim else self._upstream_rests_until
        not_before = max(held_until, self._upstream_rests_until)
        if not_before > self._clock():
            return Again(self._seconds_until(not_before))
        claimed = self._claim(job)
        if claimed is None:
            return Again(self._times.pause_seconds)
        return self._attempt(claimed)

    def _attempt(self, job: EvaluationRecord) -> Again | None:
        """Work on a job that was claimed, and tell if it has ended."""
        begun = time.perf_counter()
        try:
            outcome = self._work(job)
        except LostClaim:
            _log.info("evaluation %s was taken over, or its time ran out", job.id)
            return None
        if isinstance(outcome, Again):
            return outcome
        duration_ms = round((time.perf_counter() - begun) * 1_000)
        self._tell(Ending(job.id, outcome, job.attempts, duration_ms))
        return None

    def _item(self, evaluation_id: str) -> EvaluationItem | None:
        """Read a job, or return None where there is none that could ever be run."""
        try:
            item = self._table.get(evaluation_key(evaluation_id))
        except CorruptItem:
            _log.exception("evaluation %s cannot be read, and is passed over", evaluation_id)
            return None
        return item if isinstance(item, EvaluationItem) else None

    def _claim(self, job: EvaluationRecord) -> EvaluationRecord | None:
        """Take hold of a job, or return None where another worker was faster."""
        now = self._clock()
        lease_until = min(shifted(now, timedelta(seconds=self._times.lease_seconds)), job.deadline)
        claimed = replace(
            job,
            status=EvaluationStatus.RUNNING,
            attempts=job.attempts + 1,
            claim=Claim(new_id(), lease_until),
        )
        unclaimed = EvaluationItem.attempts == job.attempts
        is_open = EvaluationItem.status.is_in(*(status.value for status in OPEN))
        in_time = EvaluationItem.deadline > now
        put = Put(EvaluationItem.of(claimed), unclaimed & is_open & in_time)
        try:
            persistently(lambda: self._table.transact([put]))
        except ConditionFailed:
            return None
        return claimed

    def _work(self, job: EvaluationRecord) -> Again | str:
        """Make an attempt, and return how the job ended if it did: SUCCEEDED, or a code."""
        if job.attempts > self._times.max_attempts:
            return self._fail(job, _given_up(self._times.max_attempts))
        try:
            self._evaluate(job)
        except LostClaim:
            raise
        except Exception as error:  # noqa: BLE001  # whatever it was, the job is ended or released
            return self._failed(job, error)
        return SUCCEEDED

    def _failed(self, job: EvaluationRecord, error: Exception) -> Again | str:
        """Let go of a job for another attempt, or end it without a result."""
        fault, is_final = _fault_of(error)
        if fault is _FAULT_OF_OURS:
            _log.exception("evaluation %s: attempt %d failed", job.id, job.attempts)
        else:
            message = "evaluation %s: attempt %d failed: %s, %s"
            _log.info(message, job.id, job.attempts, fault.code, fault.message)
        asked_seconds = error.retry_after_seconds if isinstance(error, UpstreamFailure) else 0.0
        pause = max(self._times.pause_seconds * 2 ** (job.attempts - 1), asked_seconds)
        if asked_seconds:
            rest = timedelta(seconds=min(asked_seconds, REST_MAX_SECONDS))
            self._upstream_rests_until = shifted(self._clock(), rest)
        is_last = is_final or job.attempts >= self._times.max_attempts
        if is_last or pause >= self._seconds_until(job.deadline):
            return self._fail(job, fault)
        self._release(job)
        return Again(pause)

    def _fail(self, job: EvaluationRecord, fault: Fault) -> str:
        self._settlement.fail(job, fault)
        return fault.code.value

    def _evaluate(self, job: EvaluationRecord) -> None:
        request = job.request
        reading = self._upstream.read(
            request.repo_id,
            request.revision,
            read_on=day_of(self._clock()),
            seconds=self._times.reading_seconds,
        )
        facts = reading.facts
        assessment = assess(facts, self._rules.metrics, reading.elapsed_ms)
        details = details_text(assessment.details)
        decision = self._rules.policy.decide(assessment.declared_license)
        job = replace(job, request=replace(request, evaluator_version=self._rules.version))
        report = report_text(job, facts, assessment, decision).encode()
        version = self._store.put(job.report_key, report, _REPORT_TYPE)
        result = Result(
            model_id="",
            version=0,
            made_at=job.created_at,
            canonical_url=model_url(facts.model.repo_id),
            revision=facts.model.revision,
            evaluator_version=self._rules.version,
            declared_license=assessment.declared_license,
            net=assessment.net,
            report=Report(version, hashlib.sha256(report).hexdigest()),
            details_sha256=sha256_hex(details),
            details=details,
        )
        aliases = aliases_of(Page(request.repo_id), facts.model.repo_id)
        self._settlement.succeed(job, facts.model, result, aliases)

    def _release(self, job: EvaluationRecord) -> None:
        """Let go of a job, to be tried again."""
        claim = job.claim
        released = replace(job, status=EvaluationStatus.QUEUED, claim=None)
        mine = EvaluationItem.claimant == (claim.claimant if claim else None)
        put = Put(EvaluationItem.of(released), mine)
        try:
            persistently(lambda: self._table.transact([put]))
        except ConditionFailed as failed:
            raise LostClaim from failed

    def _seconds_until(self, instant: Timestamp) -> float:
        return max(elapsed_ms(self._clock(), instant), 0) / 1_000


def _fault_of(error: Exception) -> tuple[Fault, bool]:
    """Return why an attempt failed, and whether another one would too."""
    if isinstance(error, UpstreamFailure):
        return Fault(error.code, str(error)), not error.is_retryable
    if isinstance(error, Refusal):
        fault = error.faults[0]
        return fault, fault.code is not UserErrorCode.VERSION_CONFLICT
    return _FAULT_OF_OURS, False


def _given_up(attempts: int) -> Fault:
    message = f"the evaluation was begun {attempts} times and never ended: ask for another one"
    return Fault(UserErrorCode.INTERNAL_ERROR, message)


_FAULT_OF_OURS = Fault(
    UserErrorCode.INTERNAL_ERROR,
    "the evaluation failed for a reason that the service's log tells: ask for another one",
)
