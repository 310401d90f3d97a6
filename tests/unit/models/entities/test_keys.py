"""The keys that entities build, and how large their items get."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import json_text, limits
from models.entities import ChangeItem, IdempotencyItem, ModelItem, SnapshotItem, SourceClaimItem
from models.entities.change import change_key
from models.entities.idempotency import Answer, idempotency_key
from models.entities.item import Item
from models.entities.model import model_key, name_prefix
from models.entities.snapshot import MAX_VERSION, snapshot_key
from models.history.chain import Attribution, Link, link
from models.records import ChangeAction, ModelRecord, Prose
from models.timestamps import Timestamp
from tests.unit.models.strategies import a_record, all_instants, model_ids, records

INDEX_SORT_KEYS = ("updated_at_id", "created_at_id", "name_id", "score_id")
INDEX_PARTITION_KEYS = ("state", "state_source", "state_license")
EXTREME_NAMES = [
    "a" * 256,
    "😀" * 256,
    "\U0010ffff" * 256,
    "ΐ" * 256,
    "ß" * 256,
    "ﬃ" * 256,
    "İ" * 256,
    "ǅ" * 256,
    "日" * 256,
]


def item_bytes(item: Item) -> int:
    """Return an item's size as DynamoDB counts it: names and values as UTF-8."""
    return sum(
        len(name.encode()) + len(json.dumps(value, ensure_ascii=False).encode())
        for name, value in item.serialize().items()
    )


class TestKeyOrder:
    """The order of the sort keys inside a model's partition."""

    @given(model_ids, all_instants, st.integers(0, MAX_VERSION))
    def test_changes_come_before_the_model_and_snapshots_after_it(
        self, model_id: str, at: Timestamp, version: int
    ) -> None:
        keys = [change_key(model_id, at), model_key(model_id), snapshot_key(model_id, version)]
        assert len({key.pk for key in keys}) == 1
        assert keys == sorted(keys)

    @given(model_ids, all_instants, all_instants)
    def test_changes_are_in_the_order_of_time(
        self, model_id: str, one: Timestamp, other: Timestamp
    ) -> None:
        keys = change_key(model_id, one), change_key(model_id, other)
        assert (keys[0] < keys[1]) == (one < other)
        assert change_key(model_id, "") < min(keys)

    @given(model_ids, st.integers(1, MAX_VERSION), st.integers(1, MAX_VERSION))
    def test_snapshots_are_in_the_order_of_versions(
        self, model_id: str, one: int, other: int
    ) -> None:
        keys = snapshot_key(model_id, one), snapshot_key(model_id, other)
        assert (keys[0] < keys[1]) == (one < other)


class TestIdempotencyKey:
    """Whose key it is, and for what."""

    def test_is_scoped_to_the_principal_and_the_mutation(self) -> None:
        scopes = [("a", "b", "c"), ("x", "b", "c"), ("a", "x", "c"), ("a", "b", "x")]
        scopes += [("ab", "", "c"), ('a","b', "c", ""), ("a", "b,c", "")]
        assert len({idempotency_key(*scope) for scope in scopes}) == len(scopes)


class TestRoundTrip:
    """Items hold their records whole."""

    @given(records)
    def test_of_a_model(self, record: ModelRecord) -> None:
        item = ModelItem.of(record)
        assert item.to_record() == record
        assert item.is_consistent()

    @given(records)
    def test_of_a_change_and_of_its_snapshot(self, record: ModelRecord) -> None:
        made = link(None, record, ChangeAction.CREATE, Attribution("a", "b"))
        assert made is not None
        assert ChangeItem.of(made.entry).to_record() == made.entry
        assert SnapshotItem.of(made.snapshot).to_record() == made.snapshot


class TestSizes:
    """DynamoDB's limits, with every field at its own."""

    @pytest.mark.parametrize("name", EXTREME_NAMES)
    def test_a_sort_key_has_up_to_1_024_bytes(self, name: str) -> None:
        item = ModelItem.of(a_record(name=name, net_score=1 / 3))
        for attribute in INDEX_SORT_KEYS:
            assert 0 < len(getattr(item, attribute).encode()) <= 1_024

    @pytest.mark.parametrize("text", EXTREME_NAMES)
    def test_a_partition_key_has_up_to_2_048_bytes(self, text: str) -> None:
        item = ModelItem.of(a_record(license=text, source=text[:64]))
        for attribute in INDEX_PARTITION_KEYS:
            assert 0 < len(getattr(item, attribute).encode()) <= 2_048

    @given(st.text(min_size=1))
    def test_a_names_beginning_is_whole_characters_of_it(self, name: str) -> None:
        assert name.casefold().startswith(name_prefix(name))
        assert name_prefix(name * 1_000).encode()

    @staticmethod
    def largest_change() -> Link:
        before, after = (
            a_record(
                name=letter * limits.NAME_MAX_CHARACTERS,
                source=letter * limits.SOURCE_MAX_CHARACTERS,
                license=letter * limits.LICENSE_MAX_CHARACTERS,
                source_url="https://a/" + letter * (limits.SOURCE_URL_MAX_CHARACTERS - 10),
                prose=Prose(
                    json_text.dumps({"m": letter[0] * ((limits.METADATA_MAX_BYTES - 8) // 4)}),
                    letter * limits.PROSE_MAX_CHARACTERS,
                ),
                net_score=1 / 3,
                head_hash="0" * 64,
                version=version,
            )
            for version, letter in ((1, "😀"), (2, "\U0010ffff"))
        )
        longest = "😀" * limits.CHANGED_BY_MAX_CHARACTERS
        reason = "😀" * limits.PROSE_MAX_CHARACTERS
        made = link(before, after, ChangeAction.UPDATE, Attribution(longest, longest, reason))
        assert made is not None
        return made

    def test_every_item_of_a_change_has_up_to_400_kb(self) -> None:
        made = self.largest_change()
        items: list[Item] = [
            ModelItem.of(made.model),
            ChangeItem.of(made.entry),
            SnapshotItem.of(made.snapshot),
            SourceClaimItem.of(made.model.source_url or "", made.model.id),
        ]
        assert max(map(item_bytes, items)) < 400_000

    def test_what_lists_read_of_100_models_is_far_below_1_mb(self) -> None:
        item = ModelItem.of(
            a_record(
                name="n" * limits.NAME_MAX_CHARACTERS,
                source="s" * limits.SOURCE_MAX_CHARACTERS,
                license="l" * limits.LICENSE_MAX_CHARACTERS,
                source_url="https://a/".ljust(limits.SOURCE_URL_MAX_CHARACTERS, "x"),
                net_score=1 / 3,
            )
        )
        item.metadata = item.risk_notes = item.head_hash = None
        assert 100 * item_bytes(item) < 1_000_000


class TestIdempotencyRecord:
    """How long an answer is kept."""

    AT = Timestamp("2026-01-01T00:00:00.500000Z")

    def record(self) -> IdempotencyItem:
        answer = Answer("m", version=1, made_at=self.AT, changed=True)
        return IdempotencyItem.of(idempotency_key("a", "b", "c"), "0" * 64, answer, self.AT)

    @pytest.mark.parametrize(
        ("at", "live"),
        [
            ("2026-01-01T00:00:00.500000Z", True),
            ("2026-01-01T23:59:59.999999Z", True),
            ("2026-01-02T00:00:01.000000Z", False),
            ("2027-01-01T00:00:00.000000Z", False),
        ],
    )
    def test_is_live_for_24_hours(self, at: str, live: bool) -> None:  # a case
        assert self.record().is_live(Timestamp(at)) == live
