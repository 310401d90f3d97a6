"""Ending a job: its result, its model's record of it and the model itself, in one transaction."""

from dataclasses import replace

from pynamodb.expressions.condition import Condition

from models.entities import (
    EvaluationItem,
    EvaluationUnderWayItem,
    ModelEvaluationItem,
    SourceClaimItem,
)
from models.entities.evaluation import evaluation_key
from models.entities.item import Item
from models.entities.model import model_key
from models.entities.source_claim import source_claim_key
from models.errors import Fault, Refusal, UserErrorCode
from models.evaluation.change import addition
from models.evaluation.facts import ModelFacts
from models.evaluation.page import model_url
from models.evaluation.record import (
    EvaluationRecord,
    EvaluationStatus,
    Result,
)
from models.evaluation.registration import ALIASES_MAX, new_model
from models.history.chain import Link, link
from models.records import ChangeAction, ModelRecord
from models.registry.belonging import active_model, next_version
from models.registry.commit import commit, persistently
from models.source_url import claimed_url
from models.table import Table
from models.timestamps import Clock, elapsed_ms
from models.transaction import ConditionFailed, Delete, Put, TransactionConflict, Write


class LostClaim(Exception):  # noqa: N818  # what became of a job, not a failure
    """Another worker has the job now, it was ended, or its deadline has passed."""


class Settlement:
    """Writes what came of a job that a worker has claimed.

    Every write requires that the claim still holds and that the deadline is ahead.
    """

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def fail(self, job: EvaluationRecord, fault: Fault) -> None:
        """End a job without a result.

        Raises:
            LostClaim: it is not this worker's to end.
        """
        failed = replace(self._ended(job), status=EvaluationStatus.FAILED, failure=fault)
        try:
            persistently(lambda: self._table.transact(self._ending(job, failed)))
        except ConditionFailed as error:
            raise LostClaim from error

    def succeed(
        self, job: EvaluationRecord, facts: ModelFacts, result: Result, aliases: tuple[str, ...]
    ) -> None:
        """End a job with its result, which gets its model, version and instant here.

        Raises:
            Refusal: the model is missing, or DELETED.
            LostClaim: it is not this worker's to end.
        """
        persistently(lambda: self._try_succeed(job, facts, result, aliases))

    def _try_succeed(
        self, job: EvaluationRecord, facts: ModelFacts, result: Result, aliases: tuple[str, ...]
    ) -> None:
        before = self._model(job, facts, aliases)
        links = [] if before else [self._registration(job, facts, aliases)]
        model = before or links[0].model
        after = _evaluated(next_version(model, self._clock()), job, result)
        if before and job.request.model_id is None:
            after = self._with_aliases(after, facts, aliases)
        settled = replace(
            result, model_id=after.id, version=after.version, made_at=after.updated_at
        )
        done = replace(self._ended(job), status=EvaluationStatus.SUCCEEDED, result=settled)
        attribution = job.request.attribution
        made = link(model, after, ChangeAction.EVALUATE, attribution, [addition(done)])
        if made is None:
            raise ValueError("an evaluation always changes a model")
        record = Put(ModelEvaluationItem.of(done), Item.PK.does_not_exist())
        try:
            commit(self._table, before, [*links, made], [*self._ending(job, done), record])
        except ConditionFailed as failed:
            if evaluation_key(job.id) in failed.found:
                raise LostClaim from failed
            raise TransactionConflict("the model or its page changed meanwhile") from failed

    def _model(
        self, job: EvaluationRecord, facts: ModelFacts, aliases: tuple[str, ...]
    ) -> ModelRecord | None:
        """Return the model that the result belongs to, or None where it is new.

        Raises:
            Refusal: it is missing, or DELETED, or its claim to the page has become doubtful.
        """
        if job.request.model_id is not None:
            found = self._table.get(model_key(job.request.model_id))
            return active_model(found, "modelId").to_record()
        page = model_url(facts.repo_id)
        claims = [source_claim_key(url) for url in (page, *aliases)]
        items = self._table.get_many(claims)
        for key in claims:
            claim = items.get(key)
            if isinstance(claim, SourceClaimItem):
                found = self._table.get(model_key(claim.model_id))
                model = active_model(found, "url").to_record()
                if not aliases:
                    self._require_same_page(model, page)
                return model
        return None

    def _require_same_page(self, model: ModelRecord, page: str) -> None:
        """Refuse to score a model by a page that only used to lead to it.

        A name that a rename made free can be taken by anybody: their repository is not this model.
        """
        if model.source_url is None or claimed_url(model.source_url) == claimed_url(page):
            return
        item = self._table.get(evaluation_key(str(model.latest_evaluation_id)))
        record = item.to_record() if isinstance(item, EvaluationItem) else None
        newest = record.result.canonical_url if record and record.result else None
        if newest is not None and claimed_url(newest) != claimed_url(page):
            raise Refusal.because(
                UserErrorCode.INVALID_STATE,
                f"model {model.id} claims this page as a former address of {newest}, and now "
                f"another repository is here: give that model another sourceUrl first",
                "url",
            )

    def _registration(
        self, job: EvaluationRecord, facts: ModelFacts, aliases: tuple[str, ...]
    ) -> Link:
        model = new_model(facts, aliases, self._clock())
        made = link(None, model, ChangeAction.CREATE, job.request.attribution)
        if made is None:
            raise ValueError("a new model always differs from none")
        return made

    def _with_aliases(
        self, model: ModelRecord, facts: ModelFacts, aliases: tuple[str, ...]
    ) -> ModelRecord:
        """Let a model claim the addresses that lead to its page, where nobody else does.

        The newest ones: the oldest give way.
        """
        if model.source_url is None:
            return model
        urls = [*aliases, model_url(facts.repo_id)]
        claimed = self._table.get_many(source_claim_key(url) for url in urls)
        free = [url for url in urls if source_claim_key(url) not in claimed]
        kept = (*model.source_aliases, *free)[-ALIASES_MAX:]
        return replace(model, source_aliases=kept)

    def _ended(self, job: EvaluationRecord) -> EvaluationRecord:
        now = self._clock()
        return replace(
            job, claim=None, completed_at=now, latency_ms=elapsed_ms(job.created_at, now)
        )

    def _ending(self, job: EvaluationRecord, ended: EvaluationRecord) -> list[Write]:
        under_way = EvaluationUnderWayItem.of(job)
        return [
            Put(EvaluationItem.of(ended), self._held(job)),
            Delete(under_way, EvaluationUnderWayItem.mine(job.id)),
        ]

    def _held(self, job: EvaluationRecord) -> Condition:
        """Return the condition that a job is still its claimant's to end."""
        claim = job.claim
        if claim is None:
            raise ValueError(f"evaluation {job.id} was not claimed")
        mine = EvaluationItem.claimant == claim.claimant
        in_time = EvaluationItem.deadline > self._clock()
        held: Condition = mine & in_time
        return held


def _evaluated(model: ModelRecord, job: EvaluationRecord, result: Result) -> ModelRecord:
    """Let a model show its newest successful evaluation, which an older one is not any more."""
    if model.latest_evaluation_id is not None and model.latest_evaluation_id > job.id:
        return model
    return replace(model, latest_evaluation_id=job.id, net_score=result.net.score)
