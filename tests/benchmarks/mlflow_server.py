"""MLflow's registry server, in an environment of its own that is made when it is first needed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from tests.benchmarks.process import HOST, ROOT, await_answer, free_port, run

LOCK: Final = Path(__file__).with_name("mlflow.lock")
ENVIRONMENT: Final = ROOT / ".venv" / "mlflow"
"""825 MB."""
_STARTING_S: Final = 180.0
_SETTLING_S: Final = 60.0
_CALM_S: Final = 1.0
_CALM_SHARE: Final = 0.1
"""Of a processor: below, it has started, with its job runners and the last of its workers."""
_ENDING_S: Final = 10.0
_UTIME, _STIME, _GROUP = 11, 12, 2
"""Where they stand in /proc/<pid>/stat, counted from behind the command's name."""


@contextmanager
def mlflow(directory: Path, *options: str) -> Iterator[int]:
    """Run it on an empty SQLite database, otherwise as its documentation does.

    Args:
        options: of `mlflow server`; it runs four workers unless told otherwise.

    Yields:
        The port that it listens on.
    """
    program = installed()
    port = free_port()
    command = [
        *(str(program), "server", f"--backend-store-uri=sqlite:///{directory / 'mlflow.db'}"),
        *(f"--host={HOST}", f"--port={port}", *options),
    ]
    telemetry_off = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}
    with (
        (directory / "mlflow.log").open("wb") as log,
        subprocess.Popen(  # noqa: S603  # what was installed here
            command,
            cwd=directory,
            env={**os.environ, **telemetry_off},
            stderr=subprocess.STDOUT,
            stdout=log,
            start_new_session=True,
        ) as process,
    ):
        try:
            await_answer(port, "/health", _STARTING_S)
            _settle(process.pid)
            yield port
        finally:
            _end(process)


def installed() -> Path:
    """Install what is locked, unless it is there, and return the program."""
    program = ENVIRONMENT / "bin" / "mlflow"
    done = ENVIRONMENT / "installed.lock"
    if not done.exists() or done.read_bytes() != LOCK.read_bytes():
        run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(ENVIRONMENT)])
        run(
            [
                *(sys.executable, "-m", "pip", f"--python={ENVIRONMENT / 'bin' / 'python'}"),
                *("install", "-qq", "--disable-pip-version-check", "--only-binary=:all:"),
                *("--no-deps", "--require-hashes", f"--requirement={LOCK}"),
            ]
        )
        done.write_bytes(LOCK.read_bytes())
    return program


def _settle(group: int) -> None:
    """Wait until its processes have started and rest."""
    give_up_at = time.monotonic() + _SETTLING_S
    before = _cpu_seconds(group)
    while time.monotonic() < give_up_at:
        time.sleep(_CALM_S)
        now = _cpu_seconds(group)
        if now - before < _CALM_SHARE * _CALM_S:
            return
        before = now


def _cpu_seconds(group: int) -> float:
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        if int(fields[_GROUP]) == group:
            ticks += int(fields[_UTIME]) + int(fields[_STIME])
    return ticks / os.sysconf("SC_CLK_TCK")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End all its processes: they are in a session of their own."""
    os.killpg(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_ENDING_S)
    with suppress(ProcessLookupError):  # none is left
        os.killpg(process.pid, signal.SIGKILL)
