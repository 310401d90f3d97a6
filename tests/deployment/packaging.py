"""Packages, as `.ci/package.py` builds them, for the tests that look into them."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple, NoReturn

import pytest

ROOT: Final = Path(__file__).parents[2]
PROGRAM: Final = Path(".ci", "package.py")
PYTHON: Final = "3.13"
"""Lambda's."""
MACHINE: Final = "aarch64"
"""Lambda's, too."""
BUILD_TIMEOUT_SECONDS: Final = 240
_AT_ONCE: Final = 3


class Build(NamedTuple):
    """What to build, and from which checkout.

    Attributes:
        environment: on top of this process's.
    """

    function: str
    out: Path
    machine: str = MACHINE
    root: Path = ROOT
    environment: Mapping[str, str] = {}


def build_all(*builds: Build) -> list[Path]:
    """Build packages, side by side, and return where they are.

    A test that needs them is skipped where there is no Python to compile with, and fails in CI.
    """
    interpreter()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        packages: list[Future[Path]] = [pool.submit(_build, build) for build in builds]
    return [package.result() for package in packages]


def _build(build: Build) -> Path:
    done = subprocess.run(  # noqa: S603  # our own program
        [
            *(sys.executable, str(build.root / PROGRAM), build.function),
            *(f"--out={build.out}", f"--machine={build.machine}"),
        ],
        capture_output=True,
        check=False,
        encoding="utf-8",
        # Its own copy of `graph` comes before the one that is installed here.
        env={**os.environ, "PYTHONPATH": str(build.root), **build.environment},
        timeout=BUILD_TIMEOUT_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    return build.out / f"{build.function}.zip"


@cache
def interpreter() -> str:
    """Return the Python of Lambda's version that packages are compiled with."""
    asked = [sys.executable, str(ROOT / ".ci" / "interpreter.py"), PYTHON]
    done = subprocess.run(asked, capture_output=True, check=False, text=True)  # noqa: S603  # our own
    if done.returncode:
        do_without(done.stderr.strip())
    return done.stdout.strip()


def do_without(reason: str) -> NoReturn:
    """Skip the test, or in CI, where everything must be there, let it fail."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def contents(package: Path) -> dict[str, bytes]:
    """Read what is in a package, by name."""
    with zipfile.ZipFile(package) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
