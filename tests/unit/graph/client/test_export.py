"""Verification of exports: whatever was altered is found, where it was."""

import ast
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.client.export import (
    FORMAT,
    FORMAT_VERSION,
    NewerFormat,
    Receipt,
    Verification,
    document,
    verifier,
    verify_export,
)
from models.history.chain import Attribution, Link, entry_hash, link
from models.records import ChangeAction, ModelRecord, ModelState, Prose
from models.timestamps import Timestamp

VERSIONS = 4
MODEL_ID = "01a208e0-8d43-7394-83c0-437ffe007901"


def a_chain() -> list[Link]:
    """Return a history that the service's own code has linked."""
    links: list[Link] = []
    for version in range(1, VERSIONS + 1):
        at = Timestamp(f"2026-11-23T09:0{version}:00.000000Z")
        record = ModelRecord(
            id=MODEL_ID,
            name=f"name {version}",
            source="s",
            source_url=None,
            license="mit",
            state=ModelState.ACTIVE,
            version=version,
            created_at=Timestamp("2026-11-23T09:01:00.000000Z"),
            updated_at=at,
            net_score=None,
            prose=Prose('{"é":100000000000000000001}', "notes"),
            head_hash=None,
        )
        before = links[-1].model if links else None
        action = ChangeAction.UPDATE if before else ChangeAction.CREATE
        made = link(before, record, action, Attribution("ann", "key:1", "why" if before else None))
        assert made is not None
        links.append(made)
    return links


def an_export() -> dict[str, Any]:
    chain = a_chain()
    history = [
        {
            "entry": {
                "modelId": entry.model_id,
                "version": entry.version,
                "action": entry.action.value,
                "timestamp": entry.timestamp,
                "changedBy": entry.changed_by,
                "authenticatedAs": entry.authenticated_as,
                "reason": entry.reason,
                "changes": entry.changes,
                "snapshotSha256": entry.snapshot_sha256,
                "previousHash": entry.previous_hash,
                "hash": entry.hash,
            },
            "snapshot": made.snapshot.text,
        }
        for made in chain
        for entry in [made.entry]
    ]
    return {
        "format": FORMAT,
        "formatVersion": FORMAT_VERSION,
        "modelId": MODEL_ID,
        "exportedAt": "2026-11-23T10:00:00.000000Z",
        "headHash": chain[-1].entry.hash,
        "current": chain[-1].snapshot.text,
        "history": history,
        "records": [],
    }


EXPORT = json.dumps(an_export())
FIELDS = [*json.loads(EXPORT)["history"][0]["entry"], "snapshot"]


def fresh() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(EXPORT)
    return document


def holder(document: dict[str, Any], version: int, field: str) -> dict[str, Any]:
    item: dict[str, Any] = document["history"][version - 1]
    return item if field == "snapshot" else item["entry"]


def test_an_export_holds() -> None:
    assert verify_export(fresh()) == Verification(True, None, None, VERSIONS)


class TestAltered:
    """One thing altered is found at its version."""

    @given(
        version=st.integers(1, VERSIONS),
        field=st.sampled_from(FIELDS),
        place=st.integers(0),
        bit=st.integers(0, 6),
    )
    def test_one_byte_of_any_field(self, version: int, field: str, place: int, bit: int) -> None:
        document = fresh()
        fields = holder(document, version, field)
        value = fields[field]
        if isinstance(value, str):
            place %= len(value)
            altered: object = (
                value[:place] + chr(ord(value[place]) ^ (1 << bit)) + value[place + 1 :]
            )
        else:
            altered = (value or 0) ^ (1 << bit) if field == "version" else ""
        fields[field] = altered
        found = verify_export(document)
        assert (found.intact, found.broken_at_version) == (False, version)
        assert found.entries == version - 1
        assert found.problem

    @given(
        version=st.integers(1, VERSIONS),
        field=st.sampled_from(FIELDS),
        value=st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=True)
        | st.text()
        | st.sampled_from(["\ud800", [], {}, ["x"], 1.0, 2.0]),
    )
    def test_any_other_value(self, version: int, field: str, value: object) -> None:
        document = fresh()
        fields = holder(document, version, field)
        if type(fields[field]) is type(value) and fields[field] == value:
            return
        fields[field] = value
        assert verify_export(document).broken_at_version == version

    @given(version=st.integers(1, VERSIONS), name=st.sampled_from(FIELDS[:-1]))
    def test_a_field_more_or_less(self, version: int, name: str) -> None:
        less, more = fresh(), fresh()
        del less["history"][version - 1]["entry"][name]
        more["history"][version - 1]["entry"]["new"] = None
        assert verify_export(less).broken_at_version == version
        assert verify_export(more).broken_at_version == version

    @given(order=st.permutations(range(VERSIONS)))
    def test_another_order(self, order: list[int]) -> None:
        document = fresh()
        document["history"] = [document["history"][index] for index in order]
        moved = [place for place, index in enumerate(order) if place != index]
        expected = moved[0] + 1 if moved else None
        assert verify_export(document).broken_at_version == expected

    @pytest.mark.parametrize("version", range(1, VERSIONS + 1))
    def test_a_missing_or_foreign_version(self, version: int) -> None:
        document = fresh()
        del document["history"][version - 1]
        # Of a history that lacks its end, the newest entry is not the one that headHash names.
        assert verify_export(document).broken_at_version == min(version, VERSIONS - 1)
        document = fresh()
        document["history"][version - 1] = None
        assert verify_export(document).broken_at_version == version

    def test_an_inserted_version(self) -> None:
        document = fresh()
        document["history"].insert(1, document["history"][1])
        assert verify_export(document).broken_at_version == 3

    def test_a_rewritten_entry_is_found_at_the_next(self) -> None:
        """Whoever seals an altered entry anew breaks the link from the one after it."""
        document = fresh()
        entry = a_chain()[1].entry
        forged = replace(entry, changed_by="eve")
        fields = document["history"][1]["entry"]
        fields["changedBy"], fields["hash"] = "eve", entry_hash(forged)
        assert verify_export(document).broken_at_version == 3

    @pytest.mark.parametrize("name", ["headHash", "current"])
    def test_what_the_document_says_of_the_newest(self, name: str) -> None:
        document = fresh()
        document[name] += "x"
        assert verify_export(document).broken_at_version == VERSIONS

    def test_another_models_history(self) -> None:
        assert verify_export(fresh() | {"modelId": "other"}).broken_at_version == 1

    def test_nothing_at_all(self) -> None:
        assert verify_export(fresh() | {"history": []}).broken_at_version == 1

    def test_an_action_of_a_newer_service_is_told(self) -> None:
        document = fresh()
        document["history"][1]["entry"]["action"] = "NEW"
        found = verify_export(document)
        assert found.problem == "this program knows no action NEW"


