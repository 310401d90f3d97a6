"""The service that a command talks with, and what a person is told where it refuses."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from graph.cli import exits
from graph.cli.output import plain

if TYPE_CHECKING:
    from graph.client import Client

Url = Annotated[
    str,
    typer.Option(
        "--url", envvar="ML_EVALUATOR_URL", help="Where the service answers.", show_default=False
    ),
]
Key = Annotated[
    str | None,
    typer.Option(
        "--api-key",
        envvar="ML_EVALUATOR_API_KEY",
        help="An API key. Others can see what stands on a command line: better use the variable.",
        show_default=False,
        show_envvar=True,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, under the API's own names.")]
Reason = Annotated[str | None, typer.Option(help="Why, for the history.")]
ChangedBy = Annotated[
    str | None, typer.Option(help="On whose behalf, where the key may act for others.")
]


def mistaken(message: str, option: str) -> typer.BadParameter:
    """Return what tells a user's mistake: with nothing in it that a terminal would obey."""
    return typer.BadParameter(plain(message), param_hint=option)


@contextmanager
def connected(url: str, api_key: str | None) -> Iterator["Client"]:
    """Open a client, and turn what it raises into a line on standard error and an exit code."""
    from graph.client import Client  # noqa: PLC0415 - slow to import
    from graph.client.address import address_of, authorization  # noqa: PLC0415

    key = api_key or None
    with failures_told(api_key):
        with _blamed_on("--url"):
            address = address_of(url)
        with _blamed_on("--api-key"):
            authorization(address, key, None)
        with _blamed_on("--url"):
            client = Client(url, key)
        with client:
            yield client


@contextmanager
def _blamed_on(option: str) -> Iterator[None]:
    """Tell of a ValueError as of a mistake in this option."""
    try:
        yield
    except ValueError as error:
        raise mistaken(str(error), option) from error


@contextmanager
def failures_told(secret: str | None = None) -> Iterator[None]:
    """Tell why something was not done: with its code and its field, and without a traceback.

    Args:
        secret: what never is told, whoever says it.
    """
    from graph.client import ApiError, ChecksumMismatch, ClientError  # noqa: PLC0415

    try:
        yield
    except ChecksumMismatch as error:
        _tell(map(str, error.errors), secret)
        raise typer.Exit(exits.TAMPERED) from error
    except ApiError as error:
        _tell(map(str, error.errors), secret)
        if error.request_id:
            typer.echo(f"request id: {plain(error.request_id)}", err=True)
        raise typer.Exit(exits.FAILED) from error
    except (ClientError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            raise
        _tell([str(error)], secret)
        raise typer.Exit(exits.FAILED) from error


def _tell(problems: Iterable[str], secret: str | None) -> None:
    for problem in problems:
        shown = problem.replace(secret, "(the API key)") if secret else problem
        typer.echo(plain(shown), err=True)
