"""How the client sends: through which proxy, and with which time-out."""

import json

import httpx2
import pytest

from graph.client import Client
from graph.client.client import TIMEOUT_SECONDS
from tests.unit.graph.client.scripted import Script, client_of


class TestProxies:
    """A proxy that the environment names."""

    @pytest.mark.parametrize(
        ("url", "is_used"),
        [("https://a.example", True), ("http://127.0.0.1:8000", False), ("http://[::1]", False)],
    )
    def test_is_not_told_of_this_machines_own(
        self, url: str, is_used: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://proxy.example:3128")
        monkeypatch.setenv("NO_PROXY", "")
        with Client(url) as client:
            for http in (client._http, client._storage):
                assert http.trust_env == is_used


class TestTimeouts:
    """Seconds without a byte."""

    def asked(self, wait: float) -> tuple[float, int]:
        """Ask for an evaluation, and return the time-out with what the service was to hold."""
        script = Script(lambda: httpx2.Response(400))
        with client_of(script) as client, pytest.raises(Exception, match="400"):
            client.evaluate("https://huggingface.co/a/b", wait=wait)
        (request,) = script.requests
        held = json.loads(request.content)["variables"]["input"]["waitSeconds"]
        return request.extensions["timeout"]["read"], held

    @pytest.mark.parametrize(("wait", "held"), [(0, 0), (7, 7), (600, 25)])
    def test_are_longer_by_what_the_service_holds_on_purpose(self, wait: float, held: int) -> None:
        assert self.asked(wait) == (TIMEOUT_SECONDS + held, held)
