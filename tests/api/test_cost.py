"""The request budget: how many requests to DynamoDB each operation takes."""

import pytest

from tests.api.client import Api
from tests.api.documents import CREATE, DELETE, MODEL, RESTORE, UPDATE
from tests.api.registry import User

VALID = {"name": "n", "source": "s", "license": "l"}
LARGE = "x" * 10_000
NO_MODEL = "00000000-0000-7000-8000-000000000000"


def history(arguments: str, fields: str) -> str:
    return f"""query ($id: ID!) {{
      model(id: $id) {{ id metadata changeHistory{arguments} {{ nodes {{ {fields} }} }} }}
    }}"""


class TestModel:
    """Reading one model."""

    @pytest.mark.parametrize("model_id", [None, NO_MODEL])
    def test_takes_1(self, api: Api, user: User, model_id: str | None) -> None:
        created = user.new_model(metadata=LARGE)
        assert api.requests(MODEL, id=model_id or created) == 1

    def test_takes_none_for_a_malformed_id(self, api: Api) -> None:
        assert api.requests(MODEL, id="x") == 0

    @pytest.mark.parametrize("arguments", ["", "(first: 2)", "(first: 5)", "(first: 100)"])
    def test_takes_1_with_its_newest_changes(self, api: Api, user: User, arguments: str) -> None:
        model_id = user.updated_model(5)
        fields = "version hash fieldsChanged changes { before after }"
        assert api.requests(history(arguments, fields), id=model_id) == 1

    def test_takes_1_with_the_size_in_a_variable(self, api: Api, user: User) -> None:
        model_id = user.updated_model(5)
        query = """query ($id: ID!, $first: Int = 3) {
          model(id: $id) { ...A a: changeHistory(first: 2) { nodes { id } } }
        }
        fragment A on Model { ... { changeHistory(first: $first) { nodes { id } } } }"""
        assert api.requests(query, id=model_id) == 1
        assert api.requests(query, id=model_id, first=4) == 1

    def test_takes_1_with_its_newest_changes_and_files(self, api: Api, user: User) -> None:
        model_id = user.updated_model(5)
        query = """query ($id: ID!) { model(id: $id) {
          a: artifacts { nodes { id } } changeHistory(first: 2) { nodes { version } }
          artifacts(first: 50) { nodes { id } } all: changeHistory { nodes { version } }
        } }"""
        assert api.requests(query, id=model_id) == 1
        assert api.requests(query, id=NO_MODEL) == 1
        model = api.execute(query, id=model_id)["model"]
        assert [entry["version"] for entry in model["changeHistory"]["nodes"]] == [5, 4]
        assert [entry["version"] for entry in model["all"]["nodes"]] == [5, 4, 3, 2, 1]

    def test_takes_1_more_for_files_of_other_statuses(self, api: Api, user: User) -> None:
        model_id = user.updated_model(5)
        query = """query ($id: ID!) { model(id: $id) {
          changeHistory { nodes { id } } artifacts(statuses: [PENDING]) { nodes { id } }
        } }"""
        assert api.requests(query, id=model_id) == 2

    def test_takes_1_more_for_a_later_page(self, api: Api, user: User) -> None:
        model_id = user.updated_model(5)
        query = """query ($id: ID!, $after: String) { model(id: $id) {
          changeHistory(first: 2, after: $after) { nodes { version } pageInfo { endCursor } }
        } }"""
        first = api.execute(query, id=model_id)["model"]["changeHistory"]
        assert api.requests(query, id=model_id, after=first["pageInfo"]["endCursor"]) == 2

    def test_takes_1_more_for_the_models_of_100_entries(self, api: Api, user: User) -> None:
        model_id = user.updated_model(100)
        query = history("(first: 100)", "model { name metadata riskNotes }")
        assert api.requests(query, id=model_id) == 2

    def test_takes_1_more_for_large_values(self, api: Api, user: User) -> None:
        model_id = user.new_model(metadata=LARGE)
        for number in range(5):
            user.update(model_id, metadata=f"{LARGE}{number}")
        assert api.requests(history("", "changes { field }"), id=model_id) <= 2
        assert api.requests(history("", "changes { before after }"), id=model_id) == 2
        assert api.requests(history("", "fieldsChanged version"), id=model_id) == 1

    def test_takes_1_at_a_version(self, api: Api, user: User) -> None:
        assert api.requests(MODEL, id=user.updated_model(3), version=2) == 1

    def test_takes_2_at_an_instant(self, api: Api, user: User) -> None:
        model_id = user.updated_model(5)
        assert api.requests(MODEL, id=model_id, asOf="2999-01-01T00:00:00Z") == 2

    def test_takes_1_more_for_the_changes_of_the_past(self, api: Api, user: User) -> None:
        model_id = user.updated_model(5)
        query = """query ($id: ID!, $version: Int, $asOf: DateTime) {
          model(id: $id, version: $version, asOf: $asOf) { changeHistory { nodes { version } } }
        }"""
        assert api.requests(query, id=model_id, version=3) == 2
        assert api.requests(query, id=model_id, asOf="2999-01-01T00:00:00Z") == 3


