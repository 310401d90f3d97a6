"""The folder that the stand-in answers from: a file for each model, card, dataset and so on.

`models/OWNER__NAME.json`, `readmes/OWNER__NAME.md`, `commits/OWNER__NAME.json`,
`datasets/OWNER__NAME.json` and `github/OWNER__NAME.json` hold what the APIs answer;
`renames.json` the names that repositories had before, by kind. Files are read when they are asked
for, so that a test can change them at any time.
"""

import json
from pathlib import Path
from typing import cast

Described = dict[str, object]
"""A JSON object, as an API answers it."""


class HubData:
    """Reads the folder; what has no file does not exist."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def described(self, kind: str, name: str) -> Described | None:
        """Return the description of a model, a dataset or a GitHub repository.

        Args:
            kind: `models`, `datasets` or `github`.
        """
        path = self._path(kind, name, "json")
        return cast("Described", json.loads(path.read_bytes())) if path.is_file() else None

    def all_described(self, kind: str) -> list[Described]:
        """Return all descriptions of a kind."""
        paths = sorted((self._directory / kind).glob("*.json"))
        return [cast("Described", json.loads(path.read_bytes())) for path in paths]

    def readme(self, name: str) -> bytes | None:
        """Return a model's card."""
        path = self._path("readmes", name, "md")
        return path.read_bytes() if path.is_file() else None

    def commits(self, name: str) -> list[Described]:
        """Return a model's commits, newest first."""
        path = self._path("commits", name, "json")
        return cast("list[Described]", json.loads(path.read_bytes())) if path.is_file() else []

    def new_name(self, kind: str, name: str) -> str | None:
        """Return what a repository is called now, if it was renamed."""
        path = self._directory / "renames.json"
        renames = json.loads(path.read_bytes()) if path.is_file() else {}
        found: str | None = renames.get(kind, {}).get(name)
        return found

    def _path(self, kind: str, name: str, suffix: str) -> Path:
        # Without its slash a name is one segment, and with the suffix never `.` or `..`.
        return self._directory / kind / f"{name.replace('/', '__')}.{suffix}"
