"""Verification of exports: what is none, and what is another model's."""

from typing import Any

import pytest

from graph.client.export import FORMAT_VERSION, NewerFormat, verify_export
from tests.unit.graph.client.exported import MODEL_ID, fresh


class TestModel:
    """Whose history it must be."""

    def test_its_own_holds(self) -> None:
        assert verify_export(fresh(), model_id=MODEL_ID).intact
        assert verify_export(fresh(), model_id=MODEL_ID.upper()).intact

    @pytest.mark.parametrize("model_id", ["", MODEL_ID[:-1], f"{MODEL_ID[:-1]}2"])
    def test_another_models_does_not(self, model_id: str) -> None:
        found = verify_export(fresh(), model_id=model_id)
        assert (found.intact, found.broken_at_version, found.entries) == (False, 1, 0)
        assert MODEL_ID in (found.problem or "")


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
