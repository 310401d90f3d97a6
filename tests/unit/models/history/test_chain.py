"""How entries are linked."""

import hashlib
import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.history.chain import Attribution, entry_hash, link, sha256_hex
from models.history.diff import diff
from models.history.snapshot import snapshot_text
from models.records import ChangeAction, ChangeRecord, ModelRecord
from models.timestamps import Timestamp
from tests.unit.models.strategies import a_record, attributions, instants, plain_texts, records

digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
ATTRIBUTES: dict[str, st.SearchStrategy[Any]] = {
    "model_id": plain_texts,
    "version": st.integers(1, 2**53 - 2),
    "action": st.sampled_from(ChangeAction),
    "timestamp": instants,
    "changed_by": plain_texts,
    "authenticated_as": plain_texts,
    "reason": st.none() | plain_texts,
    "changes": plain_texts,
    "snapshot_sha256": digests,
    "previous_hash": st.none() | digests,
}
entries = st.builds(ChangeRecord, **ATTRIBUTES, hash=st.just(""))

KNOWN = ChangeRecord(
    model_id="0198c0de-0000-7000-8000-00000000000a",
    version=3,
    action=ChangeAction.UPDATE,
    timestamp=Timestamp("2026-11-23T10:15:30.123456Z"),
    changed_by="user:zoë",
    authenticated_as="key:01",
    reason='new "weights"\n',
    changes='[{"field":"name","before":"a","after":"b"}]',
    snapshot_sha256="5" * 64,
    previous_hash="6" * 64,
    hash="",
)


def outsiders_hash(entry: ChangeRecord) -> str:
    """Compute an entry's hash as the documentation describes it, without our code.

    For such texts `json.dumps` writes what RFC 8785 calls canonical.
    """
    layout = {
        "modelId": entry.model_id,
        "version": entry.version,
        "action": str(entry.action),
        "timestamp": entry.timestamp,
        "changedBy": entry.changed_by,
        "authenticatedAs": entry.authenticated_as,
        "reason": entry.reason,
        "changesSha256": hashlib.sha256(entry.changes.encode()).hexdigest(),
        "snapshotSha256": entry.snapshot_sha256,
        "previousHash": entry.previous_hash,
    }
    text = json.dumps(layout, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(b"ml-model-evaluator/change-entry/v1\n" + text.encode()).hexdigest()


class TestEntryHash:
    """The hash of an entry."""

    def test_is_what_it_always_was(self) -> None:
        assert entry_hash(KNOWN) == outsiders_hash(KNOWN)
        assert (
            entry_hash(KNOWN) == "4d261763a3252be957e90e82329553cd6dc668ac2399579ad032df682c0d0010"
        )

    @given(entries)
    def test_can_be_computed_by_an_outsider(self, entry: ChangeRecord) -> None:
        assert entry_hash(entry) == outsiders_hash(entry)

    def test_covers_every_attribute_but_itself(self) -> None:
        assert {field.name for field in fields(ChangeRecord)} == {*ATTRIBUTES, "hash"}

    @pytest.mark.parametrize("attribute", ATTRIBUTES)
    @given(st.data())
    def test_changes_with_any_attribute(self, attribute: str, data: st.DataObject) -> None:
        entry = data.draw(entries)
        altered = data.draw(ATTRIBUTES[attribute].filter(lambda v: v != getattr(entry, attribute)))
        assert entry_hash(replace(entry, **{attribute: altered})) != entry_hash(entry)

    def test_does_not_cover_itself(self) -> None:
        assert entry_hash(replace(KNOWN, hash="x")) == entry_hash(KNOWN)

    @pytest.mark.parametrize("altered", [{"version": 2**60}, {"reason": "\ud800"}])
    def test_is_refused_for_what_was_never_hashed(self, altered: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match=r"."):
            entry_hash(replace(KNOWN, **altered))


class TestLink:
    """Chaining a change to the ones before."""

    @given(records, attributions)
    def test_a_models_first_entry_follows_none(
        self, model: ModelRecord, attribution: Attribution
    ) -> None:
        made = link(None, model, ChangeAction.CREATE, attribution)
        assert made is not None
        assert made.entry.previous_hash is None
        assert made.entry.changes == diff(None, model)

    @given(records, records, attributions)
    def test_the_entry_the_snapshot_and_the_model_belong_together(
        self, before: ModelRecord, after: ModelRecord, attribution: Attribution
    ) -> None:
        made = link(before, after, ChangeAction.UPDATE, attribution)
        if made is None:
            return
        assert made.entry.hash == entry_hash(made.entry) == made.model.head_hash
        assert made.entry.previous_hash == before.head_hash
        assert made.entry.snapshot_sha256 == sha256_hex(made.snapshot.text)
        assert made.snapshot.text == snapshot_text(after) == snapshot_text(made.model)
        assert made.entry.version == made.snapshot.version == after.version
        assert made.entry.timestamp == after.updated_at
        assert made.entry.reason == attribution.reason
        assert made.entry.changed_by == attribution.changed_by
        assert made.entry.authenticated_as == attribution.authenticated_as

    def test_makes_nothing_where_nothing_changed(self) -> None:
        before = a_record()
        after = replace(before, version=2, updated_at=Timestamp("2027-01-01T00:00:00.000000Z"))
        assert link(before, after, ChangeAction.UPDATE, Attribution("a", "b")) is None
