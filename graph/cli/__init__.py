"""The command `ml-evaluator`."""

import sys


def main() -> None:
    """Run the command, or say what to install for it."""
    try:
        from graph.cli.app import app  # noqa: PLC0415 - typer comes with the extra `cli`
    except ModuleNotFoundError as error:
        if error.name != "typer":
            raise
        sys.exit("ml-evaluator needs the extra `cli`: pip install 'ml-model-evaluator[cli]'")
    app()
