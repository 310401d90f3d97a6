"""The README is true: its commands start what is there, and its example gets its answer."""

import json
import subprocess
from pathlib import Path

from graph.local.server import LocalServer
from tests.e2e import readme

DEFAULT_URL = "http://127.0.0.1:8000"


class TestExample:
    def test_gets_the_answer_that_is_shown(self) -> None:
        with LocalServer(demo=True) as server:
            command = readme.EXAMPLE.replace(DEFAULT_URL, server.url)
            done = subprocess.run(  # noqa: S603  # the README's own command
                ["/bin/bash", "-c", command], capture_output=True, check=True, text=True
            )
        assert readme.without_cost(done.stdout) == json.loads(readme.ANSWER)


class TestCommands:
    def test_install_from_locks_that_are_there(self) -> None:
        for command in (readme.SERVE, readme.TEST):
            lock = command.split(" -r ")[1].split()[0]
            assert (readme.ROOT / lock).is_file()

    def test_run_programs_that_the_install_makes(self) -> None:
        programs = [
            Path(command.split("&&")[-1].split()[0]).name for command in (readme.SERVE, readme.TEST)
        ]
        assert programs == ["ml-evaluator", "pytest"]
