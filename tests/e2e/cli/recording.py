"""The recordings of docs/CLI.md: `python -m tests.e2e.cli.recording` makes them anew.

Each block of the page is a piece of one session at a terminal: lines that begin with `$ ` are
typed, and below each stands what comes of it. Where a command ends otherwise than with 0, a line
below tells so.
"""

import os
import pty
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Final

from graph.local.server import LocalServer

PAGE: Final = Path(__file__).parents[3] / "docs" / "CLI.md"
BLOCK: Final = re.compile(r"```console\n(.*?)```", re.DOTALL)
URL: Final = "http://127.0.0.1:8000"
_END: Final = "~~~ "
_COLUMNS: Final = "120"


@dataclass(frozen=True)
class Step:
    """What was typed, and what came of it."""

    command: str
    shown: str


def steps(block: str) -> list[Step]:
    """Return the steps of a block."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    return [Step(command, shown) for command, _, shown in (part.partition("\n") for part in parts)]


class Terminal:
    """A shell at a terminal that knows no colours, in a directory of its own."""

    def __init__(self, url: str, place: Path) -> None:
        self._master, slave = pty.openpty()
        environ = {
            **os.environ,
            "COLUMNS": _COLUMNS,
            "ML_EVALUATOR_URL": url,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PS1": "",
            "TERM": "dumb",
        }
        environ.pop("ML_EVALUATOR_API_KEY", None)
        self._shell = Popen(
            ["/bin/bash", "--noprofile", "--norc"],
            cwd=place,
            env=environ,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self.type("stty -echo; PS1=; PS2=")

    def type(self, command: str) -> str:
        """Type a command, and return what is shown until it ends."""
        os.write(self._master, f"{command}\necho '{_END}'$?\n".encode())
        shown = b""
        while not (end := re.search(rb"^~~~ (\d+)\r?\n", shown, re.MULTILINE)):
            shown += os.read(self._master, 65_536)
        text = shown[: end.start()].decode().replace("\r\n", "\n")
        text = "".join(line.rstrip() + "\n" for line in text.splitlines())
        return text if end[1] == b"0" else f"{text}[exit {end[1].decode()}]\n"

    def close(self) -> None:
        """End the shell."""
        self._shell.kill()
        self._shell.wait()
        os.close(self._master)


def recorded(text: str) -> Iterator[tuple[Step, str]]:
    """Run the page's session, and yield each step with what it shows now."""
    with tempfile.TemporaryDirectory() as place, LocalServer(demo=True) as server:
        terminal = Terminal(server.url, Path(place))
        try:
            for block in BLOCK.findall(text):
                for step in steps(block):
                    shown = terminal.type(step.command)
                    yield step, shown.replace(server.url, URL)
        finally:
            terminal.close()


def main() -> None:
    """Write the page anew with what its commands show now."""
    text = PAGE.read_text(encoding="utf-8")
    found = recorded(text)

    def block(match: re.Match[str]) -> str:
        made = [next(found) for _ in steps(match[1])]
        inside = "".join(f"$ {step.command}\n{shown}" for step, shown in made)
        return f"```console\n{inside}```"

    PAGE.write_text(BLOCK.sub(block, text), encoding="utf-8")


if __name__ == "__main__":
    main()
