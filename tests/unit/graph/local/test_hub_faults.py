"""What can go wrong with the stand-in, each once, as a client meets it."""

import json
import time
from collections.abc import Iterator

import httpx2
import pytest

from graph.local.hub import DEMO_DATA, StandInHub
from graph.local.hub.faults import (
    Changed,
    CutOff,
    Delay,
    Drip,
    HangUp,
    HugeBody,
    InvalidJson,
    ManySiblings,
    OtherJson,
    RedirectTo,
    Refuse,
    Status,
)

PATH = "/api/models/acme-research/probe-7"


@pytest.fixture
def hub() -> Iterator[StandInHub]:
    with StandInHub(DEMO_DATA) as running:
        yield running


@pytest.fixture
def client(hub: StandInHub) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=hub.url, trust_env=False, timeout=5) as client:
        yield client


class TestFaults:
    """Each spoils an answer in its way."""

    def test_status(self, hub: StandInHub, client: httpx2.Client) -> None:
        hub.fail(PATH, Status(429, (("Retry-After", "3"),), b"slow down"))
        reply = client.get(PATH)
        assert (reply.status_code, reply.text) == (429, "slow down")
        assert reply.headers["retry-after"] == "3"

    def test_refuse(self, hub: StandInHub, client: httpx2.Client) -> None:
        hub.fail(PATH, Refuse(403, "GatedRepo", "Ask first"))
        reply = client.get(PATH)
        assert (reply.status_code, reply.headers["x-error-code"]) == (403, "GatedRepo")
        assert reply.json() == {"error": "Ask first"}

    def test_delay(self, hub: StandInHub, client: httpx2.Client) -> None:
        hub.fail(PATH, Delay(0.05))
        began = time.monotonic()
        assert client.get(PATH).status_code == 200
        assert time.monotonic() - began >= 0.05

    def test_drip(self, hub: StandInHub, client: httpx2.Client) -> None:
        hub.fail("/nowhere", Drip(0.002))
        with client.stream("GET", "/nowhere") as reply:
            assert len(list(reply.iter_raw())) > 3

    def test_cut_off(self, hub: StandInHub, client: httpx2.Client) -> None:
        hub.fail(PATH, CutOff())
        with pytest.raises(httpx2.RemoteProtocolError, match="without sending complete message"):
            client.get(PATH)

    def test_hang_up(self, hub: StandInHub, client: httpx2.Client) -> None:
        hub.fail(PATH, HangUp())
        with pytest.raises(httpx2.RemoteProtocolError, match="without sending a response"):
            client.get(PATH)

    def test_invalid_json(self, hub: StandInHub, client: httpx2.Client) -> None:
        hub.fail(PATH, InvalidJson())
        with pytest.raises(json.JSONDecodeError):
            client.get(PATH).json()

    def test_other_json(self, hub: StandInHub, client: httpx2.Client) -> None:
        hub.fail(PATH, OtherJson([7]))
        assert client.get(PATH).json() == [7]

    def test_changed(self, hub: StandInHub, client: httpx2.Client) -> None:
        hub.fail("/api", Changed({"sha": "odd"}))
        assert client.get(PATH).json()["sha"] == "odd"
        assert client.get("/api/models/no/body").status_code == 401

    def test_huge_body(self, hub: StandInHub, client: httpx2.Client) -> None:
        hub.fail(PATH, HugeBody())
        assert len(client.get(PATH).content) == 20_000_000

    def test_many_siblings(self, hub: StandInHub, client: httpx2.Client) -> None:
        hub.fail(PATH, ManySiblings())
        assert len(client.get(PATH).json()["siblings"]) == 10_000

    def test_redirect(self, hub: StandInHub, client: httpx2.Client) -> None:
        hub.fail(PATH, RedirectTo("http://127.0.0.1:9/x"))
        reply = client.get(PATH)
        assert (reply.status_code, reply.headers["location"]) == (307, "http://127.0.0.1:9/x")


class TestFail:
    """Which answers a fault spoils."""

    def test_other_paths_are_left_alone(self, hub: StandInHub, client: httpx2.Client) -> None:
        hub.fail("/api/datasets", Status(500))
        assert client.get(PATH).status_code == 200

    def test_so_many_times(self, hub: StandInHub, client: httpx2.Client) -> None:
        hub.fail(PATH, Status(500), times=2)
        assert [client.get(PATH).status_code for _ in range(3)] == [500, 500, 200]

    def test_one_after_the_other(self, hub: StandInHub, client: httpx2.Client) -> None:
        hub.fail(PATH, Status(500), times=1)
        hub.fail(PATH, Status(429), times=1)
        assert [client.get(PATH).status_code for _ in range(3)] == [500, 429, 200]

    def test_github_too(self, hub: StandInHub, client: httpx2.Client) -> None:
        hub.fail("/repos", Status(403))
        reply = client.get(f"{hub.github_url}/repos/northwind-labs/harbor-tides")
        assert reply.status_code == 403
