"""Every command in one application. A new command is a file of its own, and a line here."""

from importlib.metadata import version
from typing import Annotated

import typer

from graph.cli.evaluate import evaluate, license_check
from graph.cli.files import artifacts, pull, push
from graph.cli.keys import keys
from graph.cli.models import models
from graph.cli.output import colors_are_unwanted
from graph.cli.schema import schema
from graph.cli.serve import serve
from graph.cli.verify import export, verify

app = typer.Typer(
    help="A registry and evaluator of machine-learning models.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # they may hold a token
)
app.add_typer(models)
app.command()(push)
app.command()(pull)
app.command()(artifacts)
app.command()(evaluate)
app.command("license-check")(license_check)
app.command()(verify)
app.command()(export)
app.command()(serve)
app.add_typer(keys)
app.command()(schema)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(version("ml-model-evaluator"))
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Hold the options that belong to no command."""


def _plain_help() -> None:
    """Have Typer write help and mistakes in no style at all, bold included."""
    from typer import rich_utils  # noqa: PLC0415 - slow to import

    rich_utils.COLOR_SYSTEM = None


if colors_are_unwanted():
    _plain_help()
