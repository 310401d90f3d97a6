"""The local server, as a context manager."""

from pathlib import Path

import httpx2
import pytest

from graph.local.errors import LocalError
from graph.local.server import LocalServer

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
