"""The list of models: its filter, its order and its pages."""

from dataclasses import dataclass

import strawberry

from graph.context import Info
from graph.types.connection import Connection, PageInfo
from graph.types.enums import Direction, ModelState, OrderField
from graph.types.model import Model, expect_evaluations
from models.listing.cursor import decode_cursor, encode_cursor
from models.listing.lister import ListPage
from models.listing.plan import plan_list
from models.listing.query import ModelFilter, Order, Window, page_size
from models.timestamps import Timestamp


@strawberry.input(name="ModelFilter", description="Which models to list: all that is given holds")
class ModelFilterInput:
    """What a client filters by."""

    states: list[ModelState] | None = strawberry.field(
        default=None, description="Only ACTIVE models unless given"
    )
    source: str | None = strawberry.field(default=None, description="The source, exactly")
    license: str | None = strawberry.field(
        default=None, description="The license as declared, case-insensitive"
    )
    name_starts_with: str | None = strawberry.field(default=None, description="Case-insensitive")
    name_contains: str | None = strawberry.field(default=None, description="Case-insensitive")
    min_net_score: float | None = strawberry.field(
        default=None, description="The lowest net score; models without one are left out"
    )
    created_after: Timestamp | None = strawberry.field(
        default=None, description="Later than this instant"
    )
    created_before: Timestamp | None = strawberry.field(
        default=None, description="Earlier than this instant"
    )
    updated_after: Timestamp | None = strawberry.field(
        default=None, description="Later than this instant"
    )
    updated_before: Timestamp | None = strawberry.field(
        default=None, description="Earlier than this instant"
    )

    def criteria(self) -> ModelFilter:
        """Say it to the domain."""
        states = [ModelState.ACTIVE] if self.states is None else self.states
        return ModelFilter(
            states=frozenset(states),
            source=self.source,
            license=self.license,
            name_starts_with=self.name_starts_with,
            name_contains=self.name_contains,
            min_net_score=self.min_net_score,
            created_after=self.created_after,
            created_before=self.created_before,
            updated_after=self.updated_after,
            updated_before=self.updated_before,
        )


@strawberry.input(name="ModelOrder", description="In which order to list models")
class ModelOrderInput:
    """What a client orders by."""

    field: OrderField = strawberry.field(description="By what")
    direction: Direction = strawberry.field(description="Which end comes first")


@dataclass(frozen=True, slots=True)
class Paging:
    """A connection's arguments, as Relay names them."""

    first: int | None
    after: str | None
    last: int | None
    before: str | None

    def window(self, scope: str) -> Window:
        """Return the part of the list that they ask for.

        Raises:
            InvalidArgument: a number or a cursor is not what it must be.
        """
        return Window(
            size=page_size(self.first, self.last),
            after=self._position(scope, self.after, "after"),
            before=self._position(scope, self.before, "before"),
            backward=self.last is not None,
        )

    @staticmethod
    def _position(scope: str, cursor: str | None, argument: str) -> str | None:
        return None if cursor is None else decode_cursor(scope, cursor, argument)


def list_models(
    info: Info, paging: Paging, criteria: ModelFilter, order: Order
) -> Connection[Model]:
    """Read a page of a list of models."""
    plan = plan_list(criteria, order)
    scope = criteria.scope(order)
    window = paging.window(scope)
    page = info.context.services.lister.page(plan, window)
    models = [listed.model for listed in page.models]
    info.context.loaders.versions.expect((model.id, model.version) for model in models)
    expect_evaluations(info, models)
    return Connection(
        nodes=[Model.now(model) for model in models],
        page_info=_page_info(page, window, scope),
        cursor_of=lambda index: encode_cursor(scope, page.models[index].position),
    )


def _page_info(page: ListPage, window: Window, scope: str) -> PageInfo:
    """Tell where the page stands. Its far end is where reading stopped, even between models."""
    near = (
        (page.models[-1] if window.backward else page.models[0]).position if page.models else None
    )
    far = page.reached
    start, end = (far, near) if window.backward else (near, far)
    return PageInfo(
        has_next_page=window.before is not None if window.backward else page.has_more,
        has_previous_page=page.has_more if window.backward else window.after is not None,
        start_cursor=encode_cursor(scope, start) if start else None,
        end_cursor=encode_cursor(scope, end) if end else None,
    )
