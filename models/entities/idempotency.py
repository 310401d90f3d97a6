"""The Idempotency entity: what a mutation with an idempotency key answered the first time."""

import hashlib
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


class IdempotencyItem(Item, discriminator="Idempotency"):
    """Ids and a version only: no signed URL and no secret is ever kept here.

    Attributes:
        input_sha256: of the mutation's input, to tell a resend from another request.
        made_at: the instant of the change that made `version`.
        changed: whether the mutation made `version`, or found that it changed nothing.
    """

    input_sha256 = UnicodeAttribute()
    model_id = UnicodeAttribute()
    version = NumberAttribute()
    made_at = UnicodeAttribute()
    changed = BooleanAttribute()

    @classmethod
    def of(
        cls,
        key: Key,
        *,
        input_sha256: str,
        model_id: str,
        version: int,
        made_at: Timestamp,
        changed: bool,
        at: Timestamp,
    ) -> "IdempotencyItem":
        """Build the record of an answer that was given `at` an instant."""
        expiry = shifted(at, timedelta(seconds=IDEMPOTENCY_RETENTION_SECONDS))
        return cls(
            PK=key.pk,
            SK=key.sk,
            input_sha256=input_sha256,
            model_id=model_id,
            version=version,
            made_at=made_at,
            changed=changed,
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
