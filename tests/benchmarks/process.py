"""Processes that a benchmark starts: each ends with its block, and with the benchmark itself."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
HOST: Final = "127.0.0.1"
_ENDING_S: Final = 30.0
_REQUEST_S: Final = 10.0
_POLL_S: Final = 0.2


@contextmanager
def program(module: str, *arguments: str) -> Iterator[str]:
    """Run a module that prints one line when it is ready, and ends with its standard input.

    Yields:
        That line.
    """
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(  # noqa: S603  # our own module
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            line = process.stdout.readline().strip()
            if not line:
                raise RuntimeError(f"{module} did not start: what it wrote tells why")
            yield line
        finally:
            process.stdin.close()
            try:
                process.wait(_ENDING_S)
            except subprocess.TimeoutExpired:
                process.kill()


def serve_until_told(line: str) -> None:
    """Say that a module of `program` is ready, and wait for the end of its standard input."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
    sys.stdin.read()


def run(command: Sequence[str]) -> None:
    """Run a command to its end.

    Raises:
        RuntimeError: it failed; the message holds what it wrote.
    """
    done = subprocess.run(command, capture_output=True, check=False, text=True)  # noqa: S603  # the benchmark's own
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr}")


def free_port() -> int:
    """Return a port that nothing listens on at the moment."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
    return port


def await_answer(port: int, path: str, within_s: float) -> None:
    """Wait until a server answers a path with 200.

    Raises:
        TimeoutError: it did not.
    """
    give_up_at = time.monotonic() + within_s
    while time.monotonic() < give_up_at:
        connection = http.client.HTTPConnection(HOST, port, timeout=_REQUEST_S)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            time.sleep(_POLL_S)
        finally:
            connection.close()
    raise TimeoutError(f"nothing answers at port {port}")
