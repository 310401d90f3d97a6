"""A repository to clone from: this checkout as it stands, uncommitted changes included."""

import shutil
import subprocess
from pathlib import Path

from tests.e2e.rehearsal.emulator import ROOT


def make_repository(place: Path, without: str | None) -> None:
    """Make a repository of one commit.

    Args:
        place: where; it must not exist.
        without: an action that serverless.yml allows on a line of its own, to be left out.
    """
    _git(ROOT, "clone", "--quiet", "--no-checkout", str(ROOT), str(place))
    for name in _git(ROOT, "ls-files", "-z", "-co", "--exclude-standard").split("\0"):
        path = ROOT / name
        if path.is_file():  # and neither deleted nor, at the list's end, empty
            copy = place / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    if without:
        _leave_out(place / "serverless.yml", without)
    _git(place, "add", "--all")
    author = ("-c", "user.name=rehearsal", "-c", "user.email=rehearsal@localhost")
    _git(place, *author, "commit", "--quiet", "--allow-empty", "--message=As it stands")


def _leave_out(template: Path, action: str) -> None:
    lines = template.read_text(encoding="utf-8").splitlines(keepends=True)
    left = [line for line in lines if line.strip() != f"- {action}"]
    if len(left) == len(lines):
        raise SystemExit(f"serverless.yml has no line that allows {action}")
    template.write_text("".join(left), encoding="utf-8")


def _git(directory: Path, *arguments: str) -> str:
    return subprocess.run(  # noqa: S603  # our own arguments
        ["/usr/bin/git", *arguments], cwd=directory, check=True, stdout=subprocess.PIPE, text=True
    ).stdout