class TestCraftedChanges:
    """Changes that no service writes, in an entry that was sealed anew."""

    @pytest.mark.parametrize(
        "changes",
        [
            '[{"field":[],"before":null,"after":null}]',
            '[{"field":{},"before":null,"after":null}]',
            '[{"field":null,"before":null,"after":null}]',
            '[{"before":null,"after":null}]',
            '[{"field":"artifacts"}]',
            "[[]]",
            "[1]",
            '["x"]',
            "{}x",
            "1",
            "null",
            "[" * 100_000,
        ],
        ids=lambda text: text[:30],
    )
    def test_are_found(self, changes: str) -> None:
        document = fresh()
        last = a_chain()[-1].entry
        sealed = replace(last, changes=changes)
        fields = document["history"][-1]["entry"]
        fields |= {"changes": changes, "hash": entry_hash(sealed)}
        document["headHash"] = fields["hash"]
        found = verify_export(document)
        assert (found.broken_at_version, found.entries) == (VERSIONS, VERSIONS - 1)
        assert found.problem == "the changes of the entry cannot be read"


class TestReceipt:
    """What was kept of an earlier answer."""

    def test_finds_a_history_that_was_written_anew(self) -> None:
        hashes = [item["entry"]["hash"] for item in fresh()["history"]]
        assert verify_export(fresh(), receipt=Receipt(2, hashes[1])).intact
        assert verify_export(fresh(), receipt=Receipt(2, hashes[2])).broken_at_version == 2
        found = verify_export(fresh(), receipt=Receipt(9, hashes[2]))
        assert (found.broken_at_version, found.entries) == (5, VERSIONS)


class TestFormat:
    """What is no export."""

    @pytest.mark.parametrize("document", [[], {}, "x", None, {"format": "other"}])
    def test_is_refused(self, document: Any) -> None:  # noqa: ANN401
        with pytest.raises(ValueError, match="no export"):
            verify_export(document)

    @pytest.mark.parametrize("records", [[1], "x", None])
    def test_records_that_are_no_texts_are_refused(self, records: object) -> None:
        with pytest.raises(ValueError, match="lacks"):
            verify_export(fresh() | {"records": records})

    @pytest.mark.parametrize("version", [True, 1.0, "1", None])
    def test_a_version_is_a_whole_number(self, version: object) -> None:
        with pytest.raises(ValueError, match="no whole number"):
            verify_export(fresh() | {"formatVersion": version})

    def test_more_than_an_export_has_is_refused(self) -> None:
        with pytest.raises(ValueError, match="more than one has"):
            verify_export(fresh() | {"note": "trust me"})
        document = fresh()
        document["history"][1]["note"] = "trust me"
        assert verify_export(document).broken_at_version == 2

    def test_when_it_was_made_is_not_covered(self) -> None:
        assert verify_export(fresh() | {"exportedAt": "any text"}).intact

    def test_a_newer_one_is_refused(self) -> None:
        with pytest.raises(NewerFormat, match="update"):
            verify_export(fresh() | {"formatVersion": FORMAT_VERSION + 1})

    @pytest.mark.parametrize("version", [0, -1])
    def test_one_that_never_was_is_none(self, version: int) -> None:
        with pytest.raises(ValueError, match="there is no format version") as raised:
            verify_export(fresh() | {"formatVersion": version})
        assert not isinstance(raised.value, NewerFormat)

    @pytest.mark.parametrize(
        "name", ["history", "headHash", "current", "modelId", "records", "exportedAt"]
    )
    def test_a_part_of_one_is_refused(self, name: str) -> None:
        document = fresh()
        del document[name]
        with pytest.raises(ValueError, match="lacks"):
            verify_export(document)


@pytest.mark.parametrize("module", [document, verifier], ids=lambda module: module.__name__)
def test_verifying_knows_neither_the_service_nor_http(module: Any) -> None:  # noqa: ANN401
    """Whoever verifies should have little code to trust."""
    tree = ast.parse(Path(module.__file__).read_text())
    ours = ("graph.client.export.document", "models.")
    standard = {"collections.abc", "dataclasses", "hashlib", "typing"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert {name.name for name in node.names} <= standard
        elif isinstance(node, ast.ImportFrom):
            name = str(node.module)
            assert name in standard or name.startswith(ours), name
