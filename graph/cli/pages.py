"""The pages that are to be evaluated: where each was given, and how many of them are queued."""

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from graph.cli import exits
from graph.cli.connection import mistaken
from graph.cli.output import plain

if TYPE_CHECKING:
    from graph.client import ApiError, Client

BATCH_URLS = 250
_STDIN: Final = "-"
_COMMENT: Final = re.compile(r"(?:^|\s)#.*", re.DOTALL)
"""Without white space before it, `#` begins a fragment of a page's address."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a model, as a user gave it.

    Attributes:
        place: file and line; empty on a command line.
    """

    url: str
    place: str = ""

    def __str__(self) -> str:
        """Name it to whoever gave it."""
        return f"{self.place}: {self.url}" if self.place else self.url


def pages_in(file: Path) -> list[Page]:
    """Read the pages of a file: one a line, without empty lines and comments."""
    name = str(file)
    try:
        text = _standard_input() if name == _STDIN else file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise mistaken(f"{file}: {error}", "--file") from error
    if name == _STDIN:
        name = "standard input"
    lines = enumerate((_COMMENT.sub("", line).strip() for line in text.split("\n")), 1)
    return [Page(line, f"{name}:{number}") for number, line in lines if line]


def queue(
    client: "Client", pages: Sequence[Page], reason: str | None, changed_by: str | None
) -> list[str]:
    """Have pages evaluated, and return the evaluations' ids in order.

    A page that the service refuses is told of; it has no id, and stops no other.
    """
    from graph.client import ClientError  # noqa: PLC0415 - slow to import

    def send(batch: Sequence[Page]) -> list[str]:
        urls = [page.url for page in batch]
        return client.queue_evaluations(urls, reason=reason, changed_by=changed_by)

    ids: list[str] = []
    for start in range(0, len(pages), BATCH_URLS):
        try:
            ids += _queue_good(pages[start : start + BATCH_URLS], send)
        except ClientError:
            if ids:
                typer.echo(f"{len(ids)} pages were queued before this, and go on", err=True)
            raise
    return ids


def _queue_good(batch: Sequence[Page], send: Callable[[Sequence[Page]], list[str]]) -> list[str]:
    """Queue the pages of a batch that the service takes: where it refuses one, it queues none."""
    from graph.client import InvalidInput  # noqa: PLC0415 - slow to import

    try:
        return send(batch)
    except InvalidInput as error:
        faults = _faults(batch, error)
    for number, fault in faults.items():
        typer.echo(plain(f"{batch[number]}: {fault}"), err=True)
    good = [page for number, page in enumerate(batch) if number not in faults]
    return send(good) if good else []


def _faults(batch: Sequence[Page], error: "ApiError") -> dict[int, str]:
    """Return what is wrong with which page, or raise again what is not about pages."""
    faults: dict[int, str] = {}
    for problem in error.errors:
        match problem.field:
            case ("urls", index) if index.isdecimal() and int(index) < len(batch):
                message = re.sub(r"^urls\[\d+\] ", "", problem.message)
                faults[int(index)] = f"{problem.code}: {message}"
            case _:
                raise error
    return faults


def _standard_input() -> str:
    if sys.stdin is None:
        typer.echo("there is no standard input", err=True)
        raise typer.Exit(exits.FAILED)
    return sys.stdin.read().removeprefix("\ufeff")
