"""GraphiQL, fetched without keeping the API waiting."""

import threading
from pathlib import Path

import pytest
from starlette.requests import Request

from graph.local import playground
from graph.local.playground import open_playground
from graph.playground.assets import Assets

REQUEST = Request(
    {
        "type": "http",
        "method": "GET",
        "path": "/graphql",
        "query_string": b"",
        "headers": [(b"host", b"localhost:8000")],
    }
)


class TestOpenPlayground:
    """Waiting for the files, but not for long."""

    def test_what_arrives_in_time_is_shown(self, tmp_path: Path) -> None:
        opened = open_playground(tmp_path, lambda _: None, ensure=Assets)
        assert opened.assets == Assets(tmp_path)

    def test_a_fetch_is_announced(self, tmp_path: Path) -> None:
        said: list[str] = []
        open_playground(tmp_path, said.append, ensure=Assets)
        assert said == ["Fetching GraphiQL, this once ..."]

    def test_what_is_wrong_is_told(self, tmp_path: Path) -> None:
        said: list[str] = []
        opened = open_playground(
            tmp_path, said.append, ensure=lambda directory: Assets(directory, "No npm.")
        )
        assert said[-1] == "No npm. The API works without."
        assert opened.assets.problem == "No npm."

    def test_npm_is_given_no_relative_path(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        opened = open_playground(Path("playground"), lambda _: None, ensure=Assets)
        assert opened.assets.directory == tmp_path / "playground"

    def test_what_comes_late_is_shown_when_it_is_there(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(playground, "_PATIENCE_S", 0.01)
        arrive, arrived = threading.Event(), threading.Event()

        def fetch_slowly(directory: Path) -> Assets:
            arrive.wait(10)
            arrived.set()
            return Assets(directory, "The network is down.")

        opened = open_playground(tmp_path, lambda _: None, ensure=fetch_slowly)
        assert b"still being fetched" in opened.page(REQUEST).body
        arrive.set()
        assert arrived.wait(10)
        while b"still being fetched" in (body := opened.page(REQUEST).body):
            """The result is on its way from the thread."""
        assert b"The network is down." in body