class TestNodes:
    """Reading objects by their ids."""

    def test_takes_1_for_100_of_every_kind(self, api: Api, user: User) -> None:
        ids = []
        for _ in range(33):
            payload = user.create()
            ids += [payload["model"]["id"], payload["model"]["id"] + "@1"]
            ids.append(payload["changeEntry"]["id"])
        query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Model { name metadata } } }"
        assert api.requests(query, ids=[*ids, NO_MODEL]) == 1

    def test_takes_1_for_one(self, api: Api, user: User) -> None:
        model_id = user.new_model()
        for node_id in (model_id, f"{model_id}@1", NO_MODEL):
            assert api.requests("query ($id: ID!) { node(id: $id) { id } }", id=node_id) == 1

    def test_takes_1_more_for_the_models_of_entries(self, api: Api, user: User) -> None:
        ids = [user.create()["changeEntry"]["id"] for _ in range(10)]
        query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ChangeEntry { model { id } } } }"
        assert api.requests(query, ids=ids) == 2


class TestModels:
    """Listing models."""

    def test_takes_at_most_3_with_what_lists_do_not_hold(self, api: Api, user: User) -> None:
        for number in range(30):
            user.new_model(name=f"m{number}")
        query = "{ models(first: 100) { nodes { metadata riskNotes } } }"
        assert api.requests(query) <= 3


class TestChanges:
    """Changing a model."""

    @pytest.mark.parametrize("key", [None, "key"])
    @pytest.mark.parametrize("url", [None, "https://example.org/a"])
    def test_takes_1_to_create(self, api: Api, key: str | None, url: str | None) -> None:
        given = VALID | {"idempotencyKey": key, "sourceUrl": url}
        assert api.requests(CREATE, input=given) == 1

    @pytest.mark.parametrize("key", [None, "key"])
    def test_takes_2_to_change(self, api: Api, user: User, key: str | None) -> None:
        model_id = user.new_model(sourceUrl="https://example.org/a")
        given = {"id": model_id, "idempotencyKey": key}
        changed = given | {"sourceUrl": "https://example.org/b", "expectedVersion": 1}
        assert api.requests(UPDATE, input=changed) == 2
        assert api.requests(DELETE, input=given) == 2
        assert api.requests(RESTORE, input=given) == 2

    def test_takes_1_to_change_nothing(self, api: Api, user: User) -> None:
        assert api.requests(UPDATE, input={"id": user.new_model()}) == 1

    def test_takes_1_to_find_no_model(self, api: Api) -> None:
        assert api.requests(UPDATE, input={"id": NO_MODEL}) == 1

    def test_takes_none_to_refuse(self, api: Api) -> None:
        assert api.requests(CREATE, input=VALID | {"name": ""}) == 0
