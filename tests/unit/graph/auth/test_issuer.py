"""The keys of an issuer: asked for seldom, and from nobody else."""

import json
from collections.abc import Iterator
from threading import Event, Thread

import pytest

from graph.auth.issuer import (
    FRESH_SECONDS,
    RETRY_SECONDS,
    STALE_SECONDS,
    TIMEOUT_SECONDS,
    WAITING_MAX,
    IssuerKeys,
)
from models.errors import Misconfigured
from tests.api.issuer import CONFIGURATION, KEYS, Issuer, rsa_key, served
from tests.unit.models.evaluation.upstreams import RawServer

ONCE = [CONFIGURATION, KEYS]
DEEP = pytest.param(b"[" * 100_000, id="deep")


class Desk:
    """The keys of an issuer that answers without HTTP, at a time that tests set."""

    def __init__(self, issuer: Issuer) -> None:
        self.issuer = issuer
        self.seconds = 0.0
        self.keys = IssuerKeys(issuer.url, issuer.fetch, lambda: self.seconds)

    def knows(self, key_id: str) -> bool:
        """Tell whether there is a key."""
        found = self.keys.key(key_id)
        assert found is None or found["kid"] == key_id
        return found is not None


@pytest.fixture
def desk() -> Desk:
    return Desk(Issuer())


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with served(Issuer()) as issuer:
        yield issuer


class TestKnown:
    """Keys that the issuer publishes."""

    def test_nothing_is_asked_before_the_first_token(self, desk: Desk) -> None:
        assert desk.issuer.asked == []

    def test_they_are_found_by_discovery_and_kept(self, desk: Desk) -> None:
        for _ in range(5):
            assert desk.knows("key-1")
            desk.seconds += FRESH_SECONDS / 5 - 0.01
        assert desk.issuer.asked == ONCE

    def test_they_are_asked_for_again_when_they_are_old(self, desk: Desk) -> None:
        desk.knows("key-1")
        desk.seconds = FRESH_SECONDS
        assert desk.knows("key-1")
        assert desk.issuer.asked == ONCE * 2

    def test_a_withdrawn_one_is_refused_then(self, desk: Desk) -> None:
        desk.knows("key-1")
        desk.issuer.rotate()
        desk.seconds = FRESH_SECONDS - 0.01
        assert desk.knows("key-1")
        desk.seconds = FRESH_SECONDS
        assert not desk.knows("key-1")

    def test_a_slash_at_the_end_of_the_issuer_is_not_doubled(self) -> None:
        issuer = Issuer("https://issuer.example/")
        issuer.answers[CONFIGURATION] = json.dumps(
            {"issuer": issuer.url, "jwks_uri": "https://keys.example/keys"}
        ).encode()
        assert Desk(issuer).knows("key-1")

    def test_nobody_waits_for_them_while_another_is_asked_for(self, desk: Desk) -> None:
        desk.knows("key-1")
        asking, go_on = Event(), Event()

        def slowly(_: str) -> bytes:
            asking.set()
            go_on.wait(10)
            raise OSError

        desk.keys._fetch = slowly
        other = Thread(target=desk.knows, args=["unknown"])
        other.start()
        assert asking.wait(10)
        assert desk.knows("key-1")
        go_on.set()
        other.join()

    def test_only_some_wait_for_a_slow_issuer(self, desk: Desk) -> None:
        desk.knows("key-1")
        desk.seconds = FRESH_SECONDS
        go_on = Event()

        def slowly(_: str) -> bytes:
            go_on.wait(10)
            raise OSError

        desk.keys._fetch = slowly
        waiting = [Thread(target=desk.knows, args=["key-1"]) for _ in range(WAITING_MAX)]
        for thread in waiting:
            thread.start()
        while desk.keys._waiting.acquire(blocking=False):
            desk.keys._waiting.release()
        assert desk.knows("key-1")
        assert not desk.knows("unknown")
        go_on.set()
        for thread in waiting:
            thread.join()


