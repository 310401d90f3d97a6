"""`ml-evaluator serve` as its users run it: a process with output and signals."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

from graph.playground import assets

COMMAND: Final = Path(sys.executable).with_name("ml-evaluator")
TIMEOUT_S: Final = 30.0
LAST_LINE: Final = "Stop"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(  # noqa: S603 - our own command
        [COMMAND, *arguments], capture_output=True, check=False, text=True, timeout=TIMEOUT_S
    )


class ServeProcess:
    """A server process for as long as the context lasts; what is left of it then is killed.

    Attributes:
        output: what it wrote to standard output until it was ready.
    """

    def __init__(
        self, state_dir: Path, *options: str, environment: Mapping[str, str] | None = None
    ) -> None:
        _pretend_that_graphiql_was_fetched(state_dir / "playground")
        self._errors = state_dir / "stderr"
        self._command = [COMMAND, "serve", f"--state-dir={state_dir}", *(options or ["--port=0"])]
        self._environment = {**os.environ, **(environment or {})}
        self.output = ""

    def __enter__(self) -> Self:
        with self._errors.open("w") as errors:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                self._command,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env=self._environment,
            )
        assert self._process.stdout
        for line in self._process.stdout:
            self.output += line
            if line.startswith(LAST_LINE):
                return self
        self.__exit__()
        raise AssertionError(f"serve did not start: {self.errors}")

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    @property
    def url(self) -> str:
        """Where the API answers."""
        return self._find(r"^GraphiQL and GraphQL +(\S+)/graphql$")

    @property
    def aws_url(self) -> str:
        """Where the embedded AWS answers."""
        return self._find(r"^DynamoDB and S3 +(\S+)")

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def errors(self) -> str:
        """What it wrote to standard error."""
        return self._errors.read_text()

    def stop(self, number: signal.Signals) -> int:
        """Send a signal, and give the exit code."""
        self._process.send_signal(number)
        return self._process.wait(TIMEOUT_S)

    def _find(self, pattern: str) -> str:
        found = re.search(pattern, self.output, re.MULTILINE)
        assert found, self.output
        return found[1]


def _pretend_that_graphiql_was_fetched(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for name in assets.FETCHED:
        (directory / name).touch()
    (directory / assets.MARKER).write_text(assets._lock_hash())
