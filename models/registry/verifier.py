"""Verifies a model's stored history, page by page, inside a read budget."""

from collections.abc import Iterator

from models.entities import ChangeItem, ModelItem, SnapshotItem
from models.entities.change import change_key
from models.entities.item import Item
from models.entities.model import model_key, partition
from models.entities.snapshot import MAX_VERSION, snapshot_key
from models.errors import InvalidArgument
from models.history.snapshot import parse_snapshot
from models.history.verification import (
    Broken,
    ChainWalk,
    Receipt,
    Verdict,
    missing_entry,
    missing_snapshot,
)
from models.ids import is_model_id
from models.records import ChangeRecord, SnapshotRecord
from models.table import CorruptItem, SortRange, Table
from models.timestamps import next_after

READ_BUDGET_REQUESTS = 100
"""Of up to 1 MB each, for one verification; what is left is told by `complete: false`."""
_LAST_INSTANT = "9999-12-31T23:59:59.999999Z"


class _OutOfBudget(Exception):  # noqa: N818  # an early end, not an error
    """The read budget is spent."""


class _Unreadable(Exception):  # noqa: N818  # a finding, placed by whoever knows the version
    """An item stands where an entry or a snapshot belongs, and is none that we wrote."""


class Verifier:
    """Recomputes a model's hash chain from what is stored."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def verify(
        self,
        model_id: str,
        *,
        from_version: int | None = None,
        to_version: int | None = None,
        receipt: Receipt | None = None,
    ) -> Verdict | None:
        """Verify the versions of a range, both ends included, or None where there is no model.

        A range that reaches the newest version covers the model's current record too.

        Args:
            receipt: what somebody kept of an earlier answer; a chain that was rewritten whole,
                hashes and all, differs from it.

        Raises:
            InvalidArgument: the range is empty or begins below 1.
        """
        first = 1 if from_version is None else from_version
        if first < 1:
            raise InvalidArgument("fromVersion must be at least 1", "fromVersion")
        if to_version is not None and to_version < first:
            raise InvalidArgument("toVersion must not be below fromVersion", "toVersion")
        current = self._table.get(model_key(model_id)) if is_model_id(model_id) else None
        if not isinstance(current, ModelItem):
            return None
        return _Verification(self._table, current, receipt).run(first, to_version)


class _Verification:
    """One run over one model."""

    def __init__(self, table: Table, current: ModelItem, receipt: Receipt | None) -> None:
        self._current = current
        self._model = current.to_record()
        self._receipt = receipt
        self._reading = _Reading(table, self._model.id)
        self._checked = 0

    def run(self, first: int, to_version: int | None) -> Verdict:
        """Check the range, and say what was found."""
        last = self._model.version if to_version is None else to_version
        broken: Broken | None = None
        try:
            self._check(first, last)
        except Broken as error:
            broken = error
        except _OutOfBudget:
            pass
        return Verdict(
            intact=broken is None,
            complete=self._checked > last - first,
            entries_checked=self._checked,
            head_hash=self._model.head_hash or "",
            broken_at_version=broken.version if broken else None,
            problem=broken.problem if broken else None,
        )

    def _check(self, first: int, last: int) -> None:
        newest = self._model.version
        if self._receipt and self._receipt.version > newest:
            raise Broken(newest + 1, f"version {self._receipt.version} of the receipt is missing")
        previous = self._reading.entry_before(first)
        walk = ChainWalk(first, previous.hash if previous else None, self._receipt)
        entries = self._reading.entries(previous)
        snapshots = _Snapshots(self._reading.snapshots(first))
        while walk.next_version <= last:
            walk.check(_next_entry(entries, walk.next_version), snapshots.of(walk.next_version))
            self._checked = walk.entries_checked
        if last >= newest:
            self._check_nothing_beyond(entries, snapshots)
            self._check_current(walk, snapshots)

    def _check_nothing_beyond(
        self, entries: Iterator[ChangeRecord], snapshots: "_Snapshots"
    ) -> None:
        """Check that nothing follows the newest version, but what was written since."""
        beyond = self._model.version + 1
        extra = next(entries, None)
        found = extra.version if extra else beyond if snapshots.of(beyond) else None
        if found is not None and self._reading.newest_version() < found:
            raise Broken(beyond, "something stands beyond the model's newest version")

    def _check_current(self, walk: ChainWalk, snapshots: "_Snapshots") -> None:
        walk.check_current(self._model, snapshots.newest_text)
        if not self._current.is_consistent():
            raise Broken(self._model.version, "the current record's index keys were altered")


class _Reading:
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
        snapshot = self._snapshot(before)
        try:
            timestamp = parse_snapshot(snapshot.text).updated_at
            entry = self._table.get(change_key(self._model_id, timestamp))
        except (CorruptItem, ValueError) as error:
            raise Broken(before, f"the snapshot of version {before} was altered") from error
        if not isinstance(entry, ChangeItem):
            raise Broken(before, missing_entry(before))
        return entry.to_record()

    def entries(self, previous: ChangeRecord | None) -> Iterator[ChangeRecord]:
        """Read all entries after `previous`, oldest first."""
        start = next_after(previous.timestamp) if previous else ""
        low = change_key(self._model_id, start).sk
        for item in self._items(low, change_key(self._model_id, _LAST_INSTANT).sk):
            if not isinstance(item, ChangeItem):
                raise _Unreadable
            try:
                record = item.to_record()
            except (TypeError, ValueError) as error:
                raise _Unreadable from error
            yield record

    def snapshots(self, first: int) -> Iterator[SnapshotRecord]:
        """Read the snapshots from version `first` on, oldest first."""
        low = snapshot_key(self._model_id, first).sk
        for item in self._items(low, snapshot_key(self._model_id, MAX_VERSION).sk):
            if not isinstance(item, SnapshotItem) or item.text is None:
                raise _Unreadable
            yield item.to_record()

    def newest_version(self) -> int:
        """Read the model's version again."""
        item = self._table.get(model_key(self._model_id))
        return int(item.version) if isinstance(item, ModelItem) else 0

    def _snapshot(self, version: int) -> SnapshotRecord:
        item = self._table.get(snapshot_key(self._model_id, version))
        if not isinstance(item, SnapshotItem):
            raise Broken(version, missing_snapshot(version))
        return item.to_record()

    def _items(self, low: str, high: str) -> Iterator[Item]:
        while True:
            if self._requests_left == 0:
                raise _OutOfBudget
            self._requests_left -= 1
            try:
                page = self._table.query(partition(self._model_id), SortRange(low, high))
            except CorruptItem as corrupt:
                yield from corrupt.readable
                raise _Unreadable from corrupt
            yield from page.items
            if page.read_up_to is None:
                return
            low = f"{page.read_up_to}!"


class _Snapshots:
    """Hands out snapshots by version, in ascending order, reading ahead by one."""

    def __init__(self, records: Iterator[SnapshotRecord]) -> None:
        self._records = records
        self._ahead: SnapshotRecord | None = None
        self.newest_text = ""
        """The text that was handed out last."""

    def of(self, version: int) -> str | None:
        """Return the snapshot of `version`, or None where it is missing or cannot be read."""
        try:
            while self._ahead is None or self._ahead.version < version:
                self._ahead = next(self._records)
        except (StopIteration, _Unreadable):
            return None
        if self._ahead.version > version:
            return None
        self.newest_text = self._ahead.text
        return self.newest_text


def _next_entry(entries: Iterator[ChangeRecord], version: int) -> ChangeRecord:
    try:
        return next(entries)
    except StopIteration:
        raise Broken(version, missing_entry(version)) from None
    except _Unreadable as error:
        raise Broken(version, f"the entry of version {version} cannot be read") from error
