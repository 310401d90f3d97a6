"""What somebody who can write the table can alter, and how it is found."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from models.entities import ChangeItem, ModelItem, SnapshotItem
from models.entities.change import change_key
from models.entities.item import Key
from models.entities.model import model_key
from models.entities.snapshot import snapshot_key
from models.errors import InvalidArgument
from models.history.chain import entry_hash, sha256_hex
from models.history.snapshot import parse_snapshot, snapshot_text
from models.history.verification import Receipt, Verdict
from models.records import ChangeRecord
from models.timestamps import next_after, preceding
from models.verification import reading
from tests.storage.house import House, Raw

VERSIONS = 5
INDEX_KEYS = {
    *("state", "state_source", "state_license"),
    *("updated_at_id", "created_at_id", "name_id", "score_id"),
}
LARGE = {"a": "x" * 5_000}
NOBODY = "0198c0de-0000-7000-8000-00000000000a"


class History:
    """A model with five versions, and where its items are."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.model_id = house.create(metadata=LARGE, source_url="https://a/b").model.id
        house.update(self.model_id, metadata={"b": "y" * 5_000}, reason="better", name="Ünï")
        house.delete(self.model_id)
        house.restore(self.model_id)
        house.update(self.model_id, license="BSD", risk_notes="risky")
        self.entries = house.history(self.model_id)
        self.current = model_key(self.model_id)

    def entry_key(self, version: int) -> Key:
        return change_key(self.model_id, self.entries[version - 1].timestamp)

    def snapshot_key(self, version: int) -> Key:
        return snapshot_key(self.model_id, version)

    def raw(self, key: Key) -> Raw:
        raw = self.house.raw(key)
        assert raw is not None
        return raw

    def verdict(self, **options: Any) -> Verdict:  # noqa: ANN401  # the verifier's own
        return self.house.verdict(self.model_id, **options)

    @contextmanager
    def rewritten(self, key: Key, raw: Raw | None) -> Iterator[None]:
        """Let `raw` stand at `key`, or nothing, for as long as the block lasts."""
        with self.house.put_back(key):
            if raw is None:
                self.house.delete_raw(key)
            else:
                self.house.put_raw(raw)
            yield

    def broken_at(self, key: Key, raw: Raw | None, **options: Any) -> int | None:  # noqa: ANN401
        """Return where the chain is broken while `raw` stands at `key`."""
        with self.rewritten(key, raw):
            verdict = self.verdict(**options)
        assert verdict.intact == (verdict.broken_at_version is None) == (verdict.problem is None)
        return verdict.broken_at_version


@pytest.fixture
def history(house: House) -> History:
    return History(house)


def altered(value: dict[str, Any]) -> dict[str, Any]:
    """Return another value of the same type, as DynamoDB writes it."""
    ((kind, content),) = value.items()
    return {"N": str(int(content) + 1)} if kind == "N" else {kind: f"{content}!"}


def of_another_type(value: dict[str, Any]) -> dict[str, Any]:
    return {"S": "1"} if "N" in value else {"N": "1"}


def variants(raw: Raw) -> Iterator[tuple[str, Raw]]:
    """Yield `raw` with each attribute altered, removed and of another type, but for its key."""
    for name in raw.keys() - {"PK", "SK"}:
        yield f"{name} altered", raw | {name: altered(raw[name])}
        if name not in INDEX_KEYS:  # whose type DynamoDB itself sees to
            yield f"{name} of another type", raw | {name: of_another_type(raw[name])}
            yield f"{name} null", raw | {name: {"NULL": True}}
        yield f"{name} removed", {key: value for key, value in raw.items() if key != name}
    yield "expiry added", raw | {"expires_at": {"N": "1"}}


def whole_number(raw: Raw) -> Raw:
    return raw | {"version": {"N": f"{raw['version']['N']}.5"}}


