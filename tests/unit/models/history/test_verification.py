"""Whether a stored history holds."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.history.chain import entry_hash, sha256_hex
from models.history.snapshot import parse_snapshot, snapshot_text
from models.history.verification import Broken, ChainWalk, Receipt, missing_entry
from models.records import ChangeAction, ChangeRecord, ModelRecord
from models.timestamps import Timestamp
from tests.unit.models.history.histories import History, chained, histories
from tests.unit.models.strategies import a_record


def walk(
    entries: Sequence[ChangeRecord],
    snapshots: Sequence[str | None],
    current: ModelRecord,
    receipt: Receipt | None = None,
) -> int:
    """Walk a whole history, and return how many entries hold."""
    chain = ChainWalk(1, None, receipt)
    waiting = iter(entries)
    while (version := chain.next_version) <= current.version:
        entry = next(waiting, None)
        if entry is None:
            raise Broken(version, missing_entry(version))
        chain.check(entry, snapshots[version - 1])
    chain.check_current(current, snapshots[current.version - 1] or "")
    return chain.entries_checked


def broken_at(
    entries: Sequence[ChangeRecord],
    snapshots: Sequence[str | None],
    current: ModelRecord,
    receipt: Receipt | None = None,
) -> int:
    with pytest.raises(Broken) as caught:
        walk(entries, snapshots, current, receipt)
    return caught.value.version


def altered(value: object) -> Any:  # noqa: ANN401  # a value of any attribute
    """Return another value of the same type."""
    if isinstance(value, ChangeAction):
        return ChangeAction.EVALUATE
    if isinstance(value, int):
        return value + 1
    return f"{value or ''}!"


def resealed(entry: ChangeRecord) -> ChangeRecord:
    return replace(entry, hash=entry_hash(entry))


class TestIntactHistory:
    """A history as it was written."""

    @given(histories())
    def test_holds(self, history: History) -> None:
        count = walk(history.entries, history.snapshots, history.current)
        assert count == len(history.entries) == history.current.version

    @given(histories(), st.data())
    def test_holds_with_any_receipt_of_it(self, history: History, data: st.DataObject) -> None:
        entry = data.draw(st.sampled_from(history.entries))
        receipt = Receipt(entry.version, entry.hash)
        assert walk(history.entries, history.snapshots, history.current, receipt)

    @given(histories(min_versions=2))
    def test_holds_from_any_version_on(self, history: History) -> None:
        for before, entry in zip(history.entries, history.entries[1:], strict=False):
            chain = ChainWalk(entry.version, before.hash)
            chain.check(entry, history.snapshots[entry.version - 1])
            assert chain.entries_checked == 1


class TestAlteredHistory:
    """Every alteration is found, and named at the version where it is."""

    @given(histories(), st.data())
    def test_an_altered_attribute_of_an_entry(self, history: History, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(history.entries) - 1))
        name = data.draw(st.sampled_from([field.name for field in fields(ChangeRecord)]))
        entries = list(history.entries)
        entries[place] = replace(entries[place], **{name: altered(getattr(entries[place], name))})
        assert broken_at(entries, history.snapshots, history.current) == place + 1

    @given(histories(min_versions=2), st.data())
    def test_an_altered_entry_with_its_hash_made_anew(
        self, history: History, data: st.DataObject
    ) -> None:
        place = data.draw(st.integers(0, len(history.entries) - 1))
        entries = list(history.entries)
        entries[place] = resealed(replace(entries[place], changed_by="somebody else"))
        found = broken_at(entries, history.snapshots, history.current)
        assert found == min(place + 2, len(entries))

    @given(histories(), st.data())
    def test_a_removed_entry(self, history: History, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(history.entries) - 1))
        entries = history.entries[:place] + history.entries[place + 1 :]
        assert broken_at(entries, history.snapshots, history.current) == place + 1

    @given(histories(), st.data())
    def test_an_end_that_was_cut_off(self, history: History, data: st.DataObject) -> None:
        kept = data.draw(st.integers(0, len(history.entries) - 1))
        assert broken_at(history.entries[:kept], history.snapshots, history.current) == kept + 1

    @given(histories(min_versions=2), st.data())
    def test_two_entries_that_were_swapped(self, history: History, data: st.DataObject) -> None:
        low, high = sorted(
            data.draw(st.sets(st.integers(0, len(history.entries) - 1), min_size=2, max_size=2))
        )
        entries, snapshots = list(history.entries), list(history.snapshots)
        entries[low], entries[high] = entries[high], entries[low]
        if data.draw(st.booleans()):
            snapshots[low], snapshots[high] = snapshots[high], snapshots[low]
        assert broken_at(entries, snapshots, history.current) == low + 1

    @given(histories(), st.data())
    def test_an_entry_that_stands_there_twice(self, history: History, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(history.entries) - 1))
        entries = list(history.entries)
        entries.insert(place, entries[place])
        if place + 1 == len(history.entries):
            return  # beyond the newest version, where the walk has ended
        assert broken_at(entries, history.snapshots, history.current) == place + 2

    @given(histories(), st.data())
    def test_an_altered_or_missing_snapshot(self, history: History, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(history.entries) - 1))
        snapshots: list[str | None] = list(history.snapshots)
        snapshots[place] = data.draw(st.sampled_from([None, f"{snapshots[place]} ", "{}"]))
        assert broken_at(history.entries, snapshots, history.current) == place + 1

    @given(histories(min_versions=2), st.data())
    def test_a_snapshot_of_another_version(self, history: History, data: st.DataObject) -> None:
        place = data.draw(st.integers(1, len(history.entries) - 1))
        snapshots = list(history.snapshots)
        snapshots[place] = snapshots[place - 1]
        assert broken_at(history.entries, snapshots, history.current) == place + 1


class TestCurrentRecord:
    """The model as it is read most often."""

    @given(
        histories(),
        st.sampled_from(
            [
                {"name": "x"},
                {"license": "x"},
                {"source_url": "x"},
                {"net_score": 2.0},
                {"created_at": "x"},
                {"updated_at": "x"},
                {"head_hash": "x"},
                {"head_hash": None},
            ]
        ),
    )
    def test_cannot_differ_from_the_newest_snapshot(
        self, history: History, altered: dict[str, Any]
    ) -> None:
        current = replace(history.current, **altered)
        assert broken_at(history.entries, history.snapshots, current) == len(history.entries)

    def test_the_fields_that_differ_are_named(self) -> None:
        history = chained([a_record()])
        current = replace(history.current, name="x", license="y")
        with pytest.raises(Broken, match="differs from its snapshot in name, license"):
            walk(history.entries, history.snapshots, current)

    def test_a_difference_outside_the_fields_is_found_too(self) -> None:
        history = chained([a_record()])
        current = replace(history.current, created_at=Timestamp("2020-01-01T00:00:00.000000Z"))
        with pytest.raises(Broken, match="other fields"):
            walk(history.entries, history.snapshots, current)


class TestRewrittenHistory:
    """A chain that somebody made anew, hashes and all."""

    @staticmethod
    def rewritten(history: History, place: int) -> History:
        entries, snapshots = list(history.entries), list(history.snapshots)
        for index in range(place, len(entries)):
            model = replace(parse_snapshot(snapshots[index]), source="forged")
            snapshots[index] = snapshot_text(model)
            entries[index] = resealed(
                replace(
                    entries[index],
                    snapshot_sha256=sha256_hex(snapshots[index]),
                    previous_hash=entries[index - 1].hash if index else None,
                )
            )
        current = replace(history.current, source="forged", head_hash=entries[-1].hash)
        return History(tuple(entries), tuple(snapshots), current)

    @given(histories(), st.data())
    def test_holds_in_itself_and_is_found_by_a_receipt(
        self, history: History, data: st.DataObject
    ) -> None:
        place = data.draw(st.integers(0, len(history.entries) - 1))
        forged = self.rewritten(history, place)
        assert walk(forged.entries, forged.snapshots, forged.current)
        kept = data.draw(st.sampled_from(history.entries[place:]))
        receipt = Receipt(kept.version, kept.hash)
        assert kept.version == broken_at(
            forged.entries, forged.snapshots, forged.current, receipt=receipt
        )
