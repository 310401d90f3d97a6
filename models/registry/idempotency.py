"""Answering a resent mutation with what it answered the first time."""

from dataclasses import dataclass

from models.entities.change import ChangeItem, change_key
from models.entities.idempotency import Answer, IdempotencyItem, idempotency_key
from models.entities.item import Item, Key
from models.entities.snapshot import SnapshotItem, snapshot_key
from models.errors import Refusal, UserErrorCode
from models.history.snapshot import parse_snapshot
from models.principal import Principal
from models.records import ChangeRecord, ModelRecord
from models.registry.commands import Command, input_sha256
from models.table import Table
from models.timestamps import Timestamp
from models.transaction import Put


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change led to.

    Attributes:
        model: as it was right after the change.
        entry: None where nothing changed.
    """

    model: ModelRecord
    entry: ChangeRecord | None

    @property
    def answer(self) -> Answer:
        """Return by what the outcome is found again."""
        model = self.model
        return Answer(model.id, model.version, model.updated_at, changed=self.entry is not None)


@dataclass(frozen=True, slots=True)
class Resend:
    """A mutation's idempotency key: where its record is, and what it must have been sent with."""

    key: Key
    input_sha256: str

    @classmethod
    def of(cls, principal: Principal, command: Command) -> "Resend | None":
        """Return the command's key, scoped to the principal and the kind of command."""
        if command.idempotency_key is None:
            return None
        mutation = type(command).__name__
        key = idempotency_key(principal.subject, mutation, command.idempotency_key)
        return cls(key, input_sha256(command))

    def put(self, answer: Answer, at: Timestamp) -> Put:
        """Return the write that records an answer, unless a live record is there already."""
        item = IdempotencyItem.of(self.key, self.input_sha256, answer, at)
        return Put(item, IdempotencyItem.absent(at))

    def correction(self, answer: Answer, at: Timestamp) -> Put:
        """Return the write that corrects the answer of this very sending."""
        item = IdempotencyItem.of(self.key, self.input_sha256, answer, at)
        return Put(item, IdempotencyItem.input_sha256 == self.input_sha256)

    def recorded(self, found: Item | None, at: Timestamp) -> IdempotencyItem | None:
        """Return the record of a first sending, or None where `found` is no live one.

        Raises:
            Refusal: the key was used with another input.
        """
        if not isinstance(found, IdempotencyItem) or not found.is_live(at):
            return None
        if found.input_sha256 != self.input_sha256:
            raise Refusal.because(
                UserErrorCode.IDEMPOTENCY_CONFLICT,
                "this idempotency key was used before with another input: use a new key",
                "idempotencyKey",
            )
        return found


def recorded_outcome(table: Table, record: IdempotencyItem) -> Outcome:
    """Read what a change of a model answered the first time."""
    snapshot_at = snapshot_key(record.model_id, int(record.version))
    change_at = change_key(record.model_id, record.made_at)
    items = table.get_many([snapshot_at, change_at])
    snapshot, change = items.get(snapshot_at), items.get(change_at)
    if not (isinstance(snapshot, SnapshotItem) and isinstance(change, ChangeItem)):
        raise LookupError(f"version {record.version} of model {record.model_id} is missing")
    entry = change.to_record()
    model = parse_snapshot(snapshot.text, head_hash=entry.hash)
    return Outcome(model, entry if record.changed else None)
