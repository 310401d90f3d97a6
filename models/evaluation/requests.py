"""Asking for evaluations: the use cases, and waiting for what comes of one."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from models.entities import ChangeItem, EvaluationItem, ModelItem, SourceClaimItem
from models.entities.change import change_key
from models.entities.evaluation import evaluation_key, under_way_key
from models.entities.idempotency import Answer
from models.entities.item import Item, Key
from models.entities.model import model_key
from models.entities.source_claim import source_claim_key
from models.errors import Refusal, UserErrorCode
from models.evaluation.batch import Batch
from models.evaluation.commands import EvaluateModel, EvaluateModels
from models.evaluation.jobs import JobMaker
from models.evaluation.page import model_url
from models.evaluation.record import OPEN, EvaluationRecord
from models.evaluation.validation import (
    WAIT_DEFAULT_SECONDS,
    page_to_evaluate,
    pages_to_evaluate,
)
from models.principal import Principal
from models.records import ChangeRecord, ModelRecord, ModelState
from models.registry.belonging import active_model
from models.registry.commit import attribution_of, persistently
from models.registry.idempotency import Resend
from models.retry import grant
from models.table import Table
from models.transaction import ConditionFailed, TransactionConflict

_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 1.0
AFTERWARDS_SECONDS = 3.0
"""For reading what is answered, after waiting: together inside the 30 s that a gateway waits."""


@dataclass(frozen=True, slots=True)
class EvaluationOutcome:
    """An evaluation, as far as it has come.

    Attributes:
        model: that it belongs to, as far as that is known.
        entry: the change of the model that it made, if it has made one.
    """

    evaluation: EvaluationRecord
    model: ModelRecord | None
    entry: ChangeRecord | None


class Evaluations:
    """Takes requests for evaluations. Whoever takes them never asks the Hub itself.

    Args:
        pause: waits for some seconds.
    """

    def __init__(
        self, table: Table, jobs: JobMaker, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._table = table
        self._jobs = jobs
        self._pause = pause

    def evaluate(self, principal: Principal, command: EvaluateModel) -> EvaluationOutcome:
        """Queue the evaluation of a page, or join the one under way, and wait for it.

        Raises:
            Refusal: with every fault, and then nothing was written.
        """
        began = time.monotonic()
        page = page_to_evaluate(command)
        attribution = attribution_of(principal, command)
        job = self._jobs.job(page, attribution, model_id=command.model_id)
        resend = Resend.of(principal, command)
        evaluation = persistently(lambda: self._queue(job, resend))
        wait = WAIT_DEFAULT_SECONDS if command.wait_seconds is None else command.wait_seconds
        awaited = self._awaited(evaluation, began + wait)
        grant(AFTERWARDS_SECONDS)
        return self._outcome(awaited)

    def evaluate_many(
        self, principal: Principal, command: EvaluateModels
    ) -> list[EvaluationRecord]:
        """Queue the evaluations of pages, each once, and return them in order.

        Raises:
            Refusal: with every fault, and then nothing was written.
        """
        pages = pages_to_evaluate(command)
        attribution = attribution_of(principal, command)
        batch = Batch(self._table, self._jobs, attribution, Resend.of(principal, command))
        return batch.queue(pages)

    def _queue(self, job: EvaluationRecord, resend: Resend | None) -> EvaluationRecord:
        """Write the job, unless a first sending or another request wrote one."""
        under_way, target = under_way_key(job.request), self._target_key(job)
        found = self._table.get_many([under_way, target, *([resend.key] if resend else [])])
        if resend and (first := resend.recorded(found.get(resend.key), self._jobs.clock())):
            return self._read(str(first.evaluation_ids))
        self._require_active(job, found.get(target))
        current = found.get(under_way)
        evaluation_id = self._jobs.under_way(current)
        writes = [] if evaluation_id else self._jobs.writes(job)
        if resend:
            answer = Answer(evaluation_ids=(evaluation_id or job.id,))
            writes.append(resend.put(answer, self._jobs.clock()))
        try:
            if writes:
                self._table.transact(writes)
        except ConditionFailed as failed:
            raise TransactionConflict("another request was faster") from failed
        return self._read(evaluation_id) if evaluation_id else job

    def _target_key(self, job: EvaluationRecord) -> Key:
        """Return where it stands which model the result would belong to."""
        if job.request.model_id is not None:
            return model_key(job.request.model_id)
        return source_claim_key(model_url(job.request.repo_id))

    def _require_active(self, job: EvaluationRecord, found: Item | None) -> None:
        """Refuse what would fail in the end: the model is missing, or DELETED."""
        if job.request.model_id is not None:
            active_model(found, "modelId")
        elif isinstance(found, SourceClaimItem):
            model = self._table.get(model_key(found.model_id))
            if isinstance(model, ModelItem) and model.state == ModelState.DELETED.value:
                raise Refusal.because(
                    UserErrorCode.INVALID_STATE,
                    f"model {found.model_id}, which claims this page, is DELETED: restore it first",
                    "url",
                )

    def _awaited(self, evaluation: EvaluationRecord, end: float) -> EvaluationRecord:
        """Read an evaluation until it has ended, or until an instant of the monotonic clock."""
        pause = _FIRST_PAUSE_SECONDS
        while evaluation.status in OPEN and (left := end - time.monotonic()) > 0:
            self._pause(min(pause, left))
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
            evaluation = self._read(evaluation.id)
        return evaluation

    def _outcome(self, evaluation: EvaluationRecord) -> EvaluationOutcome:
        """Read the model of an evaluation, and the change that it made."""
        model_id, result = evaluation.model_id, evaluation.result
        if model_id is None:
            return EvaluationOutcome(evaluation, None, None)
        keys = [model_key(model_id)]
        if result is not None:
            keys.append(change_key(model_id, result.made_at))
        found = self._table.get_many(keys)
        model, entry = found.get(keys[0]), found.get(keys[-1])
        return EvaluationOutcome(
            evaluation,
            model.to_record() if isinstance(model, ModelItem) else None,
            entry.to_record() if isinstance(entry, ChangeItem) else None,
        )

    def _read(self, evaluation_id: str) -> EvaluationRecord:
        item = self._table.get(evaluation_key(evaluation_id))
        if not isinstance(item, EvaluationItem):
            raise LookupError(f"evaluation {evaluation_id} is missing")
        return item.to_record().seen_at(self._jobs.clock())
