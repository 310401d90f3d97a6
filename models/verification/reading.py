"""Reads a model's history for verification: in the order of its keys, inside a read budget."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from models.artifacts.record import ArtifactRecord
from models.entities import (
    ArtifactItem,
    ChangeItem,
    EvaluationItem,
    ModelEvaluationItem,
    ModelItem,
    SnapshotItem,
)
from models.entities.change import change_key
from models.entities.evaluation import evaluation_key
from models.entities.item import Item, Key
from models.entities.model import model_key, partition
from models.entities.snapshot import snapshot_key
from models.evaluation.record import EvaluationRecord
from models.history.snapshot import parse_snapshot
from models.history.verification import Broken, missing_entry, missing_snapshot
from models.records import ChangeRecord, SnapshotRecord
from models.table import BATCH_MAX_KEYS, CorruptItem, SortRange, Table
from models.timestamps import next_after, parse
from models.verification.partition import (
    ARTIFACTS,
    CHANGES,
    EVALUATIONS,
    GAPS,
    SNAPSHOTS,
    end_of,
)

READ_BUDGET_REQUESTS = 100
"""Of up to 1 MB each, for one verification; what is left is told by `complete: false`."""
Written = TypeVar("Written", ArtifactItem, ChangeItem, SnapshotItem)


class OutOfBudget(Exception):  # noqa: N818  # an early end, not an error
    """The read budget is spent."""


class Unreadable(Exception):  # noqa: N818  # a finding, placed by whoever knows the version
    """An item stands where an entry or a snapshot belongs, and is none that we wrote."""


class HistoryReading:
    """Reads a model's items in the order of their keys, inside the read budget."""

    def __init__(self, table: Table, model_id: str) -> None:
        self._table = table
        self._model_id = model_id
        self._requests_left = READ_BUDGET_REQUESTS

    def entry_before(self, version: int) -> ChangeRecord | None:
        """Read the entry that a range beginning at `version` must follow from."""
        if version == 1:
            return None
        before = version - 1
        try:
            snapshot = self._get(snapshot_key(self._model_id, before), SnapshotItem).to_record()
            timestamp = parse(parse_snapshot(snapshot.text).updated_at)
        except (Unreadable, TypeError, ValueError) as error:
            raise Broken(before, missing_snapshot(before)) from error
        try:
            return self._get(change_key(self._model_id, timestamp), ChangeItem).to_record()
        except Unreadable as error:
            raise Broken(before, missing_entry(before)) from error

    def entries(self, previous: ChangeRecord | None) -> Iterator[ChangeRecord]:
        """Read all entries after `previous`, oldest first."""
        start = next_after(previous.timestamp) if previous else ""
        low = change_key(self._model_id, start).sk
        for item in self._items(low, end_of(CHANGES)):
            yield _as_written(item, ChangeItem).to_record()

    def snapshots(self, first: int) -> Iterator[SnapshotRecord]:
        """Read the snapshots from version `first` on, oldest first."""
        low = snapshot_key(self._model_id, first).sk
        for item in self._items(low, end_of(SNAPSHOTS)):
            yield _as_written(item, SnapshotItem).to_record()

    def artifacts(self) -> Iterator[ArtifactRecord]:
        """Read all files of the model."""
        for item in self._items(ARTIFACTS, end_of(ARTIFACTS)):
            yield _as_written(item, ArtifactItem).to_record()

    def evaluations(self) -> Iterator[tuple[EvaluationRecord, str]]:
        """Read all evaluations of the model, each with the text that it is kept as."""
        for item in self._items(EVALUATIONS, end_of(EVALUATIONS)):
            # Its text is compared by its digest, and may have fields that others wrote after us.
            if not isinstance(item, ModelEvaluationItem):
                raise Unreadable
            try:
                record = item.to_record()
                kept = ModelEvaluationItem.kept(self._model_id, record.id, item.text)
            except (AttributeError, TypeError, ValueError) as error:
                raise Unreadable from error
            if record.model_id != self._model_id or not item.holds_the_same_as(kept):
                raise Unreadable
            yield record, item.text

    def jobs(self, evaluation_ids: Sequence[str]) -> dict[str, EvaluationItem]:
        """Read what evaluations themselves say: one request for each 100."""
        found: dict[str, EvaluationItem] = {}
        for start in range(0, len(evaluation_ids), BATCH_MAX_KEYS):
            self._spend()
            batch = evaluation_ids[start : start + BATCH_MAX_KEYS]
            try:
                items = self._table.get_many(evaluation_key(one) for one in batch)
            except CorruptItem as error:
                raise Unreadable from error
            found |= {
                str(item.evaluation_id): item
                for item in items.values()
                if isinstance(item, EvaluationItem)
            }
        return found

    def stray(self) -> str | None:
        """Return the sort key of an item that stands where none may, if there is one."""
        for low, high in (*GAPS, (SNAPSHOTS, snapshot_key(self._model_id, 0).sk)):
            self._spend()
            page = self._table.keys(partition(self._model_id), SortRange(low, high), limit=1)
            if page:
                return page[0].sk
        return None

    def current(self) -> ModelItem:
        """Read the model's current record, which may differ from its history in anything."""
        item = self._item(model_key(self._model_id))
        if not isinstance(item, ModelItem):
            raise Unreadable
        try:
            record = item.to_record()
            record.require_prose()
        except (TypeError, ValueError) as error:
            raise Unreadable from error
        if record.version < 1:
            raise Unreadable
        return item

    def newest_version(self) -> int:
        """Read the model's version again."""
        return self.current().to_record().version

    def newest_entry_version(self) -> int | None:
        """Read the version of the newest entry, or None where there is none at all."""
        low, high = CHANGES, end_of(CHANGES)
        try:
            page = self._table.query(
                partition(self._model_id), SortRange(low, high), limit=1, descending=True
            )
            newest = [_as_written(item, ChangeItem).to_record().version for item in page.items]
        except (CorruptItem, Unreadable):
            return 1
        return newest[0] if newest else None

    def _spend(self) -> None:
        if self._requests_left == 0:
            raise OutOfBudget
        self._requests_left -= 1

    def _get(self, key: Key, entity: type[Written]) -> Written:
        return _as_written(self._item(key), entity)

    def _item(self, key: Key) -> Item | None:
        try:
            return self._table.get(key)
        except CorruptItem as error:
            raise Unreadable from error

    def _items(self, low: str, high: str) -> Iterator[Item]:
        while True:
            self._spend()
            try:
                page = self._table.query(partition(self._model_id), SortRange(low, high))
            except CorruptItem as corrupt:
                yield from corrupt.readable
                raise Unreadable from corrupt
            yield from page.items
            if page.read_up_to is None:
                return
            low = f"{page.read_up_to}!"


