"""Who may speak to the local server."""

import asyncio
import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from graph.local.guard import LoopbackGuard

PORT = 8000
PASSED: Message = {"type": "passed"}
OWN_HOST = (b"host", b"127.0.0.1:8000")


async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
    """What is guarded."""
    await send(PASSED)


def ask(
    *headers: tuple[bytes, bytes],
    port: int = PORT,
    page_ports: Sequence[int] = (PORT,),
    kind: str = "http",
) -> list[Message]:
    """What comes back for a request with exactly these headers."""
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("the guard reads no body")

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {"type": kind, "headers": headers}
    asyncio.run(LoopbackGuard(app, port=port, page_ports=page_ports)(scope, receive, send))
    return sent


def is_refused(answer: list[Message]) -> bool:
    return answer[0].get("status") == 403


class TestHost:
    """The Host header."""

    @pytest.mark.parametrize(
        "host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LocalHost:8000"]
    )
    def test_a_loopback_name_with_the_own_port_is_answered(self, host: str) -> None:
        assert ask((b"host", host.encode())) == [PASSED]

    @pytest.mark.parametrize(
        "host",
        [
            "",
            "localhost",
            "localhost:8001",
            "localhost:08000",
            "localhost.:8000",
            "localhost:8000.evil.example",
            "evil.example",
            "evil.example:8000",
            "localhost.evil.example:8000",
            "127.0.0.1:8000@evil.example",
            "127.0.0.1:8000, evil.example",
            "127.1:8000",
            "0.0.0.0:8000",
            "::1:8000",
            "192.168.0.7:8000",
            "local\u0130host:8000",
        ],
    )
    def test_any_other_is_refused(self, host: str) -> None:
        assert is_refused(ask((b"host", host.encode())))

    @given(st.binary())
    def test_no_bytes_of_a_host_do_harm(self, host: bytes) -> None:
        assert is_refused(ask((b"host", host)))

    def test_none_is_refused(self) -> None:
        assert is_refused(ask((b"accept", b"*/*")))

    def test_two_are_refused(self) -> None:
        assert is_refused(ask(OWN_HOST, OWN_HOST))
        assert is_refused(ask(OWN_HOST, (b"Host", b"evil.example")))

    def test_the_port_of_http_may_be_left_out(self) -> None:
        assert ask((b"host", b"localhost"), port=80) == [PASSED]
        assert ask((b"host", b"localhost:80"), port=80) == [PASSED]


class TestOrigin:
    """The Origin header."""

    @pytest.mark.parametrize(
        "origin", ["http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"]
    )
    def test_the_own_pages_are_answered(self, origin: str) -> None:
        assert ask(OWN_HOST, (b"origin", origin.encode())) == [PASSED]

    @pytest.mark.parametrize(
        "origin",
        [
            "",
            "null",
            "http://localhost",
            "http://localhost:3000",
            "https://localhost:8000",
            "http://evil.example",
            "http://evil.example:8000",
            "http://localhost:8000.evil.example",
            "file://",
        ],
    )
    def test_any_other_is_refused(self, origin: str) -> None:
        assert is_refused(ask(OWN_HOST, (b"origin", origin.encode())))

    def test_an_own_one_does_not_excuse_a_foreign_one(self) -> None:
        own, foreign = (b"origin", b"http://localhost:8000"), (b"origin", b"http://evil.example")
        assert is_refused(ask(OWN_HOST, own, foreign))

    def test_pages_of_another_port_pass_where_they_are_expected(self) -> None:
        page = (b"origin", b"http://localhost:9000")
        assert ask(OWN_HOST, page, page_ports=[9000]) == [PASSED]
        assert is_refused(ask(OWN_HOST, (b"origin", b"http://localhost:8000"), page_ports=[9000]))


class TestFetchMetadata:
    """What a browser says of a GET for which it sends no Origin."""

    @pytest.mark.parametrize("mode", [b"no-cors", b"cors", b"same-origin", b""])
    def test_a_page_of_another_site_is_refused(self, mode: bytes) -> None:
        site, mode_header = (b"sec-fetch-site", b"cross-site"), (b"sec-fetch-mode", mode)
        assert ask(OWN_HOST, site, mode_header) != [PASSED]

    @pytest.mark.parametrize("site", [b"same-origin", b"same-site", b"none"])
    def test_the_own_pages_and_typed_addresses_are_answered(self, site: bytes) -> None:
        assert ask(OWN_HOST, (b"sec-fetch-site", site)) == [PASSED]

    def test_a_link_from_another_site_can_be_followed(self) -> None:
        site, mode = (b"sec-fetch-site", b"cross-site"), (b"sec-fetch-mode", b"navigate")
        assert ask(OWN_HOST, site, mode) == [PASSED]


class TestRefusal:
    """What a refused request is told."""

    def test_it_is_a_coded_error(self) -> None:
        start, body = ask((b"host", b"evil.example"))
        assert start["status"] == 403
        assert (b"content-type", b"application/json") in start["headers"]
        assert json.loads(body["body"]) == {
            "errors": [
                {
                    "message": "This server answers only to localhost, 127.0.0.1 or [::1] "
                    "with its own port.",
                    "extensions": {"code": "FORBIDDEN"},
                }
            ]
        }

    def test_a_websocket_is_closed_before_it_opens(self) -> None:
        answer = ask((b"host", b"evil.example"), kind="websocket")
        assert answer == [{"type": "websocket.close", "code": 1008}]

    def test_the_start_of_the_server_is_no_request(self) -> None:
        assert ask(kind="lifespan") == [PASSED]
