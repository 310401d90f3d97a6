"""API keys through the API: made, listed, revoked."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from models import timestamps
from models.access.keyring import CACHE_SECONDS
from models.access.record import token_sha256
from models.ids import api_key_node_id
from models.timestamps import shifted
from tests.api.access.gate import Gate
from tests.api.access.guest import VIEWER, Guest, bearer
from tests.api.client import Answer, Api
from tests.api.stored import Stored

NO_KEY = "00000000-0000-7000-8000-000000000000"
FIELDS = "id name role createdAt createdBy expiresAt revokedAt revokedBy subject"
CREATE_KEY = f"""mutation ($input: CreateApiKeyInput!) {{ createApiKey(input: $input) {{
  apiKey {{ {FIELDS} }} secret userErrors {{ code message field }}
}} }}"""
REVOKE_KEY = f"""mutation ($input: RevokeApiKeyInput!) {{ revokeApiKey(input: $input) {{
  apiKey {{ {FIELDS} }} userErrors {{ code message field }}
}} }}"""
LIST_KEYS = f"""query ($first: Int, $after: String) {{ apiKeys(first: $first, after: $after) {{
  nodes {{ {FIELDS} }} edges {{ cursor node {{ id }} }}
  pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
}} }}"""


def create(guest: Guest, **fields: object) -> Answer:
    given = {"name": "nightly", "role": "WRITER"} | fields
    payload: Answer = guest.execute(CREATE_KEY, input=given)["createApiKey"]
    return payload


def revoke(guest: Guest, key_id: str) -> Answer:
    payload: Answer = guest.execute(REVOKE_KEY, input={"id": key_id})["revokeApiKey"]
    return payload


class TestCreateApiKey:
    """createApiKey."""

    def test_gives_a_key_that_works(self, api: Api, admin: Guest) -> None:
        made = create(admin)
        assert made["userErrors"] == []
        key = made["apiKey"]
        viewer = Guest(api, bearer(made["secret"])).execute(VIEWER)["viewer"]
        assert viewer == {"subject": key["subject"], "roles": ["READER", "WRITER"]}
        assert (key["name"], key["role"], key["revokedAt"]) == ("nightly", "WRITER", None)
        assert key["createdBy"] == admin.execute(VIEWER)["viewer"]["subject"]

    def test_a_person_who_is_admin_may(self, person: Callable[..., Guest]) -> None:
        assert create(person("ADMIN"))["apiKey"]["createdBy"] == "user:ada"

    def test_shows_the_secret_once_and_keeps_only_its_hash(
        self, admin: Guest, stored: Stored
    ) -> None:
        secret = create(admin)["secret"]
        raw = json.dumps(list(stored.items().values()), default=str)
        assert token_sha256(secret) in raw
        assert secret not in raw
        assert secret[-43:] not in raw
        shown = json.dumps(admin.execute(LIST_KEYS))
        assert secret[-43:] not in shown
        assert token_sha256(secret) not in shown

    def test_takes_one_request(self, admin: Guest) -> None:
        admin.execute(VIEWER)
        assert admin.requests(CREATE_KEY, input={"name": "n", "role": "READER"}) == 1

    def test_refuses_a_time_in_the_past(self, admin: Guest, stored: Stored) -> None:
        before = stored.items()
        past = shifted(timestamps.now(), timedelta(seconds=-1))
        payload = create(admin, name="", expiresAt=past)
        assert (payload["apiKey"], payload["secret"]) == (None, None)
        told = [(error["code"], error["field"]) for error in payload["userErrors"]]
        assert told == [("INVALID_INPUT", ["name"]), ("INVALID_INPUT", ["expiresAt"])]
        assert stored.items() == before

    def test_takes_a_time_in_any_zone(self, admin: Guest) -> None:
        key = create(admin, expiresAt="2999-01-01T02:00:00+02:00")["apiKey"]
        assert key["expiresAt"] == "2999-01-01T00:00:00.000000Z"

    @pytest.mark.parametrize("name", ["", "x" * 129, " a", "a ", "a\nb", "a\tb", "a\x00b", "\x7f"])
    def test_refuses_what_is_no_name(self, admin: Guest, name: str) -> None:
        (error,) = create(admin, name=name)["userErrors"]
        assert (error["code"], error["field"]) == ("INVALID_INPUT", ["name"])

    @pytest.mark.parametrize("name", ["x", "x" * 128, "😀" * 128])
    def test_takes_a_name_in_any_script(self, admin: Guest, name: str) -> None:
        assert create(admin, name=name)["apiKey"]["name"] == name

    @pytest.mark.parametrize("given", [{"role": "KING"}, {"role": None}, {"name": None}])
    def test_other_inputs_are_errors_of_the_request(
        self, admin: Guest, given: dict[str, object]
    ) -> None:
        given = {"name": "n", "role": "READER"} | given
        assert admin.codes(CREATE_KEY, input=given) == ["BAD_USER_INPUT"]


class TestRevokeApiKey:
    """revokeApiKey."""

    def test_stops_the_key_within_a_minute(self, api: Api, admin: Guest, gate: Gate) -> None:
        made = create(admin)
        job = Guest(api, bearer(made["secret"]))
        job.execute(VIEWER)
        revoked = revoke(admin, made["apiKey"]["id"])
        assert revoked["userErrors"] == []
        assert revoked["apiKey"]["revokedAt"] > made["apiKey"]["createdAt"]
        assert revoked["apiKey"]["revokedBy"] == admin.execute(VIEWER)["viewer"]["subject"]
        gate.seconds = CACHE_SECONDS
        assert job.post(VIEWER).status == 401

    def test_twice_is_as_once(self, admin: Guest, stored: Stored) -> None:
        key_id = create(admin)["apiKey"]["id"]
        first = revoke(admin, key_id)
        before = stored.items()
        assert revoke(admin, key_id) == first
        assert stored.items() == before

    def test_an_admin_may_revoke_the_own_key(self, admin: Guest, gate: Gate) -> None:
        (key,) = admin.execute(LIST_KEYS)["apiKeys"]["nodes"]
        assert revoke(admin, key["id"])["apiKey"]["revokedAt"]
        gate.seconds = CACHE_SECONDS
        assert admin.post(VIEWER).status == 401

    @pytest.mark.parametrize("key_id", ["", "x", NO_KEY, api_key_node_id(NO_KEY)])
    def test_finds_no_other(self, admin: Guest, key_id: str) -> None:
        payload = revoke(admin, key_id)
        assert payload["apiKey"] is None
        (error,) = payload["userErrors"]
        assert (error["code"], error["field"]) == ("NOT_FOUND", ["id"])


class TestApiKeys:
    """apiKeys."""

    def test_pages_hold_each_key_once_newest_first(self, admin: Guest) -> None:
        made = [create(admin, name=f"key {number}")["apiKey"] for number in range(5)]
        found, after, pages = [], None, 0
        while True:
            page = admin.execute(LIST_KEYS, first=2, after=after)["apiKeys"]
            assert page["pageInfo"]["hasPreviousPage"] == (after is not None)
            assert [edge["node"]["id"] for edge in page["edges"]] == [
                n["id"] for n in page["nodes"]
            ]
            assert page["edges"][-1]["cursor"] == page["pageInfo"]["endCursor"]
            found += page["nodes"]
            pages, after = pages + 1, page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert found[:-1] == made[::-1]
        assert found[-1]["name"] == "of the tests"
        assert pages == 3

    def test_shows_revoked_keys_too(self, admin: Guest) -> None:
        revoked = revoke(admin, create(admin)["apiKey"]["id"])["apiKey"]
        assert admin.execute(LIST_KEYS)["apiKeys"]["nodes"][0] == revoked

    def test_takes_one_request(self, admin: Guest) -> None:
        admin.execute(VIEWER)
        assert admin.requests(LIST_KEYS) == 1

    @pytest.mark.parametrize("first", [0, -1, 101])
    def test_refuses_other_sizes(self, admin: Guest, first: int) -> None:
        assert admin.codes(LIST_KEYS, first=first) == ["BAD_USER_INPUT"]

    @pytest.mark.parametrize("after", ["", "x", "bW9kZWxz"])
    def test_refuses_what_is_no_cursor(self, admin: Guest, after: str) -> None:
        assert admin.codes(LIST_KEYS, after=after) == ["BAD_USER_INPUT"]

    def test_refuses_a_cursor_of_another_list(self, admin: Guest) -> None:
        create_model = """mutation { createModel(input: {name: "n", source: "s", license: "l"})
          { model { id } } }"""
        admin.execute(create_model)
        page = admin.execute("{ models { pageInfo { endCursor } } }")["models"]["pageInfo"]
        assert admin.codes(LIST_KEYS, after=page["endCursor"]) == ["BAD_USER_INPUT"]
