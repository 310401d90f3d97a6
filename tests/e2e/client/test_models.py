"""Models and their history through the client."""

import itertools
from datetime import datetime
from typing import Any

import pytest

from graph.client import (
    AlreadyExists,
    Client,
    FieldChange,
    IdempotencyConflict,
    InvalidInput,
    InvalidState,
    ModelFilter,
    ModelOrder,
    NotFound,
    VersionConflict,
)
from graph.client.calls import history

NOWHERE = "01a208e0-8d43-7394-83c0-437ffe007901"


class TestCreate:
    """create_model."""

    def test_registers_what_is_given(self, client: Client) -> None:
        metadata: dict[str, Any] = {"b": [1, 1.0, None], "a": {"größe": 10**30}}
        made = client.create_model(
            name="模型",
            source="internal",
            license="apache-2.0",
            metadata=metadata,
            risk_notes="none",
            reason="because",
            changed_by="user:ann",
        )
        assert made.model.metadata == metadata
        assert list(made.model.metadata) == ["b", "a"]
        assert made.model.license_decision.is_allowed
        assert made.entry is not None
        assert (made.entry.action, made.entry.reason) == ("CREATE", "because")
        assert (made.entry.changed_by, made.entry.authenticated_as) == ("user:ann", "local")
        assert client.model(made.model.id) == made.model

    def test_tells_every_fault_with_its_field(self, client: Client) -> None:
        with pytest.raises(InvalidInput, match="name") as raised:
            client.create_model(name="", source=" x", license="mit")
        assert [error.field for error in raised.value.errors] == [("name",), ("source",)]
        assert raised.value.code == "INVALID_INPUT"
        assert raised.value.field == ("name",)

    def test_a_page_has_one_model(self, client: Client) -> None:
        page = "https://example.com/one"
        client.create_model(name="a", source="s", license="mit", source_url=page)
        with pytest.raises(AlreadyExists):
            client.create_model(name="b", source="s", license="mit", source_url=page)

    def test_a_key_of_the_callers_own_is_sent(self, client: Client) -> None:
        def create(name: str) -> str:
            made = client.create_model(name=name, source="s", license="mit", idempotency_key="job")
            return made.model.id

        assert create("a") == create("a")
        with pytest.raises(IdempotencyConflict):
            create("b")


class TestRead:
    """Model and models."""

    def test_the_past_by_version_and_by_instant(self, client: Client, model_id: str) -> None:
        first = client.model(model_id)
        client.update_model(model_id, name="later")
        then = client.model(model_id, version=1)
        assert (then.name, then.id, then.uuid) == ("m", f"{model_id}@1", model_id)
        assert client.model(model_id, as_of=first.updated_at) == then
        assert client.model(model_id, as_of=datetime.fromisoformat(first.updated_at)) == then

    def test_what_is_not_there_is_not_found(self, client: Client, model_id: str) -> None:
        with pytest.raises(NotFound, match=NOWHERE):
            client.model(NOWHERE)
        with pytest.raises(NotFound, match="at version 2"):
            client.model(model_id, version=2)

    def test_a_read_that_makes_no_sense_is_refused(self, client: Client, model_id: str) -> None:
        with pytest.raises(InvalidInput) as raised:
            client.model(model_id, version=0)
        assert raised.value.field == ("version",)
        assert raised.value.request_id

    def test_a_list_is_read_page_by_page(self, client: Client) -> None:
        names = [f"paged-{number}" for number in range(5)]
        for name in names:
            client.create_model(name=name, source="list", license="mit")
        found = client.models(
            ModelFilter(source="list", name_starts_with="PAGED"),
            order=ModelOrder("NAME", "ASC"),
            page_size=2,
        )
        assert [model.name for model in found] == names

    def test_pages_are_read_as_they_are_needed(self, client: Client, model_id: str) -> None:
        for number in range(3):
            client.update_model(model_id, name=f"name {number}")
        found = itertools.islice(client.changes(model_id, page_size=1), 2)
        assert [entry.version for entry in found] == [4, 3]


