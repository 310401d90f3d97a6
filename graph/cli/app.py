"""Every command in one application. A new command is a file of its own, and a line here."""

from importlib.metadata import version
from typing import Annotated

import typer

from graph.cli.keys import keys
from graph.cli.schema import schema
from graph.cli.serve import serve

app = typer.Typer(
    help="A registry and evaluator of machine-learning models.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # they may hold a token
)
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
