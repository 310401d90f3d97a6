"""Headers, methods and request ids: on every answer, through both doors."""

import logging
from typing import Final

import pytest

import graph.health
from graph.security_headers import HEADERS
from models.settings import Settings
from tests.api.client import JSON_BODY, code
from tests.api.conftest import Caller, OpenDoor
from tests.api.doors import REQUEST_ID, Call, Door, LambdaDoor

HTML: Final = {"accept": "text/html"}
EXPECTED: Final = {name.lower(): value for name, value in HEADERS.items()}
QUERY: Final = b'{"query": "{ viewer { subject } }"}'
CALLS: Final = {
    "a query": (Call("POST", headers=JSON_BODY, body=QUERY), 200),
    "an error": (Call("POST", headers=JSON_BODY, body=b"{"), 400),
    "a query by GET": (Call("GET", query_string="query={__typename}"), 200),
    "another media type": (Call("POST", body=QUERY), 415),
    "another method": (Call("DELETE"), 405),
    "no method that anybody knows": (Call("BREW"), 405),
    "HEAD": (Call("HEAD"), 405),
    "OPTIONS": (Call("OPTIONS"), 405),
    "health": (Call("GET", "/health"), 200),
    "health by another method": (Call("POST", "/health"), 405),
    "the redirection": (Call("GET", "/"), 307),
    "a slash too many": (Call("GET", "/graphql/"), 404),
    "a page that is not there": (Call("GET", "/nowhere"), 404),
}


@pytest.fixture
def door(open_door: OpenDoor, caller: Caller) -> Door:
    assert caller.principal
    return open_door(Settings())


class TestEveryAnswer:
    """What it carries."""

    @pytest.mark.parametrize("name", CALLS)
    def test_has_the_headers(self, door: Door, name: str) -> None:
        call, status = CALLS[name]
        reply = door.send(call)
        assert reply.status == status
        assert EXPECTED.items() <= reply.headers.items()
        assert reply.headers["x-request-id"]
        assert "server" not in reply.headers
        assert "set-cookie" not in reply.headers

    def test_has_them_without_credentials(self, door: Door, caller: Caller) -> None:
        caller.principal = None
        reply = door.send(CALLS["a query"][0])
        assert reply.status == 401
        assert EXPECTED.items() <= reply.headers.items()

    @pytest.mark.parametrize("path", ["/graphql", "/health"])
    def test_has_them_where_all_fails(
        self,
        door: Door,
        caller: Caller,
        path: str,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        def fail() -> str:
            raise caller.failure or AssertionError

        caller.failure = RuntimeError("secret of the table")
        monkeypatch.setattr(graph.health, "service_version", fail)
        with caplog.at_level(logging.ERROR):
            reply = door.send(Call("GET", path, query_string="query={__typename}"))
        assert reply.status == 500
        assert EXPECTED.items() <= reply.headers.items()
        (error,) = reply.json["errors"]
        assert code(error) == "INTERNAL_SERVER_ERROR"
        assert error["extensions"]["requestId"] == reply.headers["x-request-id"]
        assert error["extensions"]["requestId"] in caplog.text
        assert b"secret" not in reply.body


class TestPage:
    """GraphiQL, which says itself what it may do."""

    def test_keeps_its_own_policy(self, door: Door) -> None:
        reply = door.send(Call("GET", headers=HTML))
        assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
        policy = reply.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe-inline" not in policy
        assert "frame-ancestors 'none'" in policy
        missing = EXPECTED.keys() - reply.headers.keys()
        assert not missing

    def test_has_files_with_the_headers(self, door: Door) -> None:
        reply = door.send(Call("GET", "/graphql/assets/boot.js"))
        assert reply.status == 200
        assert reply.headers["cache-control"] != EXPECTED["cache-control"]
        assert reply.headers["content-security-policy"] == EXPECTED["content-security-policy"]

    def test_can_be_switched_off(self, open_door: OpenDoor) -> None:
        door = open_door(Settings(playground=False))
        reply = door.send(Call("GET", headers=HTML))
        assert (reply.status, reply.headers["content-type"]) == (
            406,
            "application/json; charset=utf-8",
        )
        assert door.send(Call("GET", "/graphql/assets/boot.js")).status == 404


class TestMethods:
    """Of GraphQL's path."""

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE", "CONNECT", "BREW", "OPTIONS"])
    @pytest.mark.parametrize(("get", "allow"), [(True, "GET, POST"), (False, "POST")])
    def test_others_are_told_which_there_are(
        self, open_door: OpenDoor, method: str, get: bool, allow: str
    ) -> None:
        reply = open_door(Settings(get_queries=get)).send(Call(method))
        assert (reply.status, reply.headers["allow"]) == (405, allow)
        assert code(reply.json["errors"][0]) == "BAD_USER_INPUT"

    def test_get_can_be_switched_off(self, open_door: OpenDoor) -> None:
        door = open_door(Settings(get_queries=False))
        reply = door.send(CALLS["a query by GET"][0])
        assert (reply.status, reply.headers["allow"]) == (405, "POST")
        assert door.send(CALLS["a query"][0]).status == 200
        assert door.send(Call("GET", headers=HTML)).status == 200


class TestIntrospection:
    """The schema, asked of the API."""

    @pytest.mark.parametrize(
        "query", ["{ __schema { queryType { name } } }", '{ __type(name: \\"Model\\") { name } }']
    )
    @pytest.mark.parametrize("is_on", [True, False])
    def test_can_be_switched_off(self, open_door: OpenDoor, query: str, is_on: bool) -> None:
        door = open_door(Settings(introspection=is_on))
        body = f'{{"query": "{query}"}}'.encode()
        reply = door.send(Call("POST", headers=JSON_BODY, body=body))
        assert ("errors" not in reply.json) == is_on
        if not is_on:
            assert code(reply.json["errors"][0]) == "GRAPHQL_VALIDATION_FAILED"


class TestRequestId:
    """x-request-id."""

    def test_is_never_the_clients_own(self, door: Door) -> None:
        reply = door.send(Call("GET", "/health", headers={"x-request-id": "mine"}))
        assert reply.headers["x-request-id"] != "mine"

    def test_is_the_gateways(self, door: Door) -> None:
        reply = door.send(Call("GET", "/nowhere"))
        assert (reply.headers["x-request-id"] == REQUEST_ID) == isinstance(door, LambdaDoor)
