"""What cold starts are measured of: the API's package, and boto3 with as much care taken."""

import platform
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.benchmarks import started
from tests.deployment.lambda_runtime import install
from tests.deployment.packaging import ROOT, Build, build_all, interpreter

_STOCK: Final = ("boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3")
"""boto3, and all that it needs."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Directories to run functions in.

    Attributes:
        python: Lambda's version, in an environment that holds awslambdaric alone.
        api: the API's package, as `.ci/package.py` builds it, for this machine.
        stock: boto3 as pip installs it, of the same version, compiled the same way.
        programs: `tests.benchmarks.started`, compiled too.
    """

    python: Path
    api: Path
    stock: Path
    programs: Path


def unpack(directory: Path) -> Unpacked:
    """Build everything in an empty directory."""
    machine = platform.machine().replace("arm64", "aarch64")
    (package,) = build_all(Build("api", directory, machine))
    api = package.with_suffix("")
    with zipfile.ZipFile(package) as archive:
        archive.extractall(api)
    stock, programs = directory / "stock", directory / "programs"
    _install_stock(stock)
    shutil.copytree(Path(started.__file__).parent, programs, ignore=_caches)
    for place in (stock, programs):
        _run(interpreter(), "-m", "compileall", "-qf", "--invalidation-mode=unchecked-hash", place)
    return Unpacked(install(directory / "runtime"), api, stock, programs)


def _install_stock(directory: Path) -> None:
    locked = re.split(r"(?m)^(?=\S)", (ROOT / "requirements-api.lock").read_text(encoding="utf-8"))
    wanted = directory.with_suffix(".lock")
    wanted.write_text("".join(one for one in locked if one.partition("==")[0] in _STOCK))
    _run(
        *(sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check"),
        *("--no-deps", "--no-compile", "--only-binary=:all:", "--require-hashes"),
        *(f"--target={directory}", f"--requirement={wanted}"),
    )


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, check=False, text=True)  # noqa: S603  # Python's own tools
    assert done.returncode == 0, done.stderr


_caches = shutil.ignore_patterns("__pycache__")
