"""`ml-evaluator schema`."""

import typer


def schema() -> None:
    """Print the GraphQL schema of the API."""
    from graph.schema import export_sdl  # noqa: PLC0415 - slow to import for the other commands

    typer.echo(export_sdl(), nl=False)
