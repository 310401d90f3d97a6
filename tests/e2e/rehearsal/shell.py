"""A bash that reads a page's blocks one after the other, as a reader's terminal does.

What a block changes, such as the directory and variables, holds for those after it.
"""

import secrets
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

_MODE: Final = "set -e -o pipefail\n"


class CommandFailed(Exception):  # noqa: N818  # what bash says of it
    """A block ended with something else than success; the message is what it printed."""


class Shell:
    """A bash, for as long as the context lasts.

    Args:
        directory: that it begins in.
        scratch: where the blocks are kept while they run.
        environ: all of its environment.
    """

    def __init__(self, directory: Path, scratch: Path, environ: Mapping[str, str]) -> None:
        self._directory = directory
        self._block = scratch / "block.sh"
        self._environ = environ

    def __enter__(self) -> Self:
        self._bash = subprocess.Popen(
            ["/bin/bash", "--noprofile", "--norc"],
            cwd=self._directory,
            env={**self._environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._write(_MODE)
        return self

    def __exit__(self, *_: object) -> None:
        self._bash.kill()
        self._bash.communicate()

    def run(self, block: str) -> str:
        """Run a block of commands; return what it printed, errors included.

        Raises:
            CommandFailed: a command failed. The shell is of no more use.
        """
        self._block.write_text(block, encoding="utf-8")
        end = f"end of block {secrets.token_hex(8)}"
        self._write(f". '{self._block}' < /dev/null\necho '{end}'\n")
        lines: list[str] = []
        assert self._bash.stdout is not None
        for line in self._bash.stdout:
            before, marker, _ = line.partition(end)
            lines.append(before)
            if marker:
                return "".join(lines)
        raise CommandFailed("".join(lines))

    def _write(self, text: str) -> None:
        assert self._bash.stdin is not None
        self._bash.stdin.write(text)
        self._bash.stdin.flush()
