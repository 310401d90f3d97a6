"""The entities of an evaluation: its job, its model's record of it, and which one is under way."""

from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from models.entities.belonging import newest_first
from models.entities.item import Item, Key
from models.entities.model import partition
from models.entities.source_claim import page_partition
from models.errors import Fault, UserErrorCode
from models.evaluation.page import model_url
from models.evaluation.record import (
    Claim,
    EvaluationRecord,
    EvaluationStatus,
    Request,
)
from models.evaluation.text import parse_record, record_text
from models.history.chain import Attribution
from models.timestamps import Timestamp

PREFIX = "MODEL#EVALUATION#"
LAST = f"{PREFIX}~"
"""Sorts after the sort key of every evaluation of a model."""

JOB_SORT_KEY = "EVALUATION"
_JOB_PREFIX = "EVALUATION#"

FAILED_RETENTION_DAYS = 90
"""For so long after its deadline an evaluation without a result is kept."""


def evaluation_key(evaluation_id: str) -> Key:
    """Return the key of an evaluation's job."""
    return Key(f"{_JOB_PREFIX}{evaluation_id}", JOB_SORT_KEY)


def evaluation_id_of(key: Key) -> str | None:
    """Return which evaluation's job stands at `key`, or None where none does."""
    if key.sk != JOB_SORT_KEY or not key.pk.startswith(_JOB_PREFIX):
        return None
    return key.pk.removeprefix(_JOB_PREFIX)


def model_evaluation_key(model_id: str, evaluation_id: str) -> Key:
    """Return the key of an evaluation in its model's list."""
    return Key(partition(model_id), f"{PREFIX}{newest_first(evaluation_id)}")


def under_way_key(request: Request) -> Key:
    """Return the key of what says that just this is being evaluated: page, revision and model."""
    scope = [JOB_SORT_KEY, request.revision or "", request.model_id or ""]
    return Key(page_partition(model_url(request.repo_id)), "#".join(scope).rstrip("#"))


class EvaluationItem(Item, discriminator="Evaluation"):
    """A job; in the end also its result, whole."""

    evaluation_id = UnicodeAttribute()
    url = UnicodeAttribute()
    repo_id = UnicodeAttribute()
    requested_revision = UnicodeAttribute(null=True)
    requested_model_id = UnicodeAttribute(null=True)
    changed_by = UnicodeAttribute()
    authenticated_as = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    evaluator_version = UnicodeAttribute()
    status = UnicodeAttribute()
    created_at = UnicodeAttribute()
    deadline = UnicodeAttribute()
    attempts = NumberAttribute()
    claimant = UnicodeAttribute(null=True)
    lease_until = UnicodeAttribute(null=True)
    completed_at = UnicodeAttribute(null=True)
    latency_ms = NumberAttribute(null=True)
    failure_code = UnicodeAttribute(null=True)
    failure_message = UnicodeAttribute(null=True)
    failure_field = UnicodeAttribute(null=True)
    result = UnicodeAttribute(null=True)
    details = UnicodeAttribute(null=True)

    @classmethod
    def of(cls, record: EvaluationRecord) -> "EvaluationItem":
        """Build the item of `record`."""
        key = evaluation_key(record.id)
        request, claim, failure = record.request, record.claim, record.failure
        return cls(
            PK=key.pk,
            SK=key.sk,
            evaluation_id=record.id,
            url=request.url,
            repo_id=request.repo_id,
            requested_revision=request.revision,
            requested_model_id=request.model_id,
            changed_by=request.attribution.changed_by,
            authenticated_as=request.attribution.authenticated_as,
            reason=request.attribution.reason,
            evaluator_version=request.evaluator_version,
            status=record.status.value,
            created_at=record.created_at,
            deadline=record.deadline,
            attempts=record.attempts,
            claimant=claim.claimant if claim else None,
            lease_until=claim.lease_until if claim else None,
            completed_at=record.completed_at,
            latency_ms=record.latency_ms,
            failure_code=failure.code.value if failure else None,
            failure_message=failure.message if failure else None,
            failure_field=".".join(failure.field) or None if failure else None,
            expires_at=None if record.result else _expiry(record),
            result=record_text(record) if record.result else None,
            details=record.result.details if record.result else None,
        )

    def to_record(self) -> EvaluationRecord:
        """Return the evaluation that the item holds."""
        if self.result is not None:
            return parse_record(self.result, self.details)
        return EvaluationRecord(
            id=self.evaluation_id,
            request=self._request(),
            status=EvaluationStatus(self.status),
            created_at=Timestamp(self.created_at),
            deadline=Timestamp(self.deadline),
            attempts=int(self.attempts),
            claim=self._claim(),
            completed_at=None if self.completed_at is None else Timestamp(self.completed_at),
            latency_ms=None if self.latency_ms is None else int(self.latency_ms),
            failure=self._failure(),
        )

    def _request(self) -> Request:
        return Request(
            url=self.url,
            repo_id=self.repo_id,
            revision=self.requested_revision,
            model_id=self.requested_model_id,
            attribution=Attribution(self.changed_by, self.authenticated_as, self.reason),
            evaluator_version=self.evaluator_version,
        )

    def _claim(self) -> Claim | None:
        if self.claimant is None or self.lease_until is None:
            return None
        return Claim(self.claimant, Timestamp(self.lease_until))

    def _failure(self) -> Fault | None:
        if self.failure_code is None or self.failure_message is None:
            return None
        field = tuple(self.failure_field.split(".")) if self.failure_field else ()
        return Fault(UserErrorCode(self.failure_code), self.failure_message, field)


