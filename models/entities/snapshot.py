"""The Snapshot entity: keyed by version, so that a version is found by one GetItem."""

from pynamodb.attributes import UnicodeAttribute

from models.entities.item import Item, Key
from models.entities.model import model_id_of, partition
from models.records import SnapshotRecord

_PREFIX = "STATE#"
_VERSION_DIGITS = 10
MAX_VERSION = 10**_VERSION_DIGITS - 1


def snapshot_key(model_id: str, version: int) -> Key:
    """Return the key of a model at a version, 0 to MAX_VERSION."""
    return Key(partition(model_id), f"{_PREFIX}{version:0{_VERSION_DIGITS}d}")


class SnapshotItem(Item, discriminator="Snapshot"):
    """A whole model as of one version. Append-only: written once, never changed or deleted."""

    text = UnicodeAttribute()

    @classmethod
    def of(cls, record: SnapshotRecord) -> "SnapshotItem":
        """Build the item of `record`."""
        key = snapshot_key(record.model_id, record.version)
        return cls(PK=key.pk, SK=key.sk, text=record.text)

    def to_record(self) -> SnapshotRecord:
        """Return the snapshot that the item holds."""
        version = int(self.SK.removeprefix(_PREFIX))
        return SnapshotRecord(model_id_of(self.PK), version, self.text)