class TestUpdate:
    """update_model."""

    def test_none_clears_and_what_is_left_out_stays(self, client: Client) -> None:
        made = client.create_model(
            name="n",
            source="s",
            license="mit",
            source_url="https://example.com/cleared",
            metadata={"keep": 1, "drop": 2},
        )
        renamed = client.update_model(made.model.id, name="o", metadata_patch={"drop": None})
        assert renamed.model.source_url == "https://example.com/cleared"
        assert renamed.model.metadata == {"keep": 1}
        cleared = client.update_model(made.model.id, source_url=None, metadata={})
        assert (cleared.model.name, cleared.model.source_url) == ("o", None)
        assert cleared.model.metadata == {}

    def test_no_change_makes_no_entry(self, client: Client, model_id: str) -> None:
        assert client.update_model(model_id, name="m").entry is None

    def test_another_version_is_a_conflict(self, client: Client, model_id: str) -> None:
        client.update_model(model_id, expected_version=1, name="x")
        with pytest.raises(VersionConflict):
            client.update_model(model_id, expected_version=1, name="y")


class TestDelete:
    """delete_model and restore_model."""

    def test_a_deleted_model_can_only_be_restored(self, client: Client, model_id: str) -> None:
        assert client.delete_model(model_id, expected_version=1).model.state == "DELETED"
        with pytest.raises(InvalidState):
            client.update_model(model_id, name="x")
        assert client.restore_model(model_id, reason="again").model.state == "ACTIVE"
        found = [entry.action for entry in client.changes(model_id)]
        assert found == ["RESTORE", "DELETE", "CREATE"]


class TestHistory:
    """Changes, diff and verify_history."""

    @pytest.fixture
    def changed(self, client: Client, model_id: str) -> str:
        for number in range(6):
            client.update_model(model_id, risk_notes=f"{number}" * 5_000)
        return model_id

    @pytest.mark.parametrize("page_size", [1, 3, 7, 50])
    def test_both_orders_have_every_entry(
        self, client: Client, changed: str, page_size: int
    ) -> None:
        ascending = list(client.changes(changed, oldest_first=True, page_size=page_size))
        assert [entry.version for entry in ascending] == [1, 2, 3, 4, 5, 6, 7]
        assert list(client.changes(changed, page_size=page_size)) == ascending[::-1]
        assert [entry.previous_hash for entry in ascending[1:]] == [
            entry.hash for entry in ascending[:-1]
        ]

    def test_a_diff_has_large_values_whole(self, client: Client, changed: str) -> None:
        assert client.diff(changed, 2, 7) == [FieldChange("riskNotes", "0" * 5_000, "5" * 5_000)]
        assert client.diff(changed, 7, 2) == [FieldChange("riskNotes", "5" * 5_000, "0" * 5_000)]
        assert client.diff(changed, 3, 3) == []

    def test_a_diff_needs_both_versions(self, client: Client, changed: str) -> None:
        with pytest.raises(NotFound, match="at version 9"):
            client.diff(changed, 1, 9)

    def test_the_service_verifies(self, client: Client, changed: str) -> None:
        newest = next(client.changes(changed))
        found = client.verify_history(changed)
        assert (found.intact, found.complete, found.entries_checked) == (True, True, 7)
        assert found.head_hash == newest.hash
        assert client.verify_history(changed, from_version=2, to_version=4).entries_checked == 3

    def test_what_is_incomplete_is_gone_on_with(
        self, client: Client, changed: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[Any] = []

        def query(document: str, **variables: Any) -> Any:  # noqa: ANN401  # JSON
            asked.append(variables["from"])
            told = {"intact": True, "complete": len(asked) == 3, "entriesChecked": 2}
            rest = {"headHash": "h", "brokenAtVersion": None, "problem": None}
            assert document == history._VERIFICATION
            return {"model": {"historyVerification": told | rest}}

        monkeypatch.setattr(client._api, "query", query)
        assert client.verify_history(changed).entries_checked == 6
        assert asked == [1, 3, 5]

    @pytest.mark.parametrize("method", ["changes", "evaluations", "artifacts"])
    def test_a_model_that_is_not_there_is_not_found(self, client: Client, method: str) -> None:
        with pytest.raises(NotFound):
            next(getattr(client, method)(NOWHERE))
        with pytest.raises(NotFound):
            next(client.changes(NOWHERE, oldest_first=True))
        with pytest.raises(NotFound):
            client.verify_history(NOWHERE)


class TestRest:
    """What belongs to no model."""

    def test_a_license_is_judged(self, client: Client) -> None:
        found = client.license_check("MIT OR GPL-2.0-only")
        assert (found.verdict, found.spdx_expression) == ("ALLOWED", "MIT OR GPL-2.0-only")

    def test_the_viewer_is_told(self, client: Client) -> None:
        assert client.viewer().subject == "local"
        assert "ADMIN" in client.viewer().roles

    def test_health(self, client: Client) -> None:
        assert client.health().is_ok
        assert client.health(deep=True).checks == {"table": "ok", "bucket": "ok"}
