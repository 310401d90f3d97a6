"""The ApiKey entity: all in one partition, newest first."""

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition

from models.access.record import ApiKeyRecord
from models.entities.belonging import newest_first
from models.entities.item import Item, Key
from models.principal import Role
from models.timestamps import Timestamp

PARTITION = "APIKEY"
PREFIX = "APIKEY#"
LAST = f"{PREFIX}~"
"""Sorts after every key's sort key."""


def api_key_key(key_id: str) -> Key:
    """Return where an API key is kept."""
    return Key(PARTITION, f"{PREFIX}{newest_first(key_id)}")


class ApiKeyItem(Item, discriminator="ApiKey"):
    """A credential of an automation job: a digest, and never the secret."""

    key_id = UnicodeAttribute()
    name = UnicodeAttribute()
    role = UnicodeAttribute()
    token_sha256 = UnicodeAttribute()
    created_at = UnicodeAttribute()
    created_by = UnicodeAttribute()
    valid_until = UnicodeAttribute(null=True)
    revoked_at = UnicodeAttribute(null=True)
    revoked_by = UnicodeAttribute(null=True)

    @classmethod
    def of(cls, record: ApiKeyRecord) -> "ApiKeyItem":
        """Build the item of `record`."""
        key = api_key_key(record.id)
        return cls(
            PK=key.pk,
            SK=key.sk,
            key_id=record.id,
            name=record.name,
            role=record.role.value,
            token_sha256=record.token_sha256,
            created_at=record.created_at,
            created_by=record.created_by,
            valid_until=record.expires_at,
            revoked_at=record.revoked_at,
            revoked_by=record.revoked_by,
        )

    def to_record(self) -> ApiKeyRecord:
        """Return the key that the item holds."""
        return ApiKeyRecord(
            id=self.key_id,
            name=self.name,
            role=Role(self.role),
            token_sha256=self.token_sha256,
            created_at=Timestamp(self.created_at),
            created_by=self.created_by,
            expires_at=None if self.valid_until is None else Timestamp(self.valid_until),
            revoked_at=None if self.revoked_at is None else Timestamp(self.revoked_at),
            revoked_by=self.revoked_by,
        )

    @staticmethod
    def not_revoked() -> Condition:
        """Return the condition that nobody revoked the key yet."""
        condition: Condition = ApiKeyItem.revoked_at.does_not_exist()
        return condition
