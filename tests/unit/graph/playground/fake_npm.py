"""npm without npm: what it would install, or how it would fail."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from graph.playground.assets import FETCHED


class InstallingNpm:
    """Installs a small file for each that the page needs, and counts how often it was asked."""

    def __init__(self, without: str | None = None) -> None:
        self.without = without
        self.calls: list[tuple[str, ...]] = []

    def __call__(
        self, arguments: Sequence[str], directory: Path
    ) -> subprocess.CompletedProcess[str]:
        self.calls.append(tuple(arguments))
        for name, path in FETCHED.items():
            if name != self.without:
                file = directory / "node_modules" / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(f"{name} of install {len(self.calls)}", encoding="utf-8")
        return subprocess.CompletedProcess([], 0, "", "")


class FailingNpm:
    """Fails with an npm error code, or as the operating system or the clock make it fail."""

    def __init__(self, failure: str | Exception) -> None:
        self.failure = failure

    def __call__(
        self, arguments: Sequence[str], directory: Path
    ) -> subprocess.CompletedProcess[str]:
        del directory
        if isinstance(self.failure, Exception):
            raise self.failure
        stderr = f"npm error code {self.failure}\nnpm error {self.failure} and more words\n"
        return subprocess.CompletedProcess(list(arguments), 1, "", stderr)
