"""CORS: pages of configured origins may ask, and no others; cookies are never in play."""

import json
from dataclasses import replace
from typing import Final

import pytest

from models.settings import Settings
from tests.api.conftest import Caller, OpenDoor
from tests.api.doors import Call, Door, Reply

OURS: Final = "https://models.example.com"
OTHERS: Final = (
    "https://evil.example",
    "https://models.example.com.evil.example",
    "https://sub.models.example.com",
    "http://models.example.com",
    "https://models.example.com:8443",
    "null",
)
SETTINGS: Final = Settings(cors_origins=(OURS, "http://localhost:5173"))
SENT: Final = ("authorization", "content-type", "x-api-key", "idempotency-key")
QUERY: Final = json.dumps({"query": "{ viewer { subject } }"}).encode()


@pytest.fixture
def door(open_door: OpenDoor, caller: Caller) -> Door:
    assert caller.principal
    return open_door(SETTINGS)


def preflight(origin: str, method: str = "POST", headers: str = ", ".join(SENT)) -> Call:
    return Call(
        "OPTIONS",
        headers={
            "origin": origin,
            "access-control-request-method": method,
            "access-control-request-headers": headers,
        },
    )


def ask(origin: str | None, body: bytes = QUERY) -> Call:
    headers = {"content-type": "application/json"}
    return Call("POST", headers=headers | ({"origin": origin} if origin else {}), body=body)


def names(value: str) -> set[str]:
    return {name.strip().lower() for name in value.split(",")}


def allowed_origin(reply: Reply) -> str | None:
    assert "access-control-allow-credentials" not in reply.headers
    return reply.headers.get("access-control-allow-origin")


class TestPreflight:
    """OPTIONS, as a browser sends it before a page's request."""

    @pytest.mark.parametrize("origin", SETTINGS.cors_origins)
    def test_of_a_configured_origin_is_granted(self, door: Door, origin: str) -> None:
        reply = door.send(preflight(origin))
        assert (reply.status, allowed_origin(reply)) == (200, origin)
        assert names(reply.headers["access-control-allow-methods"]) == {
            "delete",
            "get",
            "post",
            "put",
        }
        assert names(reply.headers["access-control-allow-headers"]) >= {*SENT, "x-request-id"}
        assert reply.headers["access-control-max-age"] == "3600"
        assert "origin" in names(reply.headers["vary"])

    @pytest.mark.parametrize("origin", OTHERS)
    def test_of_another_is_refused(self, door: Door, origin: str) -> None:
        reply = door.send(preflight(origin))
        assert (reply.status, allowed_origin(reply)) == (400, None)

    @pytest.mark.parametrize(("method", "header"), [("PATCH", SENT[0]), ("POST", "x-evil")])
    def test_of_more_than_is_used_is_refused(self, door: Door, method: str, header: str) -> None:
        assert door.send(preflight(OURS, method, header)).status == 400

    def test_asks_for_no_credentials(self, door: Door, caller: Caller) -> None:
        caller.principal = None
        assert door.send(preflight(OURS)).status == 200


class TestRequests:
    """What a page asks."""

    def test_of_a_configured_origin_may_be_read(self, door: Door) -> None:
        reply = door.send(ask(OURS))
        assert (reply.status, allowed_origin(reply)) == (200, OURS)
        assert names(reply.headers["access-control-expose-headers"]) == {"x-request-id"}
        assert names(reply.headers["vary"]) == {"accept", "origin"}

    @pytest.mark.parametrize("origin", [*OTHERS, None])
    def test_of_another_may_not(self, door: Door, origin: str | None) -> None:
        assert allowed_origin(door.send(ask(origin))) is None

    def test_may_be_read_where_they_fail(self, door: Door, caller: Caller) -> None:
        assert allowed_origin(door.send(ask(OURS, b"{"))) == OURS
        assert allowed_origin(door.send(Call("PUT", headers={"origin": OURS}))) == OURS
        assert allowed_origin(door.send(Call("GET", "/nowhere", headers={"origin": OURS}))) == OURS
        caller.principal = None
        assert allowed_origin(door.send(ask(OURS))) == OURS
        caller.failure = RuntimeError("no table")
        assert allowed_origin(door.send(ask(OURS))) == OURS


class TestWithoutOrigins:
    """Nothing is configured."""

    @pytest.fixture
    def door(self, open_door: OpenDoor) -> Door:
        return open_door(replace(SETTINGS, cors_origins=()))

    def test_nobody_is_let_in(self, door: Door) -> None:
        for call in (preflight(OURS), ask(OURS), preflight("null"), ask("null")):
            reply = door.send(call)
            assert not [name for name in reply.headers if name.startswith("access-control-")]

    def test_options_is_another_method(self, door: Door) -> None:
        reply = door.send(preflight(OURS))
        assert (reply.status, reply.headers["allow"]) == (405, "GET, POST")
