"""Who is asking, and what that allows."""

import pytest

from models.principal import Principal, Role
from tests.api.client import Api, code, field
from tests.api.conftest import Caller
from tests.api.documents import CREATE, UPDATE
from tests.api.registry import User
from tests.api.stored import Stored

PERSON = Principal("user:ada", frozenset({Role.WRITER}), may_attribute=False)
VALID = {"name": "n", "source": "s", "license": "l"}


class TestViewer:
    """viewer."""

    def test_is_the_principal(self, api: Api, caller: Caller) -> None:
        query = "{ viewer { subject roles } }"
        assert api.execute(query)["viewer"] == {
            "subject": "local",
            "roles": ["ADMIN", "READER", "WRITER"],
        }
        caller.principal = PERSON
        assert api.execute(query)["viewer"] == {"subject": "user:ada", "roles": ["WRITER"]}


class TestAttribution:
    """changedBy."""

    def test_is_the_principal_unless_given(self, user: User, caller: Caller) -> None:
        caller.principal = PERSON
        entry = user.create()["changeEntry"]
        assert (entry["changedBy"], entry["authenticatedAs"]) == ("user:ada", "user:ada")

    def test_may_be_oneself(self, user: User, caller: Caller) -> None:
        caller.principal = PERSON
        assert user.create(changedBy="user:ada")["changeEntry"]["changedBy"] == "user:ada"

    def test_of_another_is_forbidden_for_a_person(
        self, api: Api, user: User, caller: Caller, stored: Stored
    ) -> None:
        model_id = user.new_model()
        before = stored.items()
        caller.principal = PERSON
        for document, given in ((CREATE, VALID), (UPDATE, {"id": model_id, "name": "x"})):
            error = api.error(document, input=given | {"changedBy": "user:bob"})
            assert (code(error), field(error)) == ("FORBIDDEN", ["changedBy"])
        assert stored.items() == before


class TestWithoutCredentials:
    """A request that nobody can be found behind."""

    @pytest.mark.parametrize("body", ["{}", "no JSON", '{"query": "{ viewer { subject } }"}'])
    def test_is_unauthenticated(self, api: Api, caller: Caller, stored: Stored, body: str) -> None:
        caller.principal = None
        reply = api.post_body(body)
        (error,) = reply.json["errors"]
        assert (reply.status, code(error)) == (401, "UNAUTHENTICATED")
        assert reply.headers["www-authenticate"] == "Bearer"
        assert "data" not in reply.json
        assert stored.items() == {}

    def test_is_unauthenticated_as_a_get_too(self, api: Api, caller: Caller) -> None:
        caller.principal = None
        reply = api.get(query="{ __schema { types { name } } }")
        assert (reply.status, code(reply.json["errors"][0])) == (401, "UNAUTHENTICATED")

    def test_still_sees_the_health(self, api: Api, caller: Caller) -> None:
        caller.principal = None
        assert api.send("GET", "/health").status == 200
