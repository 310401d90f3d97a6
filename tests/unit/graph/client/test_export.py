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
    Receipt,
    Verification,
    document,
    verifier,
    verify_export,
)
from models.history.chain import entry_hash
from tests.unit.graph.client.exported import EXPORT, VERSIONS, a_chain, fresh

FIELDS = [*json.loads(EXPORT)["history"][0]["entry"], "snapshot"]


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
