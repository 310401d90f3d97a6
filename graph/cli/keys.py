"""`ml-evaluator keys`: API keys, on the table itself.

So the first admin of a deployment needs AWS credentials that may write the table, and nothing else.
"""

import os
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from graph.cli.failures import fail, failures_told

if TYPE_CHECKING:
    from models.access.keys import ApiKeys
    from models.access.record import ApiKeyRecord
    from models.principal import Principal

keys = typer.Typer(
    name="keys", help="Make, list and revoke API keys, on the table itself.", no_args_is_help=True
)

EndpointUrl = Annotated[
    str | None,
    typer.Option(
        help="Where DynamoDB answers, such as what `serve` prints; AWS itself unless given.",
        envvar="AWS_ENDPOINT_URL",
    ),
]


@keys.command()
def create(
    role: Annotated[str, typer.Option(help="reader, writer or admin.")] = "writer",
    name: Annotated[
        str | None, typer.Option(help="What people call the key: 'writer key', say, unless given.")
    ] = None,
    expires_in_days: Annotated[
        int | None, typer.Option(min=1, max=3650, help="After so many days it is refused.")
    ] = None,
    endpoint_url: EndpointUrl = None,
) -> None:
    """Make a key, and print its secret: this once."""
    from models.access.commands import CreateApiKey  # noqa: PLC0415 - slow to import
    from models.principal import Role  # noqa: PLC0415
    from models.timestamps import now, shifted  # noqa: PLC0415

    if role.upper() not in list(Role):
        fail(f"{role} is no role: use reader, writer or admin.")
    expiry = shifted(now(), timedelta(days=expires_in_days)) if expires_in_days else None
    command = CreateApiKey(
        name=f"{role.lower()} key" if name is None else name,
        role=Role(role.upper()),
        expires_at=expiry,
    )
    with failures_told():
        created = _api_keys(endpoint_url).create(_operator(), command)
    typer.echo(f"{_line(created.key)}\nThe secret is shown this once:", err=True)
    typer.echo(created.token)


@keys.command("list")
def list_keys(endpoint_url: EndpointUrl = None) -> None:
    """List all keys, newest first."""
    from models.limits import PAGE_MAX_ITEMS  # noqa: PLC0415

    with failures_told():
        api_keys, after = _api_keys(endpoint_url), None
        while True:
            page = api_keys.page(PAGE_MAX_ITEMS, after)
            for record in page.items:
                typer.echo(_line(record))
            after = page.reached
            if not page.has_more:
                return


@keys.command()
def revoke(
    id: Annotated[str, typer.Argument(help="The key's id, as `list` shows it.")],  # noqa: A002 - a user's word
    endpoint_url: EndpointUrl = None,
) -> None:
    """Refuse a key from now on: within 60 seconds everywhere."""
    from models.access.commands import RevokeApiKey  # noqa: PLC0415

    with failures_told():
        record = _api_keys(endpoint_url).revoke(_operator(), RevokeApiKey(id=id))
    typer.echo(_line(record))


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


def _line(record: "ApiKeyRecord") -> str:
    from models.ids import api_key_node_id  # noqa: PLC0415
    from models.timestamps import now  # noqa: PLC0415

    state = "valid"
    if record.revoked_at:
        state = f"revoked {record.revoked_at}"
    elif record.expires_at:
        state = f"{'expired' if record.expires_at <= now() else 'valid until'} {record.expires_at}"
    return "  ".join(
        [api_key_node_id(record.id), record.role.value, record.name, record.created_at, state]
    )