class TestIntact:
    """A history that nobody touched."""

    def test_is_intact_and_complete(self, history: History) -> None:
        newest = history.entries[-1].hash
        assert history.verdict() == Verdict(
            intact=True, complete=True, entries_checked=VERSIONS, head_hash=newest
        )

    @pytest.mark.parametrize(
        ("first", "last", "count"),
        [(1, 5, 5), (1, 1, 1), (5, 5, 1), (2, 4, 3), (None, 3, 3), (3, None, 3)],
    )
    def test_is_intact_in_every_range(
        self, history: History, first: int | None, last: int | None, count: int
    ) -> None:
        verdict = history.verdict(from_version=first, to_version=last)
        assert (verdict.intact, verdict.complete, verdict.entries_checked) == (True, True, count)

    def test_is_intact_with_a_receipt_of_it(self, history: History) -> None:
        for entry in history.entries:
            assert history.verdict(receipt=Receipt(entry.version, entry.hash)).intact

    @pytest.mark.parametrize("model_id", ["", "x", "\ud800", NOBODY])
    def test_of_no_model_is_none(self, house: House, model_id: str) -> None:
        assert house.verifier.verify(model_id) is None

    @pytest.mark.parametrize(
        ("first", "last", "field"),
        [
            (0, None, "fromVersion"),
            (-1, 3, "fromVersion"),
            (3, 2, "toVersion"),
            (None, 0, "toVersion"),
            (None, VERSIONS + 1, "toVersion"),
        ],
    )
    def test_an_impossible_range_is_refused(
        self, history: History, first: int | None, last: int | None, field: str
    ) -> None:
        with pytest.raises(InvalidArgument) as caught:
            history.verdict(from_version=first, to_version=last)
        assert caught.value.field == (field,)

    @pytest.mark.parametrize("first", [6, 7, 10**11])
    def test_a_range_beyond_the_newest_version_is_refused(
        self, history: History, first: int
    ) -> None:
        with pytest.raises(InvalidArgument) as caught:
            history.verdict(from_version=first)
        assert caught.value.field == ("fromVersion",)


class TestEntry:
    """An entry in the middle."""

    @pytest.mark.parametrize("version", [1, 3, VERSIONS])
    def test_any_alteration_is_found_there(self, history: History, version: int) -> None:
        key = history.entry_key(version)
        raw = history.raw(key)
        found = {what: history.broken_at(key, other) for what, other in variants(raw)}
        found["no whole number"] = history.broken_at(key, whole_number(raw))
        assert found == dict.fromkeys(found, version)

    @pytest.mark.parametrize(("first", "last"), [(2, 4), (3, 3), (3, None), (None, 3)])
    def test_any_alteration_is_found_in_a_range(
        self, history: History, first: int | None, last: int | None
    ) -> None:
        key = history.entry_key(3)
        options = {"from_version": first, "to_version": last}
        found = {
            what: history.broken_at(key, other, **options)
            for what, other in variants(history.raw(key))
        }
        assert found == dict.fromkeys(found, 3)

    def test_an_alteration_right_before_a_range_crashes_nothing(self, history: History) -> None:
        key = history.entry_key(3)
        found = {
            what: history.broken_at(key, other, from_version=4)
            for what, other in variants(history.raw(key))
        }
        assert set(found.values()) <= {None, 3, 4}
        assert found["hash altered"] in {3, 4}

    def test_that_was_removed_is_missed(self, history: History) -> None:
        for version in range(1, VERSIONS + 1):
            assert history.broken_at(history.entry_key(version), None) == version

    def test_that_was_removed_right_before_a_range_is_missed(self, history: History) -> None:
        assert history.broken_at(history.entry_key(3), None, from_version=4) == 3

    def test_that_was_moved_to_another_instant_is_found(self, history: History) -> None:
        key = history.entry_key(3)
        raw = history.raw(key)
        later = change_key(history.model_id, next_after(history.entries[2].timestamp))
        earlier = change_key(history.model_id, preceding(history.entries[0].timestamp))
        for moved, version in ((later, 3), (earlier, 1)):
            with history.rewritten(key, None):
                assert history.broken_at(moved, raw | {"SK": {"S": moved.sk}}) == version

    def test_two_that_were_swapped_are_found(self, history: History) -> None:
        keys = history.entry_key(2), history.entry_key(4)
        one, other = (history.raw(key) for key in keys)
        with history.rewritten(keys[0], other | {"SK": one["SK"]}):
            assert history.broken_at(keys[1], one | {"SK": other["SK"]}) == 2

    def test_one_that_was_inserted_is_found(self, history: History) -> None:
        raw = history.raw(history.entry_key(3))
        for version in range(1, VERSIONS):
            at = next_after(history.entries[version - 1].timestamp)
            key = change_key(history.model_id, at)
            assert history.broken_at(key, raw | {"SK": {"S": key.sk}}) == version + 1

    def test_one_that_was_appended_is_found(self, history: History) -> None:
        newest = history.entries[-1]
        forged = replace(
            newest,
            version=VERSIONS + 1,
            timestamp=next_after(newest.timestamp),
            previous_hash=newest.hash,
        )
        forged = replace(forged, hash=entry_hash(forged))
        item = ChangeItem.of(forged)
        assert history.broken_at(item.key, item.serialize()) == VERSIONS + 1

    @pytest.mark.parametrize("kind", ["Unknown", "Snapshot", "ChangeEntry"])
    @pytest.mark.parametrize("sort_key", ["CHANGE#9999-12-31", "CHANGE#zzz", "CHANGE#\U0010ffff"])
    def test_something_that_was_appended_is_found(
        self, history: History, kind: str, sort_key: str
    ) -> None:
        raw = history.raw(history.entry_key(VERSIONS))
        forged = raw | {"SK": {"S": sort_key}, "kind": {"S": kind}}
        assert history.broken_at(Key(raw["PK"]["S"], sort_key), forged) == VERSIONS + 1

    def test_of_an_unknown_kind_is_found_wherever_it_stands(self, history: History) -> None:
        raw = history.raw(history.entry_key(3))
        for kind in ("Unknown", "Snapshot", "Model", "SourceClaim"):
            assert history.broken_at(history.entry_key(3), raw | {"kind": {"S": kind}}) == 3


