"""What a change changed."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import json_text
from models.history.diff import (
    INLINE_MAX_BYTES,
    NOTHING,
    Digest,
    FieldChange,
    changed_fields,
    diff,
    field_texts,
    parse_changes,
)
from models.json_text import Json
from models.records import ModelRecord, Prose
from tests.unit.models.strategies import a_record, json_values, plain_texts, records


def side(text: str) -> Json | Digest:
    """Return how a value's JSON text must stand in an entry."""
    encoded = text.encode()
    if len(encoded) > 4_096:
        return Digest(hashlib.sha256(encoded).hexdigest())
    return json_text.loads(text)


def with_metadata(text: str) -> ModelRecord:
    return a_record(prose=Prose(text, ""))


def of_json_bytes(size: int) -> str:
    return json_text.dumps("x" * (size - 2))


class TestDiff:
    """Comparing two versions."""

    @given(records, records)
    def test_applied_to_before_it_gives_after(
        self, before: ModelRecord, after: ModelRecord
    ) -> None:
        old, new = field_texts(before), field_texts(after)
        patched: dict[str, object] = {name: side(text) for name, text in old.items()}
        for change in parse_changes(diff(before, after)):
            assert change.before == patched[change.field]
            patched[change.field] = change.after
        assert patched == {name: side(text) for name, text in new.items()}

    @given(records)
    def test_of_a_new_model_tells_every_field_that_it_has(self, after: ModelRecord) -> None:
        present = {name: side(text) for name, text in field_texts(after).items() if text != "null"}
        found = parse_changes(diff(None, after))
        assert {change.field: change.after for change in found} == present
        assert all(change.before is None for change in found)

    @given(records, records)
    def test_is_nothing_only_where_nothing_differs(
        self, before: ModelRecord, after: ModelRecord
    ) -> None:
        assert diff(before, before) == NOTHING
        if diff(before, after) == NOTHING:
            assert replace(after, prose=None) == replace(
                before,
                prose=None,
                **{  # what no change alters by itself
                    name: getattr(after, name)
                    for name in ("id", "version", "created_at", "updated_at", "head_hash")
                },
            )

    @given(st.dictionaries(plain_texts, json_values, min_size=2))
    def test_takes_no_notice_of_the_order_of_metadatas_keys(self, value: dict[str, Json]) -> None:
        turned = dict(reversed(value.items()))
        one, other = (json_text.dumps({"in": [each]}) for each in (value, turned))
        assert diff(with_metadata(one), with_metadata(other)) == NOTHING

    @pytest.mark.parametrize(
        ("one", "other"), [("1", "1.0"), ("0", "false"), ("1", "true"), ("0.0", "-0.0")]
    )
    def test_keeps_apart_values_that_python_calls_equal(self, one: str, other: str) -> None:
        assert changed_fields(diff(with_metadata(one), with_metadata(other))) == ["metadata"]

    def test_names_only_the_fields_that_changed(self) -> None:
        before = a_record()
        after = replace(before, name="other", source_url="https://example.org", net_score=0.5)
        assert parse_changes(diff(before, after)) == [
            FieldChange("name", "bert-base", "other"),
            FieldChange("sourceUrl", None, "https://example.org"),
            FieldChange("netScore", None, 0.5),
        ]

    def test_a_record_from_a_list_cannot_be_compared(self) -> None:
        with pytest.raises(ValueError, match="without its prose"):
            diff(None, a_record(prose=None))


class TestLargeValues:
    """Values that stand as their digest."""

    def test_stand_whole_up_to_the_limit(self) -> None:
        largest = of_json_bytes(INLINE_MAX_BYTES)
        (change,) = parse_changes(diff(with_metadata("{}"), with_metadata(largest)))
        assert change.after == json_text.loads(largest)

    def test_stand_as_their_sha256_beyond_it(self) -> None:
        larger = of_json_bytes(INLINE_MAX_BYTES + 1)
        (change,) = parse_changes(diff(with_metadata(larger), with_metadata("{}")))
        assert change.before == Digest(hashlib.sha256(larger.encode()).hexdigest())
        assert change.after == {}

    def test_are_measured_in_bytes(self) -> None:
        text = json_text.dumps("é" * (INLINE_MAX_BYTES // 2))
        (change,) = parse_changes(diff(with_metadata("{}"), with_metadata(text)))
        assert isinstance(change.after, Digest)

    def test_on_both_sides_keep_an_entry_small(self) -> None:
        text = diff(with_metadata(of_json_bytes(60_000)), with_metadata(of_json_bytes(60_001)))
        assert len(text) < 300
        assert changed_fields(text) == ["metadata"]
