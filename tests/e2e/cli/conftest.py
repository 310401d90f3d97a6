"""A server for each module, since a process has one embedded AWS, and commands against it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.client import Client
from graph.local.server import LocalServer

COMMAND = str(Path(sys.executable).with_name("ml-evaluator"))


class Command:
    """Runs `ml-evaluator` in a pipe."""

    def __init__(self, url: str) -> None:
        self.environ = {**os.environ, "ML_EVALUATOR_URL": url, "NO_COLOR": "1", "COLUMNS": "200"}
        self.environ.pop("ML_EVALUATOR_API_KEY", None)

    def run(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:  # noqa: ANN401
        """Run a command, whatever comes of it."""
        return subprocess.run(  # noqa: S603  # our own command
            [COMMAND, *arguments],
            capture_output=True,
            check=False,
            env=self.environ,
            text=True,
            timeout=60,
            **options,
        )

    def lines(self, *arguments: str) -> list[list[str]]:
        """Return the cells of what a command prints, which must succeed."""
        done = self.run(*arguments)
        assert (done.returncode, done.stderr) == (0, ""), done
        return [line.split("\t") for line in done.stdout.splitlines()]

    def json(self, *arguments: str) -> Any:  # noqa: ANN401  # JSON
        """Return what a command prints as JSON; it must succeed."""
        done = self.run(*arguments, "--json")
        assert (done.returncode, done.stderr) == (0, ""), done
        return json.loads(done.stdout)

    def shell(self, line: str) -> subprocess.CompletedProcess[str]:
        """Run a line of Bash, `$RUN` in it being the command; a pipe ends as its first part."""
        return subprocess.run(  # noqa: S603  # a test's own line
            ["/bin/bash", "-c", f"{line}; exit ${{PIPESTATUS[0]}}"],
            capture_output=True,
            check=False,
            env=self.environ | {"RUN": COMMAND},
            text=True,
            timeout=60,
        )

    def refused(self, *arguments: str, code: int) -> str:
        """Return what a command that must end with a code says on standard error."""
        done = self.run(*arguments)
        assert done.returncode == code, done
        assert "Traceback" not in done.stderr
        return done.stderr


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with LocalServer(demo=True) as running:
        yield running


@pytest.fixture
def command(server: LocalServer) -> Command:
    return Command(server.url)


@pytest.fixture
def client(server: LocalServer) -> Iterator[Client]:
    with Client(server.url) as client:
        yield client


@pytest.fixture
def model_id(client: Client) -> str:
    return client.create_model(name="harbor", source="internal", license="mit").model.id


@pytest.fixture
def exported(command: Command, client: Client, model_id: str, tmp_path: Path) -> Path:
    """A file with the history of a model at version 3."""
    client.update_model(model_id, license="Apache-2.0", reason="asked for")
    client.update_model(model_id, name="quay")
    path = tmp_path / "history.json"
    assert command.lines("export", model_id, "-o", str(path)) == [[str(path)]]
    return path


@pytest.fixture
def offline(command: Command) -> Command:
    """The command, where there is no service."""
    del command.environ["ML_EVALUATOR_URL"]
    return command