class TestSnapshot:
    """A snapshot."""

    @pytest.mark.parametrize("version", [1, 3, VERSIONS])
    def test_any_alteration_is_found_there(self, history: History, version: int) -> None:
        key = history.snapshot_key(version)
        found = {what: history.broken_at(key, other) for what, other in variants(history.raw(key))}
        assert found == dict.fromkeys(found, version)

    def test_any_alteration_right_before_a_range_is_found_or_passed_over(
        self, history: History
    ) -> None:
        key = history.snapshot_key(3)
        raw = history.raw(key)
        texts = {
            f"text is {text[:20]}": raw | {"text": {"S": text}}
            for text in ("", "{}", "null", "5", '"x"', "[" * 100_000, '{"updatedAt":5}')
        }
        fields = parse_snapshot(raw["text"]["S"])
        texts["instant is none"] = raw | {
            "text": {"S": snapshot_text(replace(fields, updated_at="x" * 2_000))}  # type: ignore[arg-type]
        }
        found = {
            what: history.broken_at(key, other, from_version=4)
            for what, other in [*variants(raw), *texts.items()]
        }
        assert set(found.values()) <= {None, 3, 4}
        assert found["text altered"] == 3

    def test_that_was_removed_is_missed(self, history: History) -> None:
        for version in range(1, VERSIONS + 1):
            assert history.broken_at(history.snapshot_key(version), None) == version

    def test_two_that_were_swapped_are_found(self, history: History) -> None:
        keys = history.snapshot_key(2), history.snapshot_key(4)
        one, other = (history.raw(key) for key in keys)
        with history.rewritten(keys[0], other | {"SK": one["SK"]}):
            assert history.broken_at(keys[1], one | {"SK": other["SK"]}) == 2

    def test_one_that_was_appended_is_found(self, history: History) -> None:
        key = history.snapshot_key(VERSIONS + 1)
        raw = history.raw(history.snapshot_key(VERSIONS)) | {"SK": {"S": key.sk}}
        assert history.broken_at(key, raw) == VERSIONS + 1

    @pytest.mark.parametrize(
        "sort_key", ["STATE#0000000003x", "STATE#000000000", "STATE#00000000ab"]
    )
    def test_one_at_an_impossible_key_crashes_nothing(
        self, history: History, sort_key: str
    ) -> None:
        raw = history.raw(history.snapshot_key(3)) | {"SK": {"S": sort_key}}
        found = history.broken_at(Key(raw["PK"]["S"], sort_key), raw)
        assert found is None or 1 <= found <= VERSIONS + 1


class TestEnd:
    """The newest version."""

    def test_that_was_cut_off_is_missed(self, history: History) -> None:
        with history.rewritten(history.snapshot_key(VERSIONS), None):
            assert history.broken_at(history.entry_key(VERSIONS), None) == VERSIONS

    def test_that_was_rolled_back_whole_is_found_by_a_receipt(self, history: History) -> None:
        newest, before = history.entries[-1], history.entries[-2]
        text = history.raw(history.snapshot_key(VERSIONS - 1))["text"]["S"]
        rolled_back = ModelItem.of(parse_snapshot(text, head_hash=before.hash)).serialize()
        with (
            history.rewritten(history.snapshot_key(VERSIONS), None),
            history.rewritten(history.entry_key(VERSIONS), None),
            history.rewritten(history.current, rolled_back),
        ):
            assert history.verdict().intact
            verdict = history.verdict(receipt=Receipt(newest.version, newest.hash))
        assert (verdict.intact, verdict.broken_at_version) == (False, VERSIONS)