class SnapshotsInOrder:
    """Hands out snapshots by version, in ascending order, reading ahead by one."""

    def __init__(self, records: Iterator[SnapshotRecord]) -> None:
        self._records = records
        self._ahead: SnapshotRecord | None = None
        self.newest_text = ""
        """The text that was handed out last."""

    def next_version(self) -> int | None:
        """Return the version of the snapshot after the last that was handed out, if there is one.

        Raises:
            Unreadable: something else stands there.
        """
        record = next(self._records, None)
        return record.version if record else None

    def of(self, version: int) -> str | None:
        """Return the snapshot of `version`, or None where it is missing or cannot be read."""
        try:
            while self._ahead is None or self._ahead.version < version:
                self._ahead = next(self._records)
        except (StopIteration, Unreadable):
            return None
        if self._ahead.version > version:
            return None
        self.newest_text = self._ahead.text
        return self.newest_text


def _as_written(item: Item | None, entity: type[Written]) -> Written:
    """Return `item` if it is exactly what this service writes for the record that it holds."""
    if not isinstance(item, entity):
        raise Unreadable
    try:
        written = entity.of(item.to_record())
        written.serialize()
    except (AttributeError, TypeError, ValueError) as error:
        raise Unreadable from error
    if not item.holds_the_same_as(written):
        raise Unreadable
    return item
