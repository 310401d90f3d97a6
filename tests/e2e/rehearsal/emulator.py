"""An AWS of our own: ministack as a process, which checks what each role may do.

It runs functions in its own interpreter, so it is given the Python that Lambda has, in an
environment without anything of this project: a function finds only what its package holds.
"""

import hashlib
import os
import platform
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final, Self

import boto3
import httpx2

ROOT: Final = Path(__file__).parents[3]
LOCK: Final = ROOT / "tests" / "e2e" / "emulator.lock"
PYTHON: Final = "3.13"
REGION: Final = "eu-central-1"
START_SECONDS: Final = 60.0
MACHINE: Final = platform.machine()


class Emulator:
    """An emulated AWS, for as long as the context lasts, with its log in `directory`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port: int = free.getsockname()[1]

    def __enter__(self) -> Self:
        python = _environment() / "bin" / "python"
        settings = {
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self._port),
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "DOCKER_HOST": "unix:///dev/null/none",
            "AUTH": "true",
            "HOME": str(self._directory),
            "PATH": f"{python.parent}:{os.environ['PATH']}",
        }
        with (self._directory / "emulator.log").open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603  # our own environment
                [python, "-m", "ministack"],
                cwd=self._directory,
                env=settings,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def environ(self) -> dict[str, str]:
        """What programs find it by, as its account's owner."""
        return {
            "AWS_EMULATED": "yes",
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }

    def client(self, service: str) -> Any:  # noqa: ANN401  # boto3's clients have no public type
        """Return a client of one of its services."""
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106  # the emulator's
        )

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                if httpx2.get(f"{self.url}/_ministack/ready").is_success:
                    return
            except httpx2.TransportError:
                time.sleep(0.1)
        self.__exit__()
        raise SystemExit((self._directory / "emulator.log").read_text(encoding="utf-8"))


def _environment() -> Path:
    """Return an environment with the emulator alone, which is made once for each lock file."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]
    place = ROOT / ".local" / f"emulator-{PYTHON}-{digest}"
    if not (place / "ready").exists():
        finder = ROOT / ".ci" / "interpreter.py"
        python = _run(sys.executable, finder, PYTHON).strip()
        _run(python, "-m", "venv", "--clear", place)
        _run(
            place / "bin" / "python", "-m", "pip", "install", "-qq", "--require-hashes", "-r", LOCK
        )
        (place / "ready").touch()
    return place


def _run(*command: str | Path) -> str:
    return subprocess.run(  # noqa: S603  # our own commands
        command, check=True, stdout=subprocess.PIPE, text=True
    ).stdout
