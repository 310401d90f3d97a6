"""The command `ml-evaluator`."""

import sys

from graph.cli.ending import told_to_the_shell


def main() -> None:
    """Run the command, or say what to install for it."""
    with told_to_the_shell():
        try:
            from graph.cli.app import app  # noqa: PLC0415 - typer comes with the extra `cli`
        except ModuleNotFoundError as error:
            if error.name != "typer":
                raise
            sys.exit("ml-evaluator needs the extra `cli`: pip install 'ml-model-evaluator[cli]'")
        if sys.stdout is None and sys.argv[1:2] != ["serve"]:  # whose output nobody needs
            sys.exit("standard output is closed")
        app()