class TestUnknown:
    """Keys that were not there when the issuer was asked."""

    def test_a_new_one_is_asked_for_at_once(self, desk: Desk) -> None:
        desk.knows("key-1")
        new = desk.issuer.rotate()
        assert desk.knows(new.id)
        assert not desk.knows("key-1")
        assert desk.issuer.asked == ONCE * 2

    def test_it_is_asked_for_once_and_not_for_each_request(self, desk: Desk) -> None:
        desk.knows("key-1")
        for number in range(100):
            assert not desk.knows(f"unknown {number}")
            assert not desk.knows("unknown")
        assert desk.issuer.asked == ONCE * 2
        desk.seconds = RETRY_SECONDS
        assert not desk.knows("unknown")
        assert desk.issuer.asked == ONCE * 3

    def test_a_key_is_found_soon_where_others_were_asked_for(self, desk: Desk) -> None:
        desk.knows("key-1")
        desk.knows("unknown")
        new = desk.issuer.rotate()
        desk.seconds = RETRY_SECONDS
        assert desk.knows(new.id)


class TestUnreachable:
    """An issuer that does not answer."""

    def test_at_first_lets_nobody_in_and_is_not_asked_each_time(self, desk: Desk) -> None:
        desk.issuer.is_up = False
        for _ in range(10):
            assert not desk.knows("key-1")
        assert desk.issuer.asked == [CONFIGURATION]

    def test_is_logged(self, desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
        desk.issuer.is_up = False
        desk.knows("key-1")
        (record,) = caplog.records
        expected = f"the keys of {desk.issuer.url} cannot be read: ConnectionRefusedError()"
        assert record.getMessage() == expected

    def test_is_asked_again_soon(self, desk: Desk) -> None:
        desk.issuer.is_up = False
        desk.knows("key-1")
        desk.issuer.is_up = True
        desk.seconds = RETRY_SECONDS
        assert desk.knows("key-1")

    def test_later_leaves_what_is_known(self, desk: Desk) -> None:
        desk.knows("key-1")
        desk.issuer.is_up = False
        desk.seconds = FRESH_SECONDS
        desk.issuer.asked.clear()
        for _ in range(10):
            assert desk.knows("key-1")
        assert desk.issuer.asked == [CONFIGURATION]

    def test_for_long_leaves_nothing(self, desk: Desk) -> None:
        desk.knows("key-1")
        desk.issuer.is_up = False
        while desk.seconds < STALE_SECONDS - RETRY_SECONDS:
            desk.seconds += RETRY_SECONDS
            assert desk.knows("key-1")
        desk.seconds += RETRY_SECONDS
        assert not desk.knows("key-1")

    def test_does_not_answer_the_keys_alone(self, desk: Desk) -> None:
        desk.knows("key-1")
        desk.issuer.answers[KEYS] = b"<html>"
        desk.seconds = FRESH_SECONDS
        assert desk.knows("key-1")


class TestOddAnswers:
    """What an issuer should not answer: it lets nobody in, and does no other harm."""

    @pytest.mark.parametrize(
        "body",
        [b"<html>", b"null", b"[]", b'"a"', b"{}", b"\xff\xfe", b"NaN", b"1" * 5_000, DEEP]
        + [
            json.dumps(configuration).encode()
            for configuration in (
                {"issuer": "https://other.example", "jwks_uri": "https://issuer.example/keys"},
                {"issuer": "https://issuer.example/", "jwks_uri": "https://issuer.example/keys"},
                {"jwks_uri": "https://issuer.example/keys"},
                {"issuer": "https://issuer.example"},
                {"issuer": "https://issuer.example", "jwks_uri": None},
                {"issuer": "https://issuer.example", "jwks_uri": ["https://issuer.example/keys"]},
                {"issuer": "https://issuer.example", "jwks_uri": "http://issuer.example/keys"},
                {"issuer": "https://issuer.example", "jwks_uri": "file:///etc/passwd"},
                {"issuer": "https://issuer.example", "jwks_uri": "https://[/keys"},
                {"issuer": "https://issuer.example", "jwks_uri": ""},
            )
        ],
    )
    def test_of_its_configuration(self, desk: Desk, body: bytes) -> None:
        desk.issuer.answers[CONFIGURATION] = body
        assert not desk.knows("key-1")
        assert KEYS not in desk.issuer.asked

    @pytest.mark.parametrize(
        "body",
        [
            *(b"<html>", b"null", b"[]", b"{}", b"\xff", DEEP, b'{"keys": {"key-1": {}}}'),
            *(b'{"keys": null}', b'{"keys": ["key-1", 1, null, []]}'),
        ],
    )
    def test_of_its_keys(self, desk: Desk, body: bytes) -> None:
        desk.issuer.answers[KEYS] = body
        assert not desk.knows("key-1")

    @pytest.mark.parametrize("key_id", [None, 1, ["key-1"], {"a": 1}, True])
    def test_one_odd_key_does_not_hide_the_others(self, desk: Desk, key_id: object) -> None:
        odd = {"kty": "RSA", "kid": key_id}
        desk.issuer.answers[KEYS] = json.dumps({"keys": [odd, rsa_key("key-1").jwk]}).encode()
        assert desk.knows("key-1")


class TestUrl:
    """What an issuer's URL may be."""

    @pytest.mark.parametrize(
        "url",
        [
            *("http://issuer.example", "http://127.0.0.1.evil.example", "http://10.0.0.1"),
            *("http://localhost.evil.example", "http://localhost@evil.example", "issuer.example"),
            *("ftp://issuer.example", "file:///etc/passwd", "https://", "https://[", "", "https:"),
        ],
    )
    def test_others_can_change_the_answers_of_some(self, url: str) -> None:
        with pytest.raises(Misconfigured, match=r"^OIDC_ISSUER must be an https URL\.$"):
            IssuerKeys(url)

    @pytest.mark.parametrize(
        "url",
        [
            "https://issuer.example/realms/a",
            "http://localhost:8080",
            "http://127.0.0.1",
            "http://[::1]:1",
        ],
    )
    def test_https_and_loopback_are_taken(self, url: str) -> None:
        IssuerKeys(url)


class TestHttp:
    """What goes over the wire."""

    def test_keys_are_fetched(self, issuer: Issuer) -> None:
        keys = IssuerKeys(issuer.url)
        assert keys.key("key-1") == rsa_key("key-1").jwk
        assert issuer.asked == ONCE

    def test_an_unreachable_issuer_has_none(self) -> None:
        with served(Issuer()) as issuer:
            pass
        assert IssuerKeys(issuer.url).key("key-1") is None

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_no_redirect_is_followed(self, issuer: Issuer, status: int) -> None:
        moved = f"HTTP/1.0 {status} Moved\r\nLocation: {issuer.url}/elsewhere\r\n\r\n"
        issuer.answers[KEYS] = moved.encode()
        assert IssuerKeys(issuer.url).key("key-1") is None
        assert issuer.asked == ONCE

    @pytest.mark.parametrize(
        "response",
        [
            b"HTTP/1.0 500 Oh\r\n\r\n{}",
            b"HTTP/1.0 404 No\r\n\r\n{}",
            b"HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\n{}",
            b"HTTP/9 nonsense\r\n\r\n",
            b"HTTP/1.0 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n{}",
            b"HTTP/1.0 200 OK\r\n" + b"X" * 100_000 + b"\r\n\r\n{}",
            b'HTTP/1.0 200 OK\r\n\r\n{"keys": [], "a": "' + b"a" * (1 << 20) + b'"}',
        ],
    )
    def test_no_response_does_harm(self, issuer: Issuer, response: bytes) -> None:
        issuer.answers[KEYS] = response
        assert IssuerKeys(issuer.url).key("key-1") is None

    def test_one_that_hangs_up_has_none(self, issuer: Issuer) -> None:
        issuer.is_up = False
        assert IssuerKeys(issuer.url).key("key-1") is None

    def test_a_slow_one_is_not_waited_for_long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert TIMEOUT_SECONDS <= 3
        monkeypatch.setattr("graph.auth.issuer.TIMEOUT_SECONDS", 0.1)
        with RawServer([b""], 60) as silent:
            assert IssuerKeys(silent.url).key("key-1") is None

    def test_one_that_trickles_is_given_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("graph.auth.issuer.ANSWER_SECONDS", 0.1)
        with RawServer([b"HTTP/1.0 200 OK\r\n\r\n", *[b" "] * 6_000], 0.01) as trickling:
            assert IssuerKeys(trickling.url).key("key-1") is None

    def test_no_proxy_is_asked_about_this_machine(
        self, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("http_proxy", "HTTP_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        assert IssuerKeys(issuer.url).key("key-1")
