"""The guarded client: one host, so many bytes, so much time, so many tries."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import httpx2
import pytest

from graph.local.hub import DEMO_DATA, Recorder, StandInHub
from graph.local.hub.faults import CutOff, Delay, Drip, Fault, HangUp, HugeBody, RedirectTo, Status
from models.evaluation.upstream.deadline import time_limit
from models.evaluation.upstream.errors import (
    BodyTooLarge,
    HostRefused,
    OutOfTime,
    UnknownEncoding,
    Unreachable,
)
from models.evaluation.upstream.http import CONNECTIONS_MAX, guarded_client, proxy_for
from models.evaluation.upstream.pacing import Pacing
from tests.unit.models.evaluation.upstreams import LONG_SECONDS, QUICK, TEMPLATE, RawServer

PATH = f"/api/models/{TEMPLATE}"
OK = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def hub() -> Iterator[StandInHub]:
    with StandInHub(DEMO_DATA) as running:
        yield running


@contextmanager
def client_of(
    url: str, pacing: Pacing = QUICK, max_bytes: int = 1 << 20
) -> Iterator[httpx2.Client]:
    with guarded_client(
        url, body_limit=lambda _: max_bytes, check=lambda _: None, headers={}, pacing=pacing
    ) as client:
        yield client


class TestHost:
    """Nobody but the configured host is contacted."""

    def test_a_redirect_elsewhere_is_not_followed(self, hub: StandInHub) -> None:
        with Recorder() as stranger, client_of(hub.url) as client:
            hub.fail("/", RedirectTo(f"{stranger.url}/api"))
            with pytest.raises(HostRefused):
                client.get(f"{hub.url}{PATH}")
            assert stranger.contacts == 0

    @pytest.mark.parametrize(
        "change", [{"port": 1}, {"scheme": "https"}, {"host": "localhost"}, {"host": "127.0.0.2"}]
    )
    def test_another_origin_is_refused(self, hub: StandInHub, change: dict[str, object]) -> None:
        with client_of(hub.url) as client, pytest.raises(HostRefused):
            client.get(httpx2.URL(f"{hub.url}{PATH}").copy_with(**change))
        assert hub.requests == []

    def test_a_redirect_on_the_host_is_followed(self, hub: StandInHub) -> None:
        hub.fail("/old", RedirectTo(PATH))
        with client_of(hub.url) as client:
            assert client.get(f"{hub.url}/old").json()["id"] == TEMPLATE

    def test_redirects_end(self, hub: StandInHub) -> None:
        hub.fail("/", RedirectTo("/again"))
        with client_of(hub.url) as client, pytest.raises(httpx2.TooManyRedirects):
            client.get(f"{hub.url}/")
        assert len(hub.requests) == 6


class TestBytes:
    """No answer is read beyond its bound."""

    def test_a_huge_body_is_not_read(self, hub: StandInHub) -> None:
        hub.fail("/", HugeBody())
        with client_of(hub.url) as client, pytest.raises(BodyTooLarge, match="more than 1 MiB"):
            client.get(f"{hub.url}{PATH}")
        assert len(hub.requests) == 1

    def test_a_body_of_undeclared_length_is_cut(self) -> None:
        endless = [OK + b"Connection: close\r\n\r\n", *[b"#" * 65_536] * 100]
        with (
            RawServer(endless) as server,
            client_of(server.url, max_bytes=100_000) as client,
            pytest.raises(BodyTooLarge),
        ):
            client.get(server.url)

    def test_the_bound_itself_is_allowed(self) -> None:
        answer = [OK + b"Content-Length: 1000\r\n\r\n" + b"#" * 1000]
        with RawServer(answer) as server, client_of(server.url, max_bytes=1000) as client:
            assert len(client.get(server.url).content) == 1000

    def test_a_compressed_body_is_refused(self) -> None:
        answer = [OK + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"]
        with (
            RawServer(answer) as server,
            client_of(server.url) as client,
            pytest.raises(UnknownEncoding),
        ):
            client.get(server.url)

    def test_compression_is_not_asked_for(self, hub: StandInHub) -> None:
        with client_of(hub.url) as client:
            client.get(f"{hub.url}{PATH}")
        assert hub.requests[0].headers["accept-encoding"] == "identity"


class TestTime:
    """Nothing outlasts the deadline."""

    @pytest.mark.parametrize("fault", [Delay(60), Drip(0.01)], ids=["silence", "drip"])
    def test_a_slow_answer_is_given_up(self, hub: StandInHub, fault: Fault) -> None:
        hub.fail("/", fault)
        began = time.monotonic()
        with client_of(hub.url) as client, time_limit(0.2), pytest.raises(OutOfTime):
            client.get(f"{hub.url}{PATH}")
        assert time.monotonic() - began < LONG_SECONDS

    def test_a_drip_of_headers_is_given_up(self) -> None:
        pieces = [OK, *(f"X-{i}: {i}\r\n".encode() for i in range(6000))]
        began = time.monotonic()
        with RawServer(pieces, pause_seconds=0.01) as server, client_of(server.url) as client:
            with time_limit(0.2), pytest.raises(OutOfTime):
                client.get(server.url)
            assert time.monotonic() - began < LONG_SECONDS

    def test_without_a_deadline_a_request_has_its_own(self, hub: StandInHub) -> None:
        hub.fail("/", Drip(0.01))
        pacing = replace(QUICK, request_seconds=0.1)
        with client_of(hub.url, pacing) as client, pytest.raises(OutOfTime):
            client.get(f"{hub.url}{PATH}")

    def test_past_the_deadline_nobody_is_contacted(self) -> None:
        with Recorder() as stranger, client_of(stranger.url) as client:
            with time_limit(-1), pytest.raises(OutOfTime):
                client.get(stranger.url)
            assert stranger.contacts == 0

    def test_silence_alone_is_tried_again(self, hub: StandInHub) -> None:
        hub.fail("/", Delay(1), times=1)
        with client_of(hub.url, replace(QUICK, silence_seconds=0.2)) as client:
            assert client.get(f"{hub.url}{PATH}").status_code == 200
        assert len(hub.requests) == 2


class TestTries:
    """What may be better the next time is tried again."""

    @pytest.mark.parametrize(
        "fault",
        [HangUp(), CutOff(), *map(Status, [429, 500, 502, 503, 504])],
        ids=lambda fault: str(getattr(fault, "status", type(fault).__name__)),
    )
    def test_a_passing_fault_is_not_noticed(self, hub: StandInHub, fault: Fault) -> None:
        hub.fail("/", fault, times=2)
        with client_of(hub.url) as client:
            assert client.get(f"{hub.url}{PATH}").json()["id"] == TEMPLATE
        assert len(hub.requests) == 3

    @pytest.mark.parametrize("fault", [HangUp(), CutOff()])
    def test_three_tries_are_enough(self, hub: StandInHub, fault: Fault) -> None:
        hub.fail("/", fault)
        with client_of(hub.url) as client, pytest.raises(Unreachable):
            client.get(f"{hub.url}{PATH}")
        assert len(hub.requests) == 3

    def test_the_last_refusal_is_returned(self, hub: StandInHub) -> None:
        hub.fail("/", Status(503))
        with client_of(hub.url) as client:
            assert client.get(f"{hub.url}{PATH}").status_code == 503
        assert len(hub.requests) == 3

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 501])
    def test_a_plain_refusal_is_final(self, hub: StandInHub, status: int) -> None:
        hub.fail("/", Status(status))
        with client_of(hub.url) as client:
            assert client.get(f"{hub.url}{PATH}").status_code == status
        assert len(hub.requests) == 1

    def test_nobody_there(self) -> None:
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{bound.getsockname()[1]}"
            with client_of(url) as client, pytest.raises(Unreachable):
                client.get(url)


class TestPauses:
    """How long is waited between tries."""

    def test_they_grow(self, hub: StandInHub) -> None:
        pauses: list[float] = []
        hub.fail("/", Status(503))
        pacing = Pacing(first_pause_seconds=1, sleep=pauses.append)
        with client_of(hub.url, pacing) as client:
            client.get(f"{hub.url}{PATH}")
        assert 0.5 <= pauses[0] <= 1 <= pauses[1] <= 2

    @pytest.mark.parametrize(
        "header", [("Retry-After", "7"), ("RateLimit", '"api";r=0;t=7')], ids=lambda it: it[0]
    )
    def test_as_long_as_the_other_side_wants(
        self, hub: StandInHub, header: tuple[str, str]
    ) -> None:
        pauses: list[float] = []
        hub.fail("/", Status(429, (header,)), times=1)
        with client_of(hub.url, replace(QUICK, sleep=pauses.append)) as client:
            assert client.get(f"{hub.url}{PATH}").status_code == 200
        assert pauses == [7]

    def test_a_wait_beyond_the_deadline_is_not_begun(self, hub: StandInHub) -> None:
        hub.fail("/", Status(429, (("Retry-After", "3600"),)))
        with client_of(hub.url) as client:
            assert client.get(f"{hub.url}{PATH}").status_code == 429
        assert len(hub.requests) == 1

    def test_no_time_for_another_try(self, hub: StandInHub) -> None:
        hub.fail("/", HangUp())
        pacing = replace(QUICK, first_pause_seconds=100)
        with client_of(hub.url, pacing) as client, pytest.raises(Unreachable):
            client.get(f"{hub.url}{PATH}")
        assert len(hub.requests) == 1


class TestTraces:
    """What others get to know of us."""

    def test_cookies_are_not_kept(self, hub: StandInHub) -> None:
        hub.fail("/", Status(200, (("Set-Cookie", "id=1; Path=/"),)))
        with client_of(hub.url) as client:
            client.get(f"{hub.url}{PATH}")
            client.get(f"{hub.url}{PATH}")
        assert "cookie" not in hub.requests[1].headers

    def test_we_are_named_and_no_more(self, hub: StandInHub) -> None:
        with client_of(hub.url) as client:
            client.get(f"{hub.url}{PATH}")
        assert hub.requests[0].headers["user-agent"] == "ml-model-evaluator"

    def test_connections_are_few(self, hub: StandInHub) -> None:
        hub.fail("/", Delay(0.05))
        with client_of(hub.url) as client, ThreadPoolExecutor(2 * CONNECTIONS_MAX) as threads:
            list(threads.map(client.get, [f"{hub.url}{PATH}"] * 2 * CONNECTIONS_MAX))
        assert 1 < hub.max_concurrent <= CONNECTIONS_MAX


class TestProxy:
    """Which proxy of the environment is used."""

    @pytest.fixture(autouse=True)
    def _environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("HTTP_PROXY", "ALL_PROXY", "all_proxy", "http_proxy", "https_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HTTPS_PROXY", "proxy.example:3128")
        monkeypatch.setenv("NO_PROXY", "inside.example")
        monkeypatch.delenv("no_proxy", raising=False)

    def test_the_one_for_the_scheme(self) -> None:
        assert proxy_for(("https", "hub.example", 443)) == "http://proxy.example:3128"
        assert proxy_for(("http", "hub.example", 80)) is None

    def test_none_where_the_environment_says_so(self) -> None:
        assert proxy_for(("https", "inside.example", 443)) is None

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
    def test_none_for_this_machine(self, host: str) -> None:
        assert proxy_for(("https", host, 443)) is None

    def test_it_is_what_gets_contacted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with RawServer([OK + b"Content-Length: 2\r\n\r\nok"]) as proxy:
            monkeypatch.setenv("HTTP_PROXY", proxy.url)
            with client_of("http://hub.example") as client:
                assert client.get("http://hub.example/").text == "ok"
