"""The local server, as a context manager."""

import json
from pathlib import Path

import httpx2
import pytest

from graph.local.errors import LocalError
from graph.local.server import AUDIT_FILE, LocalServer

TYPENAME = {"query": "{ __typename }"}


class TestLocalServer:
    """Starting and stopping in the process of the tests."""

    def test_it_answers_while_the_context_lasts(self) -> None:
        with LocalServer() as server:
            answer = httpx2.post(f"{server.url}/graphql", json=TYPENAME)
            assert answer.json()["data"] == {"__typename": "Query"}
        with pytest.raises(httpx2.ConnectError):
            httpx2.get(server.url)

    def test_it_can_start_again(self) -> None:
        for _ in range(2):
            with LocalServer() as server:
                assert httpx2.post(f"{server.url}/graphql", json=TYPENAME).status_code == 200

    def test_strangers_are_refused(self) -> None:
        with LocalServer() as server:
            assert httpx2.get(server.url, headers={"Host": "evil.example"}).status_code == 403

    def test_it_listens_on_the_loopback_address_of_ipv6(self) -> None:
        with LocalServer(host="::1") as server:
            assert server.url.startswith("http://[::1]:")
            assert httpx2.post(f"{server.url}/graphql", json=TYPENAME).status_code == 200

    def test_a_failed_start_leaves_nothing_behind(self, tmp_path: Path) -> None:
        damaged = tmp_path / "aws" / "s3.json"
        damaged.parent.mkdir()
        damaged.write_text("{")
        with pytest.raises(LocalError, match="cannot be read"), LocalServer(state_dir=tmp_path):
            raise AssertionError("started on damaged data")
        with LocalServer():
            pass

    def test_every_change_is_a_line_of_the_audit_file(self, tmp_path: Path) -> None:
        create = (
            'mutation { createModel(input: {name: "m", source: "s", license: "MIT"})'
            " { changeEntry { hash } } }"
        )
        hashes = []
        for _ in range(2):
            with LocalServer(state_dir=tmp_path, playground_dir=tmp_path) as server:
                answer = httpx2.post(f"{server.url}/graphql", json={"query": create})
                hashes.append(answer.json()["data"]["createModel"]["changeEntry"]["hash"])
        lines = (tmp_path / AUDIT_FILE).read_text().splitlines()
        assert [json.loads(line)["audit"]["hash"] for line in lines] == hashes

    def test_half_an_issuer_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OIDC_ISSUER", "https://issuer.example")
        monkeypatch.delenv("OIDC_AUDIENCE", raising=False)
        expected = "^OIDC_ISSUER and OIDC_AUDIENCE belong together"
        with pytest.raises(LocalError, match=expected), LocalServer(auth=True):
            raise AssertionError("started with half an issuer")

    @pytest.mark.parametrize("host", ["localhost", "evil.example"])
    def test_with_credentials_every_host_is_asked_for_them(self, host: str) -> None:
        with LocalServer(auth=True) as server:
            headers = {"Host": host, "Origin": "http://evil.example"}
            answer = httpx2.post(f"{server.url}/graphql", json=TYPENAME, headers=headers)
            assert answer.status_code == 401
