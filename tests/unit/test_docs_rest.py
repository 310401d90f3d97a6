"""docs/REST.md: its requests, run against a server of their own, and its tables."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any, Final

from graph.local.server import LocalServer
from graph.rest.routes import ROUTES
from graph.rest.statuses import STATUSES
from models.settings import Settings
from tests.unit.docs_bench import table_rows
from tests.unit.docs_masks import Masks

PAGE: Final = (Path(__file__).parents[2] / "docs" / "REST.md").read_text()
STEPS: Final = re.findall(r"```sh\n(.*?)```\n\n```(?:json|text|http)\n(.*?)```", PAGE, re.DOTALL)
"""Each request of the page, with what it says that comes of it."""
VARYING: Final = frozenset({"hash", "latency_ms", "next_after", "report_sha256", "request_id"})
"""Fields whose values are others in every run, besides ids and instants."""


class Reader:
    """Somebody who follows the page, on a server of their own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._page, self._run = Masks(), Masks()

    def follow(self, command: str, shown: str) -> None:
        """Send a request, and require what is shown of its answer."""
        asked = self._page.translated(command, self._run)
        answered = self._execute(asked.replace("http://127.0.0.1:8000", self._url))
        head, shown_body = _parted(shown)
        told, body = _parted(answered.replace("\r\n", "\n"))
        assert {*head} <= {*told}
        if shown_body.startswith("{"):
            assert _masked(body, self._run) == _masked(shown_body, self._page)
        else:
            assert body == shown_body

    @staticmethod
    def _execute(command: str) -> str:
        done = subprocess.run(  # noqa: S603  # the page's own command
            ["/bin/bash", "-euc", command], check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout


def _parted(answer: str) -> tuple[list[str], str]:
    """Return the head of an answer, where it is shown, and the body."""
    if not answer.startswith("HTTP/"):
        return [], answer
    head, _, body = answer.partition("\n\n")
    return head.splitlines(), body


def _masked(text: str, masks: Masks) -> Any:  # noqa: ANN401  # JSON can be anything
    return json.loads(masks.masked(json.dumps(_without_varying(json.loads(text)))))


def _without_varying(value: Any) -> Any:  # noqa: ANN401  # JSON can be anything
    if isinstance(value, list):
        return [_without_varying(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: type(item).__name__ if name in VARYING else _without_varying(item)
        for name, item in value.items()
    }


class TestRequests:
    """What the page shows."""

    def test_come_out_as_the_page_says(self) -> None:
        assert len(STEPS) == PAGE.count("```sh\n")
        with LocalServer(settings=Settings(), demo=True) as server:
            reader = Reader(server.url)
            for step in STEPS:
                reader.follow(*step)

    def test_are_made_to_every_route(self) -> None:
        commands = " ".join(command for command, _ in STEPS)
        for route in ROUTES:
            assert f"http://127.0.0.1:8000{route.path}" in commands


class TestTables:
    """What the page lists."""

    def test_name_every_route(self) -> None:
        told = set(re.findall(r"^\| \[?`([A-Z]+) ([a-z/.]+)", PAGE, re.MULTILINE))
        routes = {(route.method, route.path) for route in ROUTES}
        assert told == routes | {("GET", "/health"), ("GET", "/openapi.json")}

    def test_give_every_code_its_status(self) -> None:
        told = {name: int(row[0]) for name, row in table_rows(PAGE).items() if name in STATUSES}
        assert told == {str(code): int(status) for code, status in STATUSES.items()}

    def test_explain_every_status(self) -> None:
        told = {int(status) for status in re.findall(r"^\| (\d{3}) \|", PAGE, re.MULTILINE)}
        assert told >= {int(status) for status in STATUSES.values()} | {200, 201, 202, 405, 406}
