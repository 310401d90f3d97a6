"""Models through their life: create, update, delete, restore."""

import re
from typing import Any

import pytest

from tests.api.client import Api
from tests.api.documents import MODEL
from tests.api.registry import User, faults

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
SHA256 = re.compile("[0-9a-f]{64}")
UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


class TestCreateModel:
    """Registering a model."""

    def test_answers_with_the_model_as_it_was_given(self, user: User) -> None:
        given: dict[str, Any] = {
            "name": "Größe 大",
            "source": "hf",
            "sourceUrl": "https://huggingface.co/google-bert/bert-base-uncased",
            "license": "apache-2.0",
            "metadata": {"layers": 12},
            "riskNotes": "Biased.\n\tSee the card.",
        }
        model = user.create(**given)["model"]
        assert {name: model[name] for name in given} == given
        assert UUID7.fullmatch(model["uuid"])
        assert INSTANT.fullmatch(model["createdAt"])
        assert model["id"] == model["uuid"]
        assert model["updatedAt"] == model["createdAt"]
        assert (model["state"], model["version"], model["netScore"]) == ("ACTIVE", 1, None)

    def test_answers_with_its_change(self, user: User) -> None:
        payload = user.create(reason="first")
        entry = payload["changeEntry"]
        assert payload["userErrors"] == []
        assert (entry["version"], entry["action"], entry["reason"]) == (1, "CREATE", "first")
        assert (entry["changedBy"], entry["authenticatedAs"]) == ("local", "local")
        assert entry["timestamp"] == payload["model"]["createdAt"]
        assert SHA256.fullmatch(entry["hash"])
        assert entry["previousHash"] is None

    def test_fills_in_what_was_left_out(self, user: User) -> None:
        model = user.create()["model"]
        assert (model["metadata"], model["riskNotes"], model["sourceUrl"]) == ({}, "", None)

    def test_takes_null_for_left_out(self, user: User) -> None:
        model = user.create(metadata=None, riskNotes=None, sourceUrl=None, reason=None)["model"]
        assert (model["metadata"], model["riskNotes"], model["sourceUrl"]) == ({}, "", None)

    def test_can_be_read_again(self, api: Api, user: User) -> None:
        model = user.create(metadata={"a": 1})["model"]
        assert api.execute(MODEL, id=model["id"])["model"] == model

    def test_two_models_may_have_the_same_fields(self, user: User) -> None:
        assert user.new_model() != user.new_model()

    def test_refuses_a_page_that_another_model_claims(self, user: User) -> None:
        user.new_model(sourceUrl="https://huggingface.co/org/name")
        payload = user.create(sourceUrl="https://hf.co/org/name/tree/main")
        assert faults(payload) == [("ALREADY_EXISTS", ["sourceUrl"])]

    def test_attributes_the_change_to_whom_a_delegate_says(self, user: User) -> None:
        entry = user.create(changedBy="user:ada")["changeEntry"]
        assert (entry["changedBy"], entry["authenticatedAs"]) == ("user:ada", "local")


