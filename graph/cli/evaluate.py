"""`ml-evaluator evaluate` and `license-check`: scores, and gates for CI."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graph.cli import exits
from graph.cli.connection import ChangedBy, Json, Key, Reason, Url, connected, mistaken
from graph.cli.gates import Gates, RequiredLicense, license_faults
from graph.cli.output import (
    console,
    plain,
    print_facts,
    print_json,
    print_rows,
    print_text,
    progress_is_shown,
)
from graph.cli.pages import Page, pages_in, queue
from graph.cli.records import record

if TYPE_CHECKING:
    from collections.abc import Callable

    from graph.client import Client, Evaluation

RequireLicense = Annotated[
    RequiredLicense | None,
    typer.Option(help="Exit with 3 unless the license is this, or better.", show_default=False),
]


def evaluate(  # noqa: PLR0913 - all by name
    *,
    url: Url,
    pages: Annotated[
        list[str] | None,
        typer.Argument(metavar="PAGE...", help="Pages of models.", show_default=False),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", "-f", help="A file with a page on each line; - for standard input."),
    ] = None,
    api_key: Key = None,
    require_license: RequireLicense = None,
    min_score: Annotated[
        float | None,
        typer.Option(help="Exit with 3 unless the net score is at least this.", min=0, max=1),
    ] = None,
    min_floor: Annotated[
        float | None,
        typer.Option(
            help="The same of its floor, in which what is unknown counts as 0.", min=0, max=1
        ),
    ] = None,
    reason: Reason = None,
    changed_by: ChangedBy = None,
    as_json: Json = False,
    as_records: Annotated[
        bool,
        typer.Option(
            "--ndjson", help="Print a line of JSON a model: name, category, net_score ..."
        ),
    ] = False,
) -> None:
    """Score the models behind pages, registering those that are new.

    Exits with 3 where a gate is not passed, or an evaluation ended without a score. A page that
    the service refuses stops no other, and the command exits with 1 then.
    """
    given = [*map(Page, pages or ()), *(pages_in(file) if file else ())]
    if as_json and as_records:
        raise mistaken("print either JSON or records", "--ndjson")
    if not given:
        raise mistaken("name a page, or a file with pages", "PAGE...")
    with connected(url, api_key) as client:
        ids = queue(client, given, reason, changed_by)
        found = _ended(client, ids)
    if as_json:
        print_json(found)
    elif as_records:
        for one in found:
            print_text(record(one))
    elif found:
        _show(found)
    gates = Gates(require_license, min_score, min_floor)
    faults = [f"{one.url}: {fault}" for one in found for fault in gates.faults(one)]
    _tell(faults)
    if len(ids) < len(given):
        raise typer.Exit(exits.FAILED)
    if faults:
        raise typer.Exit(exits.GATE)


def license_check(
    expression: Annotated[
        str,
        typer.Argument(
            metavar="LICENSE", help="A name, or an SPDX expression.", show_default=False
        ),
    ],
    url: Url,
    api_key: Key = None,
    require: Annotated[
        RequiredLicense, typer.Option(help="Exit with 3 unless it is this, or better.")
    ] = RequiredLicense.ALLOWED,
    as_json: Json = False,
) -> None:
    """Ask the policy about a license; exit with 3 where it is not allowed."""
    with connected(url, api_key) as client:
        decision = client.license_check(expression)
    if as_json:
        print_json(decision)
    else:
        print_facts(
            [
                ("license", decision.declared),
                ("SPDX", decision.spdx_expression),
                ("verdict", decision.verdict),
                *(("reason", reason) for reason in decision.reasons),
            ]
        )
    if faults := license_faults(decision, require):
        _tell(faults)
        raise typer.Exit(exits.GATE)


def _ended(client: "Client", ids: Sequence[str]) -> "list[Evaluation]":
    """Wait for evaluations, and return them in their order."""
    ended: dict[str, Evaluation] = {}
    with _progress(len(set(ids))) as told:
        for one in client.as_they_end(ids):
            ended[one.id] = one
            told(len(ended))
    return [ended[evaluation_id] for evaluation_id in ids]


def _show(found: "Sequence[Evaluation]") -> None:
    print_rows(
        ("PAGE", "STATUS", "SCORE", "FLOOR", "CEILING", "LICENSE", "VERDICT", "MODEL"),
        (
            (
                one.canonical_url or one.url,
                one.status if one.failure is None else f"{one.status} ({one.failure.code})",
                one.net_score,
                one.net_score_floor,
                one.net_score_ceiling,
                one.license_decision.declared if one.license_decision else None,
                one.license_decision.verdict if one.license_decision else None,
                one.model_id,
            )
            for one in found
        ),
    )


def _tell(faults: Sequence[str]) -> None:
    for fault in faults:
        typer.echo(plain(fault), err=True)


@contextmanager
def _progress(total: int) -> "Iterator[Callable[[int], None]]":
    """Show how many have ended, where somebody looks."""
    if not progress_is_shown():
        yield lambda _: None
        return
    from rich.progress import (  # noqa: PLC0415 - slow to import
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("Evaluations", total=total)
        yield lambda ended: bar.update(task, completed=ended)
