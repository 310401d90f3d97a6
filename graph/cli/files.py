"""`ml-evaluator push`, `pull` and `artifacts`: files of a model, verified on the way."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graph.cli.connection import (
    ChangedBy,
    Json,
    Key,
    Reason,
    Url,
    connected,
    failures_told,
    mistaken,
)
from graph.cli.listing import ModelId
from graph.cli.output import console, plain, print_json, print_rows, progress_is_shown

if TYPE_CHECKING:
    from graph.client import Artifact
    from graph.client.files.progress import Progress

MIB = 1024 * 1024
COLUMNS = ("ARTIFACT", "FILE", "SIZE", "SHA-256", "STATUS")


class Status(StrEnum):
    """Which files count."""

    PENDING = "pending"
    VERIFYING = "verifying"
    AVAILABLE = "available"
    REJECTED = "rejected"
    DELETED = "deleted"
    ALL = "all"


def push(  # noqa: PLR0913 - all by name
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", exists=True, dir_okay=False, readable=True, show_default=False
        ),
    ],
    *,
    model: Annotated[str, typer.Option(help="The model's id.")],
    url: Url,
    api_key: Key = None,
    content_type: Annotated[
        str | None, typer.Option(help="Guessed by the name, unless given.")
    ] = None,
    part_size_mib: Annotated[
        int | None, typer.Option(help="Send larger files in parts of so many MiB.", min=5, max=5120)
    ] = None,
    reason: Reason = None,
    changed_by: ChangedBy = None,
    as_json: Json = False,
) -> None:
    """Send files to a model. Run it again after a cut: what is there is not sent again."""
    part_size = part_size_mib * MIB if part_size_mib else None
    _require_plans(files, part_size)
    sent: list[Artifact] = []
    with connected(url, api_key) as client:
        try:
            for path in files:
                with _mistakes_told(), _progress(path.name) as told:
                    artifact = client.push(
                        path,
                        model,
                        content_type=content_type,
                        part_size=part_size,
                        progress=told,
                        reason=reason,
                        changed_by=changed_by,
                    )
                sent.append(artifact)
                if not as_json:
                    print_rows(COLUMNS, [_row(artifact)])
        finally:  # also of the files before one that fails
            if as_json:
                print_json(sent)


def pull(
    artifact: Annotated[str, typer.Argument(help="The artifact's id.", show_default=False)],
    url: Url,
    api_key: Key = None,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", help="A file, which is replaced; or a directory for its own name."
        ),
    ] = Path(),
) -> None:
    """Fetch a file. It appears under its name once its SHA-256 was found to be right.

    Its own name replaces nothing that is there with other bytes.
    """
    with connected(url, api_key) as client, _progress("pull") as told:
        path = client.pull(artifact, output, progress=told)
    typer.echo(plain(str(path)))


def artifacts(
    model: ModelId,
    url: Url,
    api_key: Key = None,
    status: Annotated[Status, typer.Option(help="How far they have come.")] = Status.AVAILABLE,
    as_json: Json = False,
) -> None:
    """List a model's files, the newest first: their ids are what pull takes."""
    every = [one.value.upper() for one in Status if one is not Status.ALL]
    statuses = every if status is Status.ALL else [status.value.upper()]
    with connected(url, api_key) as client:
        found = client.artifacts(model, statuses=statuses)
        if as_json:
            print_json(list(found))
        else:
            print_rows(COLUMNS, map(_row, found))


def _row(artifact: "Artifact") -> tuple[str, str, int, str, str]:
    """Return the cells of a file."""
    return (
        artifact.id,
        artifact.filename,
        artifact.size_bytes,
        artifact.sha256,
        artifact.status,
    )


def _require_plans(files: list[Path], part_size: int | None) -> None:
    """Require that every file can be sent, before the first one is."""
    from graph.client.files.source import require_plan  # noqa: PLC0415 - slow to import

    for path in files:
        with failures_told(), _mistakes_told():
            require_plan(path, part_size)


@contextmanager
def _mistakes_told() -> Iterator[None]:
    """Turn what cannot be sent at all into a user's mistake."""
    try:
        yield
    except ValueError as error:
        raise mistaken(str(error), "'FILE...'") from error


@contextmanager
def _progress(name: str) -> "Iterator[Progress | None]":
    """Show how far a file has come, where somebody looks."""
    if not progress_is_shown():
        yield None
        return
    from rich.progress import (  # noqa: PLC0415 - slow to import
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(plain(name), total=None)
        yield lambda moved, total: bar.update(task, completed=moved, total=total)
