"""docs/ACCESS.md: its commands and requests, run against a server that asks for credentials."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx2

from graph.local.server import LocalServer
from models.access.record import key_id_in
from models.ids import ApiKeyRef, parse_node_id
from models.settings import Settings
from models.timestamps import now, shifted
from tests.unit.docs_masks import Masks

_FUTURE: Final = shifted(now(), timedelta(days=90))[:10]
PAGE: Final = (
    (Path(__file__).parents[2] / "docs" / "ACCESS.md").read_text().replace("2027-02-21", _FUTURE)
)
"""With an expiry that is ahead on the day of the test."""

STEPS: Final = sorted(
    re.findall(r"```(graphql|sh)\n(.*?)```\n\n```(?:json|text|http)\n(.*?)```", PAGE, re.DOTALL),
    key=lambda step: '"First admin"' not in step[1],
)
"""Each request and command of the page, with what it says that comes of it; first the key that all
others need."""


OTHER_TABLES: Final = frozenset(
    {"AWS_PROFILE", "AWS_REGION", "AWS_SESSION_TOKEN", "DYNAMODB_TABLE"}
)
"""What may be set where the tests run, and would lead elsewhere."""


class Reader:
    """Somebody who follows the page, on a server of their own."""

    def __init__(self, server: LocalServer) -> None:
        self._server = server
        self._page, self._run = Masks(), Masks()
        self._environment = {
            **{name: value for name, value in os.environ.items() if name not in OTHER_TABLES},
            "AWS_ENDPOINT_URL": server.aws_url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }

    def follow(self, kind: str, given: str, shown: str) -> None:
        """Do a step, and require what is shown of it."""
        asked = self._page.translated(given, self._run)
        answered = self._ask(asked) if kind == "graphql" else self._execute(asked)
        if shown.startswith("HTTP/"):
            _compare_http(shown, answered)
        elif shown.startswith("{"):
            said = self._page.masked(json.dumps(json.loads(shown)))
            assert self._run.masked(json.dumps(_without_extensions(answered))) == said
        else:
            assert self._run.masked(answered) == self._page.masked(shown)

    def _execute(self, command: str) -> str:
        for shown, ours in (
            ("http://127.0.0.1:8000", self._server.url),
            ("http://127.0.0.1:44511", self._server.aws_url),
        ):
            command = command.replace(shown, ours)
        done = subprocess.run(  # noqa: S603  # the page's own command
            ["/bin/bash", "-euc", command],
            check=True,
            env=self._environment | {"API_KEY": self._run.values.get("secret 0", "")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.stdout

    def _ask(self, document: str) -> str:
        headers = {"Authorization": f"Bearer {self._run.values['secret 0']}"}
        url = f"{self._server.url}/graphql"
        return httpx2.post(url, json={"query": document}, headers=headers).text


def _without_extensions(answer: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(answer)
    read.pop("extensions", None)  # a 401 has none
    return read


def _compare_http(shown: str, answered: str) -> None:
    """Compare answers of which the page may leave out headers."""
    shown_head, _, shown_body = shown.partition("\n\n")
    head, _, body = answered.replace("\r\n", "\n").partition("\n\n")
    assert {*shown_head.splitlines()} <= {*head.splitlines()}
    assert json.loads(shown_body) == _without_extensions(body)


class TestExamples:
    def test_every_step_comes_out_as_the_page_says(self) -> None:
        assert len(STEPS) == len(re.findall(r"```(?:graphql|sh)\n", PAGE))
        with LocalServer(auth=True, settings=Settings()) as server:
            reader = Reader(server)
            for step in STEPS:
                reader.follow(*step)

    def test_the_secrets_of_the_page_have_the_form_of_real_ones(self) -> None:
        secrets = re.findall(r"mle_[0-9a-f]\S+?(?=[\"\s])", PAGE)
        assert {key_id_in(secret) for secret in secrets} <= {*self._ids_shown()}
        assert len({*secrets}) > 1

    def _ids_shown(self) -> Iterator[str]:
        for node_id in re.findall(r"YXBpa2V5O[A-Za-z0-9_-]+", PAGE):
            ref = parse_node_id(node_id)
            assert isinstance(ref, ApiKeyRef)
            yield ref.key_id
