"""GraphiQL's files: which ones, whether a directory holds them, and how they get there.

Nothing is loaded from a CDN, and a Python package should not carry 4 MB of other people's
JavaScript. So package-lock.json pins the builds by their hashes, the first `serve` fetches them
with npm, and a marker in the directory says which lock they are from: the next start needs
neither npm nor a network. Whatever fails, the API works, and the page says what is missing.
"""

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.playground.npm import TIMEOUT_SECONDS, Npm, NpmError, find_npms, install

PACKAGE: Final = Path(__file__).parent
SHIPPED: Final = PACKAGE / "assets"
"""Where a package for Lambda has them."""
MARKER: Final = "lock.sha256"

_STAGING: Final = ".fetch-"
_ABANDONED_AFTER_SECONDS: Final = 10 * TIMEOUT_SECONDS

FETCHED: Final = {
    "react.js": "react/umd/react.production.min.js",
    "react-dom.js": "react-dom/umd/react-dom.production.min.js",
    "graphiql.js": "graphiql/graphiql.min.js",
    "graphiql.css": "graphiql/graphiql.min.css",
    "explorer.js": "@graphiql/plugin-explorer/dist/index.umd.js",
    "explorer.css": "@graphiql/plugin-explorer/dist/style.css",
}
"""Name in the assets' directory -> path under node_modules."""


@dataclass(frozen=True, slots=True)
class Assets:
    """GraphiQL's files in a directory, or why they are not there.

    Attributes:
        directory: where the files of `FETCHED` lie, by name.
        problem: what is missing and what to do, in one sentence; None if all is there.
    """

    directory: Path
    problem: str | None = None


def find_assets(directory: Path) -> Assets:
    """Look for the files in `directory` and fetch nothing: where they are shipped, as on Lambda."""
    if _is_current(directory):
        return Assets(directory)
    return Assets(
        directory,
        "GraphiQL's files were not packaged with this deployment: "
        "run `ml-evaluator serve` on your machine to explore the API.",
    )


def ensure_assets(directory: Path, npms: Callable[[], Sequence[Npm]] = find_npms) -> Assets:
    """Have the files in `directory`, fetching them through npm unless they are there already.

    Never raises for what can go wrong on a user's machine, and takes at most
    `npm.TIMEOUT_SECONDS` for each npm found: `Assets.problem` tells.
    """
    if _is_current(directory):
        return Assets(directory)
    found = npms()
    if not found:
        return Assets(
            directory,
            "GraphiQL's files are missing, and so is npm to fetch them with: "
            "run `pip install 'ml-model-evaluator[local]'`, then start again.",
        )
    for npm in found:
        problem = _fetch(npm, directory)
        if problem is None:
            return Assets(directory)
    return Assets(directory, problem)


def _fetch(npm: Npm, directory: Path) -> str | None:
    """Fill `directory` by this npm, and say in a sentence what went wrong if something did."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(directory)
        # Beside their destination, so that each file arrives whole, by a rename.
        with tempfile.TemporaryDirectory(prefix=_STAGING, dir=directory) as staging:
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copyfile(PACKAGE / name, Path(staging) / name)
            install(npm, Path(staging))
            _publish(Path(staging) / "node_modules", directory)
    except NpmError as failure:
        return (
            f"GraphiQL's files are missing because {failure}: "
            "check the network and npm's `registry` setting, then start again."
        )
    except OSError as error:
        return (
            f"GraphiQL's files could not be put into {directory} ({error.strerror or error}): "
            "make it writable, then start again."
        )
    return None


def _remove_abandoned(directory: Path) -> None:
    """Remove what a killed process left; one that runs could be another start's, still at it."""
    for staging in directory.glob(f"{_STAGING}*"):
        if time.time() - staging.stat().st_mtime > _ABANDONED_AFTER_SECONDS:
            shutil.rmtree(staging, ignore_errors=True)


def _publish(node_modules: Path, directory: Path) -> None:
    """Move the files into place, and last the marker, which must never vouch for half of them."""
    marker = directory / MARKER
    marker.unlink(missing_ok=True)
    for name, path in FETCHED.items():
        (node_modules / path).replace(directory / name)
    lock = node_modules / MARKER
    lock.write_text(_lock_hash(), encoding="ascii")
    lock.replace(marker)


def _is_current(directory: Path) -> bool:
    try:
        fetched_by = (directory / MARKER).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return False
    return fetched_by == _lock_hash() and all((directory / name).is_file() for name in FETCHED)


def _lock_hash() -> str:
    return hashlib.sha256((PACKAGE / "package-lock.json").read_bytes()).hexdigest()
