"""Chromium, for the tests of pages, and what it may complain of: nothing."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from graph.playground import ensure_assets
from graph.playground.npm import find_npms

CHROMIUM: Final = shutil.which("chromium")
_FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_FETCHED_ONCE: Final = Path(__file__).parents[2] / ".local" / "playground"
"""GraphiQL's files stay here between runs; git ignores them."""

needs_chromium: Final = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Debian's chromium: apt-get install chromium"
)
needs_npm: Final = pytest.mark.skipif(
    not find_npms(), reason="needs npm: install the extra `local`"
)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield browser
        browser.close()


def graphiql_files() -> Path:
    """Return where GraphiQL's files are, which the first run fetches."""
    assets = ensure_assets(_FETCHED_ONCE)
    assert assets.problem is None, assets.problem
    return _FETCHED_ONCE


class Visit:
    """One look at GraphiQL by a new browser profile, with all that the browser complained of."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        self.hosts: set[str] = set()
        page.on("console", self._hear)
        page.on("pageerror", self._blame)
        page.on("request", self._note)

    def open(self) -> None:
        """Load the page, and wait until GraphiQL has read the schema."""
        with self.page.expect_response(
            lambda response: self.answers("IntrospectionQuery", response)
        ):
            self.page.goto(f"{self.url}/graphql")
        expect(self.play).to_be_visible()

    def run(self, operation: str) -> Response:
        """Press play, pick the operation, and wait for the answer."""
        with self.page.expect_response(
            lambda response: self.answers(operation, response)
        ) as answer:
            self.play.click()
            self.page.get_by_role("menuitem", name=operation).click()
        return answer.value

    @staticmethod
    def answers(operation: str, response: Response) -> bool:
        """Tell whether a response is that to an operation."""
        sent = response.request.post_data_json
        return sent is not None and sent["operationName"] == operation

    @property
    def play(self) -> Locator:
        return self.page.get_by_role("button", name=re.compile("Execute query"))

    def close(self) -> None:
        """Leave, without a complaint of the browser or a request to elsewhere."""
        self.page.close()
        assert self.complaints == []
        assert self.hosts == {urlsplit(self.url).netloc}

    def _note(self, request: Request) -> None:
        self.hosts.add(urlsplit(request.url).netloc)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _blame(self, error: Error) -> None:
        self.complaints.append(str(error))
