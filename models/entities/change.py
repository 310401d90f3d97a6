"""The ChangeEntry entity: keyed by time, so that an instant is found by one descending query."""

import re

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from models.entities.item import Item, Key
from models.entities.model import model_id_of, partition
from models.records import ChangeAction, ChangeRecord
from models.timestamps import Timestamp

_PREFIX = "CHANGE#"
_KEY = re.compile(r"CHANGE#\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)


def change_key(model_id: str, timestamp: str) -> Key:
    """Return the key of the change that was made to a model at an instant.

    An empty timestamp gives the place before a model's first change.
    """
    return Key(partition(model_id), f"{_PREFIX}{timestamp}")


class ChangeItem(Item, discriminator="ChangeEntry"):
    """One entry of the audit trail. Append-only: written once, and never changed or deleted."""

    version = NumberAttribute()
    action = UnicodeAttribute()
    changed_by = UnicodeAttribute()
    authenticated_as = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    changes = UnicodeAttribute()
    snapshot_sha256 = UnicodeAttribute()
    previous_hash = UnicodeAttribute(null=True)
    hash = UnicodeAttribute()

    @classmethod
    def of(cls, record: ChangeRecord) -> "ChangeItem":
        """Build the item of `record`."""
        key = change_key(record.model_id, record.timestamp)
        return cls(
            PK=key.pk,
            SK=key.sk,
            version=record.version,
            action=record.action.value,
            changed_by=record.changed_by,
            authenticated_as=record.authenticated_as,
            reason=record.reason,
            changes=record.changes,
            snapshot_sha256=record.snapshot_sha256,
            previous_hash=record.previous_hash,
            hash=record.hash,
        )

    @property
    def is_in_place(self) -> bool:
        """Tell whether its key is one of ours: a range of keys holds whatever sorts there."""
        return _KEY.fullmatch(self.SK) is not None

    def to_record(self) -> ChangeRecord:
        """Return the entry that the item holds."""
        get = self.getter
        return ChangeRecord(
            model_id=model_id_of(get("PK")),
            version=int(get("version")),
            action=ChangeAction(get("action")),
            timestamp=Timestamp(get("SK").removeprefix(_PREFIX)),
            changed_by=get("changed_by"),
            authenticated_as=get("authenticated_as"),
            reason=get("reason"),
            changes=get("changes"),
            snapshot_sha256=get("snapshot_sha256"),
            previous_hash=get("previous_hash"),
            hash=get("hash"),
        )
