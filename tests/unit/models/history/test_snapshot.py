"""A whole model as JSON text."""

import json

import pytest
from hypothesis import given

from models import json_text
from models.history.snapshot import parse_snapshot, snapshot_text
from models.json_text import Json
from models.records import ModelRecord, Prose
from tests.unit.models.strategies import a_record, json_values, plain_texts, records


class TestSnapshot:
    """Writing and reading back."""

    @given(records)
    def test_gives_back_the_record(self, record: ModelRecord) -> None:
        assert parse_snapshot(snapshot_text(record), record.head_hash) == record

    @given(records)
    def test_gives_back_the_very_text(self, record: ModelRecord) -> None:
        text = snapshot_text(record)
        assert snapshot_text(parse_snapshot(text)) == text

    @given(records)
    def test_does_not_hold_the_hash_that_covers_it(self, record: ModelRecord) -> None:
        assert parse_snapshot(snapshot_text(record)).head_hash is None

    def test_has_the_layout_that_stored_hashes_cover(self) -> None:
        record = a_record(
            source_url="https://example.org/é", net_score=1.0, prose=Prose('{"b":1e22,"a":1}', "!")
        )
        assert snapshot_text(record) == (
            '{"id":"00000000-0000-0000-0000-000000000001","version":1,"state":"ACTIVE",'
            '"name":"bert-base","source":"hf","sourceUrl":"https://example.org/é",'
            '"license":"apache-2.0","riskNotes":"!","netScore":1.0,'
            '"createdAt":"2026-01-01T00:00:00.000000Z","updatedAt":"2026-01-01T00:00:00.000000Z",'
            '"metadata":{"b":1e22,"a":1}}'
        )


class TestMalformed:
    """Text that is no snapshot."""

    @given(json_values.map(json_text.dumps) | plain_texts)
    def test_is_a_value_error(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"."):
            parse_snapshot(text)

    @pytest.mark.parametrize("field", json.loads(snapshot_text(a_record())))
    def test_lacks_a_field(self, field: str) -> None:
        fields: dict[str, Json] = json.loads(snapshot_text(a_record()))
        del fields[field]
        with pytest.raises(ValueError, match="not a model's snapshot"):
            parse_snapshot(json.dumps(fields))

    @pytest.mark.parametrize("state", ["GONE", "", None, {}, []])
    def test_has_an_unknown_state(self, state: Json) -> None:
        fields = json.loads(snapshot_text(a_record())) | {"state": state}
        with pytest.raises(ValueError, match=r"."):
            parse_snapshot(json.dumps(fields))

    def test_is_nested_deeper_than_can_be_read(self) -> None:
        with pytest.raises(ValueError, match=r"."):
            parse_snapshot("[" * 100_000)
