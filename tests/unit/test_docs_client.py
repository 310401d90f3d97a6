"""docs/CLIENT.md: its programs, run one after the other against a local server."""

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

import graph.client
from graph.client import ClientError, Retries
from graph.client.calls.evaluations import BATCH_MAX_URLS
from graph.local.server import LocalServer

PAGE: Final = (Path(__file__).parents[2] / "docs" / "CLIENT.md").read_text()
PROGRAMS: Final = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with LocalServer(demo=True) as running:
        yield running


def test_every_program_prints_what_the_page_says(
    server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ML_EVALUATOR_URL", server.url)
    monkeypatch.delenv("ML_EVALUATOR_API_KEY", raising=False)
    names: dict[str, Any] = {}
    assert len(PROGRAMS) == PAGE.count("```python")
    for program, shown in PROGRAMS:
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(program, names)  # noqa: S102  # the page's own
        assert printed.getvalue() == shown
    names["client"].close()


def test_every_error_is_there() -> None:
    section = PAGE.partition("\n## Errors\n")[2].partition("\n## ")[0]
    for name, value in vars(graph.client).items():
        if isinstance(value, type) and issubclass(value, ClientError):
            assert f"`{name}`" in section


def test_the_figures_are_right() -> None:
    retries = Retries()
    assert f"{retries.attempts} attempts and {retries.seconds:.0f} seconds at most" in PAGE
    assert f"up to {retries.retry_after_max_seconds:.0f} seconds" in PAGE
    assert f"queues {BATCH_MAX_URLS} at a time" in PAGE