class TestCurrentRecord:
    """The item that is read most often."""

    def test_any_alteration_is_found_at_the_newest_version(self, history: History) -> None:
        raw = history.raw(history.current)
        found = {what: history.broken_at(history.current, other) for what, other in variants(raw)}
        found["no whole number"] = history.broken_at(history.current, whole_number(raw))
        above = {"version altered": VERSIONS + 1, "version of another type": VERSIONS}
        assert found == dict.fromkeys(found, VERSIONS) | above

    @pytest.mark.parametrize("version", [1, 4])
    def test_a_lower_version_is_found_beyond_it(self, history: History, version: int) -> None:
        raw = history.raw(history.current) | {"version": {"N": str(version)}}
        assert history.broken_at(history.current, raw) == version + 1

    @pytest.mark.parametrize("version", [-1, 0])
    def test_an_impossible_version_is_found(self, history: History, version: int) -> None:
        raw = history.raw(history.current) | {"version": {"N": str(version)}}
        assert history.broken_at(history.current, raw) == VERSIONS

    def test_that_was_removed_is_missed(self, history: History) -> None:
        assert history.broken_at(history.current, None) == VERSIONS

    @pytest.mark.parametrize("kind", ["Unknown", "Snapshot", "ChangeEntry"])
    def test_of_another_kind_is_found(self, history: History, kind: str) -> None:
        raw = history.raw(history.current) | {"kind": {"S": kind}}
        assert history.broken_at(history.current, raw) == VERSIONS


class TestRewrite:
    """All of a model's items, made anew with hashes that fit."""

    @staticmethod
    def rewrite(history: History) -> list[ChangeRecord]:
        house, previous, forged = history.house, None, []
        current = house.model(history.model_id)
        for entry in history.entries:
            snapshot = house.reader.model_at_version(history.model_id, entry.version)
            assert snapshot is not None
            text = snapshot_text(replace(snapshot, source="forged"))
            unsealed = replace(
                entry, snapshot_sha256=sha256_hex(text), previous_hash=previous, changed_by="x"
            )
            sealed = replace(unsealed, hash=entry_hash(unsealed))
            item = SnapshotItem(PK=history.current.pk, SK=snapshot_key("", entry.version).sk)
            item.text = text
            house.write_past_the_registry([ChangeItem.of(sealed), item])
            previous = sealed.hash
            forged.append(sealed)
        current = replace(current, source="forged", head_hash=previous)
        house.write_past_the_registry([ModelItem.of(current)])
        return forged

    def test_holds_in_itself_and_is_found_by_a_receipt(self, history: History) -> None:
        forged = self.rewrite(history)
        assert history.verdict().intact
        assert history.verdict().head_hash == forged[-1].hash
        for entry in history.entries:
            verdict = history.verdict(receipt=Receipt(entry.version, entry.hash))
            assert (verdict.intact, verdict.broken_at_version) == (False, entry.version)


class TestBudget:
    """A verification that cannot be finished."""

    def test_says_that_it_is_not_complete(
        self, history: History, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reading, "READ_BUDGET_REQUESTS", 1)
        verdict = history.verdict()
        assert (verdict.intact, verdict.complete) == (True, False)
        assert verdict.entries_checked < VERSIONS

    def test_of_a_long_history_reads_page_by_page(self, house: House) -> None:
        # Entries and snapshots of over 1 MB: several requests of DynamoDB's for each.
        model_id = house.create(risk_notes="日" * 9_000).model.id
        for number in range(40):
            house.update(model_id, name=f"name {number}", reason="日" * 9_000)
        verdict = house.verdict(model_id)
        assert (verdict.intact, verdict.complete, verdict.entries_checked) == (True, True, 41)

    def test_what_was_found_before_its_end_counts(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        history = History(house)
        key = history.entry_key(1)
        raw = copy.deepcopy(history.raw(key)) | {"reason": {"S": "forged"}}
        monkeypatch.setattr(reading, "READ_BUDGET_REQUESTS", 2)
        assert history.broken_at(key, raw) == 1
