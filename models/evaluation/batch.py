"""Asking for many evaluations at once: whatever comes in between, a resend completes them."""

from collections.abc import Sequence
from functools import partial

from models.entities import EvaluationItem
from models.entities.evaluation import evaluation_key, under_way_key
from models.entities.idempotency import Answer
from models.evaluation.jobs import JobMaker
from models.evaluation.page import Page
from models.evaluation.record import EvaluationRecord
from models.history.chain import Attribution
from models.registry.commit import persistently
from models.registry.idempotency import Resend
from models.table import Table
from models.transaction import ConditionFailed, TransactionConflict, Write

JOBS_PER_TRANSACTION = 25
"""Of two items each; DynamoDB takes 100 items."""

Plan = dict[Page, str]
"""Which evaluation each page gets."""


class Batch:
    """One request for many evaluations.

    Their ids are written down first, under the idempotency key. So a resend writes what is
    missing, and changes nothing of what is there.
    """

    def __init__(
        self, table: Table, jobs: JobMaker, attribution: Attribution, resend: Resend | None
    ) -> None:
        self._table = table
        self._jobs = jobs
        self._attribution = attribution
        self._resend = resend

    def queue(self, pages: Sequence[Page]) -> list[EvaluationRecord]:
        """Queue the evaluation of each page that is not under way, and return all in order."""
        spellings: dict[tuple[str, str | None], Page] = {}
        asked = [spellings.setdefault(page.identity, page) for page in pages]
        distinct = list(spellings.values())
        plan = persistently(lambda: self._plan(distinct))
        queued: dict[Page, EvaluationRecord] = {}
        for start in range(0, len(distinct), JOBS_PER_TRANSACTION):
            part = {page: plan[page] for page in distinct[start : start + JOBS_PER_TRANSACTION]}
            queued |= persistently(partial(self._queue, part))
        if self._resend and any(queued[page].id != plan[page] for page in distinct):
            answer = Answer(evaluation_ids=tuple(queued[page].id for page in distinct))
            correction = self._resend.correction(answer, self._jobs.clock())
            persistently(lambda: self._table.transact([correction]))
        return [queued[page] for page in asked]

    def _plan(self, pages: Sequence[Page]) -> Plan:
        """Choose an evaluation for each page, or find what a first sending chose."""
        resend, now = self._resend, self._jobs.clock()
        if resend and (first := resend.recorded(self._table.get(resend.key), now)):
            return dict(zip(pages, first.evaluation_ids.split(), strict=True))
        jobs = {page: self._jobs.job(page, self._attribution) for page in pages}
        keys = {page: under_way_key(job.request) for page, job in jobs.items()}
        found = self._table.get_many(keys.values())
        plan = {
            page: self._jobs.under_way(found.get(keys[page])) or job.id
            for page, job in jobs.items()
        }
        if resend:
            try:
                self._table.transact([resend.put(Answer(evaluation_ids=tuple(plan.values())), now)])
            except ConditionFailed as failed:
                raise TransactionConflict("another sending was faster") from failed
        return plan

    def _queue(self, plan: Plan) -> dict[Page, EvaluationRecord]:
        """Write the jobs that are not there; where another request was faster, take its own."""
        items = self._table.get_many(evaluation_key(one) for one in plan.values())
        queued: dict[Page, EvaluationRecord] = {}
        writes: list[Write] = []
        for page, evaluation_id in plan.items():
            item = items.get(evaluation_key(evaluation_id))
            if isinstance(item, EvaluationItem):
                queued[page] = item.to_record().seen_at(self._jobs.clock())
                continue
            job = self._jobs.job(page, self._attribution, evaluation_id=evaluation_id)
            queued[page] = job
            writes += self._jobs.writes(job)
        try:
            if writes:
                self._table.transact(writes)
        except ConditionFailed as failed:
            for page, job in queued.items():
                other = self._jobs.under_way(failed.found.get(under_way_key(job.request)))
                plan[page] = other or plan[page]
            raise TransactionConflict("another request was faster") from failed
        return queued
