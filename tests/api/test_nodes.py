"""node and nodes: anything by its id."""

import base64

import pytest

from tests.api.client import Api, code, field
from tests.api.documents import NODE
from tests.api.registry import User

NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
NO_MODEL = "00000000-0000-7000-8000-000000000000"


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


MALFORMED = {
    "empty": "",
    "space": " ",
    "no id": "no-such-id",
    "upper-case": NO_MODEL.upper().replace("0", "A"),
    "line break at the end": NO_MODEL + "\n",
    "no version": f"{NO_MODEL}@",
    "version 0": f"{NO_MODEL}@0",
    "leading zero": f"{NO_MODEL}@01",
    "negative": f"{NO_MODEL}@-1",
    "foreign digits": f"{NO_MODEL}@\u0661",
    "huge version": f"{NO_MODEL}@{'9' * 10}",
    "5,000 digits": f"{NO_MODEL}@{'9' * 5000}",
    "lone surrogate": "\ud800",
    "lone surrogate in a version": f"{NO_MODEL}@\udfff",
    "NUL": "\x00",
    "NUL in a UUID": NO_MODEL[:-1] + "\x00",
    "100 KB": "A" * 100_000,
    "not base64": "ä" * 40,
    "another kind": encoded(f"artifact:{NO_MODEL}:2026-11-23T10:15:30.123456Z"),
    "no instant": encoded(f"change:{NO_MODEL}:yesterday"),
    "an instant spelt otherwise": encoded(f"change:{NO_MODEL}:2026-11-23T10:15:30Z"),
    "padding": encoded(f"change:{NO_MODEL}:2026-11-23T10:15:30.123456Z") + "=",
}
UNKNOWN = {
    "model": NO_MODEL,
    "version": f"{NO_MODEL}@1",
    "largest version": f"{NO_MODEL}@{2**31 - 1}",
    "change": encoded(f"change:{NO_MODEL}:2026-11-23T10:15:30.123456Z"),
}


class TestNode:
    """node(id)."""

    def test_finds_a_model(self, api: Api, user: User) -> None:
        created = user.create(metadata={"a": 1}, riskNotes="some")["model"]
        assert api.execute(NODE, id=created["id"])["node"] == created | {"__typename": "Model"}

    def test_finds_a_change(self, api: Api, user: User) -> None:
        entry = user.create(metadata={"a": 1}, reason="why")["changeEntry"]
        node = api.execute(NODE, id=entry["id"])["node"]
        assert node == entry | {"__typename": "ChangeEntry"}

    @pytest.mark.parametrize("node_id", MALFORMED.values(), ids=MALFORMED.keys())
    def test_is_null_for_a_malformed_id(self, api: Api, node_id: str) -> None:
        assert api.execute(NODE, id=node_id) == {"node": None}

    @pytest.mark.parametrize("node_id", UNKNOWN.values(), ids=UNKNOWN.keys())
    def test_is_null_for_an_unknown_id(self, api: Api, user: User, node_id: str) -> None:
        user.new_model()
        assert api.execute(NODE, id=node_id) == {"node": None}

    @pytest.mark.parametrize("node_id", MALFORMED.values(), ids=MALFORMED.keys())
    def test_model_is_null_for_a_malformed_id(self, api: Api, node_id: str) -> None:
        query = """query ($id: ID!) {
          now: model(id: $id) { id }
          changes: model(id: $id) { changeHistory { nodes { id } } }
          version: model(id: $id, version: 1) { id }
          instant: model(id: $id, asOf: "2026-11-23T10:15:30Z") { id }
        }"""
        answer = api.execute(query, id=node_id)
        assert answer == {"now": None, "changes": None, "version": None, "instant": None}

    def test_takes_an_integer_as_graphql_does(self, api: Api) -> None:
        assert api.execute("{ node(id: 7) { id } }") == {"node": None}


class TestNodes:
    """nodes(ids)."""

    def test_finds_each_in_its_place(self, api: Api, user: User) -> None:
        payload = user.create()
        model_id, change_id = payload["model"]["id"], payload["changeEntry"]["id"]
        ids = [change_id, NO_MODEL, f"{model_id}@1", "\ud800", model_id, model_id, f"{model_id}@2"]
        assert api.execute(NODES, ids=ids)["nodes"] == [
            {"__typename": "ChangeEntry", "id": change_id},
            None,
            {"__typename": "Model", "id": f"{model_id}@1"},
            None,
            {"__typename": "Model", "id": model_id},
            {"__typename": "Model", "id": model_id},
            None,
        ]

    def test_is_empty_for_no_ids(self, api: Api) -> None:
        assert api.execute(NODES, ids=[]) == {"nodes": []}

    def test_takes_100_ids(self, api: Api) -> None:
        assert api.execute(NODES, ids=[NO_MODEL] * 100) == {"nodes": [None] * 100}

    def test_refuses_101_ids(self, api: Api) -> None:
        error = api.error(NODES, ids=[NO_MODEL] * 101)
        assert (code(error), field(error)) == ("BAD_USER_INPUT", ["ids"])

    def test_refuses_null_among_the_ids(self, api: Api) -> None:
        error = api.error(NODES, ids=[NO_MODEL, None])
        assert (code(error), field(error)) == ("BAD_USER_INPUT", ["ids", "1"])