def _expiry(record: EvaluationRecord) -> datetime:
    return datetime.fromisoformat(record.deadline) + timedelta(days=FAILED_RETENTION_DAYS)


class ModelEvaluationItem(Item, discriminator="ModelEvaluation"):
    """A model's record of a successful evaluation. Append-only: never changed or deleted."""

    text = UnicodeAttribute()

    @classmethod
    def of(cls, record: EvaluationRecord) -> "ModelEvaluationItem":
        """Build the item of a successful evaluation."""
        return cls.kept(str(record.model_id), record.id, record_text(record))

    @classmethod
    def kept(cls, model_id: str, evaluation_id: str, text: str) -> "ModelEvaluationItem":
        """Build the item of an evaluation's text as it is, whatever fields it has."""
        key = model_evaluation_key(model_id, evaluation_id)
        return cls(PK=key.pk, SK=key.sk, text=text)

    def to_record(self) -> EvaluationRecord:
        """Return the evaluation that the item holds, without its details."""
        return parse_record(self.text)


class EvaluationUnderWayItem(Item, discriminator="EvaluationUnderWay"):
    """Says which evaluation of a page is under way, so that there is one at a time."""

    evaluation_id = UnicodeAttribute()
    deadline = UnicodeAttribute()

    @classmethod
    def of(cls, record: EvaluationRecord) -> "EvaluationUnderWayItem":
        """Build the item that says that `record` is under way, until its deadline."""
        key = under_way_key(record.request)
        return cls(
            PK=key.pk,
            SK=key.sk,
            evaluation_id=record.id,
            deadline=record.deadline,
            expires_at=datetime.fromisoformat(record.deadline),
        )

    def is_live(self, at: Timestamp) -> bool:
        """Tell whether the evaluation can still be under way; DynamoDB deletes items late."""
        return self.deadline > at

    @staticmethod
    def absent(at: Timestamp) -> Condition:
        """Return the condition that nothing is under way there."""
        past = EvaluationUnderWayItem.deadline <= at
        condition: Condition = EvaluationUnderWayItem.PK.does_not_exist() | past
        return condition

    @staticmethod
    def mine(evaluation_id: str) -> Condition:
        """Return the condition that no other evaluation is under way there."""
        own = EvaluationUnderWayItem.evaluation_id == evaluation_id
        condition: Condition = EvaluationUnderWayItem.PK.does_not_exist() | own
        return condition
