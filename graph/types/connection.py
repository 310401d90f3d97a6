"""Connections, as Relay's specification has them: a page of a list, and where it stands in it."""

from collections.abc import Callable
from typing import Generic, TypeVar

import strawberry

T = TypeVar("T")


@strawberry.type(description="Where a page stands in its list")
class PageInfo:
    """What a client needs to fetch the next page."""

    has_next_page: bool = strawberry.field(description="Whether there is more after this page")
    has_previous_page: bool = strawberry.field(description="Whether there is more before this page")
    start_cursor: str | None = strawberry.field(
        description="Cursor to give as `before` for the page before this one"
    )
    end_cursor: str | None = strawberry.field(
        description="Cursor to give as `after` for the page after this one"
    )


@strawberry.type(description="An item of a page, with its place in the list")
class Edge(Generic[T]):
    """One item."""

    cursor: str = strawberry.field(description="The item's place: give it as `after` or `before`")
    node: T = strawberry.field(description="The item")


@strawberry.type(description="A page of a list")
class Connection(Generic[T]):
    """A page; its cursors are made only where they are asked for."""

    nodes: list[T] = strawberry.field(description="The items")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list")
    cursor_of: strawberry.Private[Callable[[int], str]]

    @strawberry.field(description="The items with their cursors")
    def edges(self) -> list[Edge[T]]:
        """Pair each item with its cursor."""
        return [Edge(cursor=self.cursor_of(i), node=node) for i, node in enumerate(self.nodes)]
