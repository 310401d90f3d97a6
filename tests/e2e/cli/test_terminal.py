"""What a shell sees: colours, closed pipes, full disks, signals. Never a traceback."""

import os
import pty
import signal
import socket
import subprocess
import sys
import termios
from collections.abc import Iterator
from subprocess import DEVNULL, PIPE, Popen

import pytest

from graph.client import Client
from graph.local.server import LocalServer
from tests.e2e.cli.conftest import COMMAND, Command

GOOD = "https://huggingface.co/acme-research/lumen-diffusion-v2"
ROWS = 110
WIDE = "模" * 256


@pytest.fixture(scope="module")
def many(server: LocalServer) -> str:
    """The source of more models than are listed at once, and than a pipe holds."""
    with Client(server.url) as client:
        for _ in range(ROWS):
            client.create_model(name=WIDE, source="many", license="mit")
    return "many"


def shown(command: Command, *arguments: str, **environ: str) -> str:
    """Return what a command shows at a terminal."""
    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (24, 80))
    known = {name: value for name, value in command.environ.items() if name != "NO_COLOR"}
    with Popen(  # noqa: S603  # our own command
        [COMMAND, *arguments],
        env=known | {"TERM": "xterm-256color"} | environ,
        stdin=slave,
        stdout=slave,
        stderr=slave,
    ) as running:
        os.close(slave)
        text = b""
        try:
            while piece := os.read(master, 65_536):
                text += piece
        except OSError:  # how Linux tells that the other side is closed
            pass
        running.wait(30)
    os.close(master)
    return text.decode()


def in_shell(command: Command, line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own command
        ["/bin/bash", "-c", line.replace("ml-evaluator", f"'{COMMAND}'")],
        capture_output=True,
        check=False,
        env=command.environ,
        text=True,
        timeout=60,
    )


class TestColours:
    COMMANDS = (["models", "show", "{}"], ["models", "--help"], ["models", "show"])
    """A table, help, and a mistake."""

    @pytest.mark.parametrize("words", [*COMMANDS, ["models", "list"]])
    def test_no_color_has_no_escape_codes(
        self, command: Command, model_id: str, words: list[str]
    ) -> None:
        words = [word.format(model_id) for word in words]
        text = shown(command, *words, NO_COLOR="1")
        assert "\x1b" not in text
        assert len(text.splitlines()) > 1

    @pytest.mark.parametrize("words", [["models", "--help"], ["models", "list"]])
    def test_a_terminal_that_knows_them_has_them(
        self, command: Command, model_id: str, words: list[str]
    ) -> None:
        assert model_id
        assert "\x1b[1" in shown(command, *words)

    def test_progress_is_shown_without_colours_too(self, command: Command) -> None:
        assert "Evaluations" in shown(command, "evaluate", GOOD)
        plain = shown(command, "evaluate", GOOD, NO_COLOR="1")
        assert "Evaluations" in plain
        assert "\x1b[3" not in plain
        assert "Evaluations" not in shown(command, "evaluate", GOOD, TERM="dumb")


class TestManyRows:
    """More than are shown unless asked for."""

    def test_a_list_says_that_there_are_more(self, command: Command, many: str) -> None:
        done = command.run("models", "list", "--source", many)
        assert (done.returncode, len(done.stdout.splitlines())) == (0, 100)
        assert done.stderr == "there are more: --limit N shows N of them, --all shows all\n"

    def test_all_of_them_can_be_had(self, command: Command, many: str) -> None:
        for limit in (["--all"], ["--limit", f"{ROWS}"]):
            assert len(command.lines("models", "list", "--source", many, *limit)) == ROWS
        assert len(command.json("models", "list", "--source", many, "--all")) == ROWS

    def test_a_pipe_that_closes_ends_it_quietly(self, command: Command, many: str) -> None:
        with Popen(  # noqa: S603  # our own command
            [COMMAND, "models", "list", "--all", "--source", many],
            env=command.environ,
            stdout=PIPE,
            stderr=PIPE,
            text=True,
        ) as running:
            assert running.stdout is not None
            assert running.stderr is not None
            assert WIDE in running.stdout.readline()
            running.stdout.close()
            assert running.stderr.read() == ""
        assert running.returncode == 141

    def test_a_shells_pipe_does_so_too(self, command: Command, many: str) -> None:
        line = f"ml-evaluator models list --all --source {many} | head -1; echo ${{PIPESTATUS[0]}}"
        done = in_shell(command, line)
        assert (done.stdout.splitlines()[1:], done.stderr) == (["141"], "")


class TestOutput:
    """What cannot be written or read is told in one line."""

    @pytest.mark.parametrize(
        "words",
        [
            f"evaluate {GOOD}",
            f"evaluate {GOOD} --json",
            "models list",
            "models list --json",
            "schema",
            "--help",
        ],
    )
    @pytest.mark.parametrize("where", [">&-", ">/dev/full"])
    def test_nowhere_to_write(
        self, command: Command, model_id: str, words: str, where: str
    ) -> None:
        assert model_id
        done = in_shell(command, f"ml-evaluator {words} {where}")
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert "standard output is closed" in done.stderr or "No space left" in done.stderr

    def test_nothing_to_read(self, command: Command) -> None:
        done = in_shell(command, "ml-evaluator evaluate -f - <&-")
        assert (done.returncode, done.stderr) == (1, "there is no standard input\n")

    @pytest.mark.parametrize("where", ["2>&-", "2>/dev/full"])
    def test_no_standard_error_changes_no_code_of_success(
        self, command: Command, where: str
    ) -> None:
        assert in_shell(command, f"ml-evaluator evaluate {GOOD} {where}").returncode == 0
        none = in_shell(command, f"ml-evaluator models show nope {where}")
        assert (none.returncode, none.stdout) == (1, "")


PROBE = """
import sys, graph.client, graph.cli
close = graph.client.Client.close
def closed(client):
    close(client)
    print("cleaned up", flush=True)
graph.client.Client.close = closed
graph.cli.main()
"""
"""The command itself, which tells when it has closed its connections."""


class TestSignals:
    """A command that waits for the service."""

    @pytest.fixture
    def silent(self) -> Iterator[socket.socket]:
        """A service that takes a connection, and never answers."""
        with socket.create_server(("127.0.0.1", 0)) as listening:
            listening.settimeout(30)
            yield listening

    @pytest.mark.parametrize(
        ("number", "code"),
        [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)],
        ids=["TERM", "INT", "HUP"],
    )
    @pytest.mark.parametrize("words", [["evaluate", GOOD], ["models", "list"]])
    def test_end_it_with_their_code_after_cleaning_up(
        self, command: Command, silent: socket.socket, number: int, code: int, words: list[str]
    ) -> None:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with Popen(  # noqa: S603  # our own probe
            [sys.executable, "-c", PROBE, *words, "--url", url],
            env=command.environ,
            stdout=PIPE,
            stderr=PIPE,
            text=True,
        ) as running:
            connection, _ = silent.accept()
            with connection:
                running.send_signal(number)
                out, err = running.communicate(timeout=30)
        assert (running.returncode, out, err) == (code, "cleaned up\n", "")

    def test_nohup_is_respected(self, command: Command, silent: socket.socket) -> None:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with Popen(  # noqa: S603  # our own command
            ["/usr/bin/env", "nohup", COMMAND, "models", "list", "--url", url],
            env=command.environ,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            text=True,
        ) as running:
            connection, _ = silent.accept()
            with connection:
                running.send_signal(signal.SIGHUP)
                running.send_signal(signal.SIGTERM)
                out, err = running.communicate(timeout=30)
        assert (running.returncode, out, err) == (143, "", "")
