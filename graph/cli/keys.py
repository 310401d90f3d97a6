"""`ml-evaluator keys`: API keys, on the table itself.

So the first admin of a deployment needs AWS credentials that may write the table, and nothing else.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from graph.cli.connection import Json
from graph.cli.failures import failures_told
from graph.cli.output import plain, print_json, print_rows

if TYPE_CHECKING:
    from graph.client import ApiKey
    from models.access.keys import ApiKeys
    from models.access.record import ApiKeyRecord
    from models.principal import Principal

COLUMNS = ("KEY", "ROLE", "NAME", "CREATED", "STATE")

keys = typer.Typer(
    name="keys", help="Make, list and revoke API keys, on the table itself.", no_args_is_help=True
)


class KeyRole(StrEnum):
    """What a key may do."""

    READER = "reader"
    WRITER = "writer"
    ADMIN = "admin"


def _usable(url: str | None) -> str | None:
    """Refuse an endpoint at which nothing can answer, before botocore does it with a traceback."""
    from botocore.utils import is_valid_endpoint_url  # noqa: PLC0415 - slow to import

    from models.errors import Misconfigured  # noqa: PLC0415
    from models.settings import Settings  # noqa: PLC0415

    try:
        endpoint = Settings.from_env({"AWS_ENDPOINT_URL": url or ""}).endpoint_url
    except Misconfigured as error:
        raise typer.BadParameter(str(error)) from error
    if endpoint and not is_valid_endpoint_url(endpoint):
        raise typer.BadParameter(f"{plain(endpoint)} has a host that botocore refuses")
    return url


EndpointUrl = Annotated[
    str | None,
    typer.Option(
        help="Where DynamoDB answers, such as what `serve` prints; AWS itself unless given.",
        envvar="AWS_ENDPOINT_URL",
        callback=_usable,
    ),
]


@keys.command()
def create(
    role: Annotated[
        KeyRole, typer.Option(case_sensitive=False, help="What it may do.")
    ] = KeyRole.WRITER,
    name: Annotated[
        str | None, typer.Option(help="What people call the key: 'writer key', say, unless given.")
    ] = None,
    expires_in_days: Annotated[
        int | None, typer.Option(min=1, max=3650, help="After so many days it is refused.")
    ] = None,
    endpoint_url: EndpointUrl = None,
    as_json: Json = False,
) -> None:
    """Make a key, and print its secret: this once."""
    from graph.client import CreatedApiKey  # noqa: PLC0415 - slow to import
    from models.access.commands import CreateApiKey  # noqa: PLC0415
    from models.principal import Role  # noqa: PLC0415
    from models.timestamps import now, shifted  # noqa: PLC0415

    expiry = shifted(now(), timedelta(days=expires_in_days)) if expires_in_days else None
    command = CreateApiKey(
        name=f"{role} key" if name is None else name, role=Role[role.name], expires_at=expiry
    )
    with failures_told():
        created = _api_keys(endpoint_url).create(_operator(), command)
    if as_json:
        print_json(CreatedApiKey(_api_key(created.key), created.token))
        return
    typer.echo("  ".join(map(plain, _row(created.key))), err=True)
    typer.echo("The secret is shown this once:", err=True)
    typer.echo(created.token)


@keys.command("list")
def list_keys(endpoint_url: EndpointUrl = None, as_json: Json = False) -> None:
    """List all keys, newest first."""
    with failures_told():
        found = _all(_api_keys(endpoint_url))
        if as_json:
            print_json([_api_key(record) for record in found])
        else:
            print_rows(COLUMNS, map(_row, found))


@keys.command()
def revoke(
    id: Annotated[str, typer.Argument(help="The key's id, as `list` shows it.")],  # noqa: A002 - a user's word
    endpoint_url: EndpointUrl = None,
    as_json: Json = False,
) -> None:
    """Refuse a key from now on: within 60 seconds everywhere."""
    from models.access.commands import RevokeApiKey  # noqa: PLC0415

    with failures_told():
        record = _api_keys(endpoint_url).revoke(_operator(), RevokeApiKey(id=id))
    if as_json:
        print_json(_api_key(record))
    else:
        print_rows(COLUMNS, [_row(record)])


def _api_keys(endpoint_url: str | None) -> "ApiKeys":
    from models.access.keys import ApiKeys  # noqa: PLC0415
    from models.settings import Settings  # noqa: PLC0415
    from models.table import Table  # noqa: PLC0415
    from models.timestamps import now  # noqa: PLC0415

    settings = Settings.from_env({**os.environ, "AWS_ENDPOINT_URL": endpoint_url or ""})
    return ApiKeys(Table(settings), now)


def _operator() -> "Principal":
    """Return the principal of whoever may write the table anyway."""
    from models.principal import Principal, Role  # noqa: PLC0415

    return Principal("operator", frozenset(Role), may_attribute=True)


def _all(api_keys: "ApiKeys") -> "Iterator[ApiKeyRecord]":
    from models.limits import PAGE_MAX_ITEMS  # noqa: PLC0415

    after, has_more = None, True
    while has_more:
        page = api_keys.page(PAGE_MAX_ITEMS, after)
        yield from page.items
        after, has_more = page.reached, page.has_more


def _row(record: "ApiKeyRecord") -> tuple[str, str, str, str, str]:
    """Return the cells of a key."""
    from models.ids import api_key_node_id  # noqa: PLC0415
    from models.timestamps import now  # noqa: PLC0415

    state = "valid"
    if record.revoked_at:
        state = f"revoked {record.revoked_at}"
    elif record.expires_at:
        state = f"{'expired' if record.expires_at <= now() else 'valid until'} {record.expires_at}"
    return api_key_node_id(record.id), record.role.value, record.name, record.created_at, state


def _api_key(record: "ApiKeyRecord") -> "ApiKey":
    """Return a key as the API has it."""
    from graph.client import ApiKey  # noqa: PLC0415 - slow to import
    from models.ids import api_key_node_id  # noqa: PLC0415

    return ApiKey(
        id=api_key_node_id(record.id),
        name=record.name,
        role=record.role.value,
        created_at=record.created_at,
        created_by=record.created_by,
        expires_at=record.expires_at,
        revoked_at=record.revoked_at,
        revoked_by=record.revoked_by,
        subject=record.subject,
    )
