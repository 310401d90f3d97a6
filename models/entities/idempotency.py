"""The Idempotency entity: what a mutation with an idempotency key answered the first time."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from models import json_text
from models.entities.item import Item, Key
from models.limits import IDEMPOTENCY_RETENTION_SECONDS
from models.timestamps import Timestamp, shifted


def idempotency_key(principal: str, mutation: str, key: str) -> Key:
    """Return the key of a record, scoped to who asked and for what."""
    scope = json_text.dumps([principal, mutation, key])
    return Key(f"IDEMPOTENCY#{hashlib.sha256(scope.encode()).hexdigest()}", "IDEMPOTENCY")


@dataclass(frozen=True, slots=True)
class Answer:
    """By what an answer is found again: ids and a version, no signed URL and no secret.

    Attributes:
        version: of the model, that a change made or found; 0 for a file that was announced.
        made_at: the instant of the change that made `version`, or of the announcement.
        changed: whether the mutation made `version`, or found that it changed nothing.
        evaluation_ids: one for each page that was to be evaluated.
    """

    model_id: str | None = None
    version: int = 0
    made_at: Timestamp | None = None
    changed: bool = False
    artifact_id: str | None = None
    evaluation_ids: tuple[str, ...] = ()


class IdempotencyItem(Item, discriminator="Idempotency"):
    """The answer to a mutation, and a digest of its input to tell a resend from another one."""

    input_sha256 = UnicodeAttribute()
    model_id = UnicodeAttribute(null=True)
    version = NumberAttribute()
    made_at = UnicodeAttribute(null=True)
    changed = BooleanAttribute()
    artifact_id = UnicodeAttribute(null=True)
    evaluation_ids = UnicodeAttribute(null=True)

    @classmethod
    def of(cls, key: Key, input_sha256: str, answer: Answer, at: Timestamp) -> "IdempotencyItem":
        """Build the record of an answer that was given `at` an instant."""
        expiry = shifted(at, timedelta(seconds=IDEMPOTENCY_RETENTION_SECONDS))
        return cls(
            PK=key.pk,
            SK=key.sk,
            input_sha256=input_sha256,
            model_id=answer.model_id,
            version=answer.version,
            made_at=answer.made_at,
            changed=answer.changed,
            artifact_id=answer.artifact_id,
            evaluation_ids=" ".join(answer.evaluation_ids) or None,
            expires_at=datetime.fromisoformat(expiry),
        )

    def is_live(self, at: Timestamp) -> bool:
        """Tell whether the record still counts; DynamoDB deletes expired items late."""
        return self.expires_at is not None and self.expires_at > datetime.fromisoformat(at)

    @staticmethod
    def absent(at: Timestamp) -> Condition:
        """Return the condition that no live record is there."""
        expired = IdempotencyItem.expires_at <= datetime.fromisoformat(at)
        condition: Condition = IdempotencyItem.PK.does_not_exist() | expired
        return condition