class TestUpdateModel:
    """Changing fields."""

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", "another"),
            ("source", "github"),
            ("license", "mit"),
            ("sourceUrl", "https://example.org/model"),
            ("metadata", {"b": [1]}),
            ("riskNotes", "some"),
        ],
    )
    def test_changes_the_field_that_is_given_and_no_other(
        self, user: User, field: str, value: object
    ) -> None:
        created = user.create(metadata={"a": 1})["model"]
        payload = user.update(created["id"], **{field: value})
        entry, model = payload["changeEntry"], payload["model"]
        expected = created | {field: value, "version": 2, "updatedAt": entry["timestamp"]}
        assert model == expected
        assert entry["fieldsChanged"] == [field]
        assert entry["changes"] == [{"field": field, "before": created[field], "after": value}]

    def test_chains_its_entry_to_the_one_before(self, user: User) -> None:
        created = user.create()
        entry = user.update(created["model"]["id"], name="another")["changeEntry"]
        assert entry["previousHash"] == created["changeEntry"]["hash"]
        assert entry["timestamp"] > created["changeEntry"]["timestamp"]
        assert (entry["version"], entry["action"]) == (2, "UPDATE")

    def test_makes_no_version_where_nothing_changes(self, user: User) -> None:
        created = user.create(metadata={"a": 1, "b": 2})["model"]
        payload = user.update(created["id"], name=created["name"], metadata={"b": 2, "a": 1})
        assert payload == {"model": created, "changeEntry": None, "userErrors": []}

    def test_makes_no_version_where_nothing_is_given(self, user: User) -> None:
        created = user.create()["model"]
        assert user.update(created["id"])["model"] == created

    def test_clears_the_source_url_with_null(self, user: User) -> None:
        model_id = user.new_model(sourceUrl="https://example.org/a")
        assert user.update(model_id, sourceUrl=None)["model"]["sourceUrl"] is None
        assert user.create(sourceUrl="https://example.org/a")["userErrors"] == []

    def test_refuses_another_version_than_expected(self, user: User) -> None:
        model_id = user.updated_model(2)
        payload = user.update(model_id, name="x", expectedVersion=1)
        assert faults(payload) == [("VERSION_CONFLICT", ["expectedVersion"])]

    def test_accepts_the_version_that_is_expected(self, user: User) -> None:
        model_id = user.updated_model(2)
        assert user.update(model_id, name="x", expectedVersion=2)["model"]["version"] == 3

    def test_refuses_a_page_that_another_model_claims(self, user: User) -> None:
        user.new_model(sourceUrl="https://example.org/a")
        payload = user.update(user.new_model(), sourceUrl="HTTPS://EXAMPLE.org:443/a")
        assert faults(payload) == [("ALREADY_EXISTS", ["sourceUrl"])]

    def test_refuses_a_deleted_model(self, user: User) -> None:
        model_id = user.new_model()
        user.delete(model_id)
        assert faults(user.update(model_id, name="x")) == [("INVALID_STATE", ["id"])]


class TestDeleteModel:
    """Deleting, which is soft."""

    def test_changes_the_state_alone(self, user: User) -> None:
        created = user.create()["model"]
        payload = user.delete(created["id"], reason="obsolete")
        entry = payload["changeEntry"]
        assert payload["model"] == created | {
            "state": "DELETED",
            "version": 2,
            "updatedAt": entry["timestamp"],
        }
        assert (entry["action"], entry["reason"]) == ("DELETE", "obsolete")
        assert entry["changes"] == [{"field": "state", "before": "ACTIVE", "after": "DELETED"}]

    def test_leaves_the_model_readable_by_id(self, api: Api, user: User) -> None:
        model_id = user.new_model()
        deleted = user.delete(model_id)["model"]
        assert api.execute(MODEL, id=model_id)["model"] == deleted

    def test_keeps_the_claim_to_the_page(self, user: User) -> None:
        user.delete(user.new_model(sourceUrl="https://example.org/a"))
        payload = user.create(sourceUrl="https://example.org/a")
        assert faults(payload) == [("ALREADY_EXISTS", ["sourceUrl"])]

    def test_refuses_a_deleted_model(self, user: User) -> None:
        model_id = user.new_model()
        user.delete(model_id)
        assert faults(user.delete(model_id)) == [("INVALID_STATE", ["id"])]

    def test_refuses_another_version_than_expected(self, user: User) -> None:
        payload = user.delete(user.new_model(), expectedVersion=7)
        assert faults(payload) == [("VERSION_CONFLICT", ["expectedVersion"])]


class TestRestoreModel:
    """Making a deleted model active again."""

    def test_changes_the_state_alone(self, user: User) -> None:
        created = user.create()["model"]
        user.delete(created["id"])
        payload = user.restore(created["id"])
        entry = payload["changeEntry"]
        assert payload["model"] == created | {"version": 3, "updatedAt": entry["timestamp"]}
        assert entry["action"] == "RESTORE"
        assert entry["changes"] == [{"field": "state", "before": "DELETED", "after": "ACTIVE"}]

    def test_refuses_an_active_model(self, user: User) -> None:
        assert faults(user.restore(user.new_model())) == [("INVALID_STATE", ["id"])]

    def test_refuses_another_version_than_expected(self, user: User) -> None:
        model_id = user.new_model()
        user.delete(model_id)
        payload = user.restore(model_id, expectedVersion=1)
        assert faults(payload) == [("VERSION_CONFLICT", ["expectedVersion"])]
