"""What a person at a terminal is told instead of a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from graph.cli import exits
from graph.cli.output import plain

_NO_TABLE = "ResourceNotFoundException"


def fail(message: str) -> NoReturn:
    """Say why nothing was done, on standard error, and exit with 1."""
    typer.echo(plain(message), err=True)
    raise typer.Exit(exits.FAILED)


@contextmanager
def failures_told() -> Iterator[None]:
    """Tell of a refusal, of settings that make no sense, and of a table that cannot be had."""
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - slow to import
    from pynamodb.exceptions import PynamoDBException  # noqa: PLC0415

    from models.errors import Misconfigured, ServiceError  # noqa: PLC0415

    try:
        yield
    except (Misconfigured, ServiceError) as error:
        fail(str(error))
    except PynamoDBException as error:
        if error.cause_response_code == _NO_TABLE:
            fail("There is no such table: set DYNAMODB_TABLE and AWS_REGION.")
        fail(f"DynamoDB cannot be used: {error.cause or error}")
    except BotoCoreError as error:
        fail(f"DynamoDB cannot be used: {error}")
