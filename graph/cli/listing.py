"""`ml-evaluator models list` and `history`: lists, which say where there is more of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Self, TypeVar

import typer

from graph.cli.connection import Json, Key, Url, connected, mistaken
from graph.cli.output import print_json, print_rows

if TYPE_CHECKING:
    from graph.client import ChangeEntry, Model

T = TypeVar("T")
LIMIT_MAX = 10**9
_COLUMNS = ("ID", "NAME", "VERSION", "STATE", "LICENSE", "SCORE", "SOURCE")
_HISTORY_COLUMNS = ("VERSION", "ACTION", "TIME", "BY", "WITH", "FIELDS", "REASON")


def _named(model: str) -> str:
    if not model.strip():
        raise typer.BadParameter("give the model's id: this is empty")
    return model


ModelId = Annotated[
    str,
    typer.Argument(metavar="MODEL", help="The model's id.", show_default=False, callback=_named),
]
Instant = Annotated[
    str | None, typer.Option(metavar="INSTANT", help="Such as 2026-01-31T12:00:00Z.")
]
All = Annotated[bool, typer.Option("--all", help="All of them, however many.")]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many items a list shows.

    Attributes:
        limit: at most; None for all.
        is_told: whether to tell where there are more, since nobody asked for this limit.
    """

    limit: int | None
    is_told: bool = False

    @classmethod
    def given(cls, limit: int | None, *, every: bool, default: int) -> Self:
        """Read the options."""
        if limit is None:
            return cls(None) if every else cls(default, is_told=True)
        if every:
            raise mistaken("give a limit or --all, not both", "--limit")
        return cls(limit)

    def page_size(self, most: int) -> int:
        """Return how many items to ask for at a time: as few as make as few pages."""
        if self.limit is None:
            return most
        wanted = self.limit + self.is_told
        return -(-wanted // -(-wanted // most))

    def of(self, items: Iterable[T]) -> Iterator[T]:
        """Yield as many items as are wanted, and tell where there are more."""
        left = iter(items)
        yield from islice(left, self.limit)
        if self.is_told and any(True for _ in left):
            typer.echo("there are more: --limit N shows N of them, --all shows all", err=True)


class State(StrEnum):
    """Which models count."""

    ACTIVE = "active"
    DELETED = "deleted"
    ALL = "all"


class Order(StrEnum):
    """By what models are ordered."""

    UPDATED = "updated"
    CREATED = "created"
    NAME = "name"
    SCORE = "score"


_ORDERS = {
    Order.UPDATED: "UPDATED_AT",
    Order.CREATED: "CREATED_AT",
    Order.NAME: "NAME",
    Order.SCORE: "NET_SCORE",
}


def list_models(  # noqa: PLR0913 - all by name
    *,
    url: Url,
    api_key: Key = None,
    source: Annotated[str | None, typer.Option(help="Only of this source.")] = None,
    license: Annotated[str | None, typer.Option(help="Only with this license.")] = None,  # noqa: A002 - a user's word
    name: Annotated[str | None, typer.Option(help="Only names that begin so.")] = None,
    name_contains: Annotated[str | None, typer.Option(help="Only names with this in them.")] = None,
    min_score: Annotated[
        float | None, typer.Option(help="Only with at least this net score.", min=0, max=1)
    ] = None,
    created_after: Instant = None,
    created_before: Instant = None,
    updated_after: Instant = None,
    updated_before: Instant = None,
    state: Annotated[State, typer.Option(help="Deleted ones, too?")] = State.ACTIVE,
    order: Annotated[Order, typer.Option(help="By what to order.")] = Order.UPDATED,
    ascending: Annotated[bool, typer.Option("--ascending", help="The lowest first.")] = False,
    limit: Annotated[
        int | None, typer.Option(help="So many at most; 100 unless given.", min=1, max=LIMIT_MAX)
    ] = None,
    every: All = False,
    as_json: Json = False,
) -> None:
    """List models, the newest change first unless ordered."""
    from graph.client import ModelFilter, ModelOrder  # noqa: PLC0415 - slow to import

    states = [one.value.upper() for one in State if one is not State.ALL]
    where = ModelFilter(
        states=states if state is State.ALL else [state.value.upper()],
        source=source,
        license=license,
        name_starts_with=name,
        name_contains=name_contains,
        min_net_score=min_score,
        created_after=created_after,
        created_before=created_before,
        updated_after=updated_after,
        updated_before=updated_before,
    )
    by = ModelOrder(_ORDERS[order], "ASC" if ascending else "DESC")
    bounds = Bounds.given(limit, every=every, default=100)
    with connected(url, api_key) as client:
        found = bounds.of(client.models(where, order=by, page_size=bounds.page_size(100)))
        if as_json:
            print_json(list(found))
        else:
            print_rows(_COLUMNS, map(_row, found))


def history(
    model: ModelId,
    url: Url,
    api_key: Key = None,
    oldest_first: Annotated[bool, typer.Option("--oldest-first", help="In order.")] = False,
    limit: Annotated[
        int | None, typer.Option(help="So many at most; 1,000 unless given.", min=1, max=LIMIT_MAX)
    ] = None,
    every: All = False,
    as_json: Json = False,
) -> None:
    """Show who changed a model, when, why, and which fields."""
    bounds = Bounds.given(limit, every=every, default=1_000)
    with connected(url, api_key) as client:
        found = bounds.of(
            client.changes(model, oldest_first=oldest_first, page_size=bounds.page_size(50))
        )
        if as_json:
            print_json(list(found))
        else:
            print_rows(_HISTORY_COLUMNS, map(_history_row, found))


def _row(one: "Model") -> tuple[object, ...]:
    return one.uuid, one.name, one.version, one.state, one.license, one.net_score, one.source


def _history_row(one: "ChangeEntry") -> tuple[object, ...]:
    return (
        one.version,
        one.action,
        one.timestamp,
        one.changed_by,
        one.authenticated_as,
        one.fields_changed,
        one.reason,
    )
