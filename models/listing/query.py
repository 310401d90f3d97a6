"""What a list can be asked for."""

from dataclasses import dataclass, fields
from enum import StrEnum

from models import json_text, limits
from models.errors import InvalidArgument
from models.records import ModelState
from models.timestamps import Timestamp


class OrderField(StrEnum):
    """By what a list is ordered."""

    UPDATED_AT = "UPDATED_AT"
    CREATED_AT = "CREATED_AT"
    NAME = "NAME"
    NET_SCORE = "NET_SCORE"


class Direction(StrEnum):
    """Which end of the order comes first."""

    ASC = "ASC"
    DESC = "DESC"


@dataclass(frozen=True, slots=True)
class Order:
    """A list's order: newest change first unless given."""

    field: OrderField = OrderField.UPDATED_AT
    direction: Direction = Direction.DESC


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFilter:
    """Which models a list shows: those for which everything that is given holds.

    Names and licenses are compared without regard to case, and instants exclude their bounds.
    """

    states: frozenset[ModelState] = frozenset({ModelState.ACTIVE})
    source: str | None = None
    license: str | None = None
    name_starts_with: str | None = None
    name_contains: str | None = None
    min_net_score: float | None = None
    created_after: Timestamp | None = None
    created_before: Timestamp | None = None
    updated_after: Timestamp | None = None
    updated_before: Timestamp | None = None

    def scope(self, order: Order) -> str:
        """Return text that is the same only for the same filter and order."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        values["states"] = sorted(self.states)
        return json_text.canonical([values, order.field, order.direction])


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list a page shows.

    Attributes:
        after: sort key after which the page begins.
        before: sort key before which the page ends.
        backward: whether the page is the last part of that, and not the first.
    """

    size: int
    after: str | None = None
    before: str | None = None
    backward: bool = False


def page_size(first: int | None, last: int | None) -> int:
    """Return how many items a page may hold.

    Raises:
        InvalidArgument: both are given, or one is not 1 to 100.
    """
    if first is not None and last is not None:
        raise InvalidArgument("give first or last, not both", "last")
    size = first if first is not None else last
    name = "last" if last is not None else "first"
    if size is None:
        return limits.PAGE_DEFAULT_ITEMS
    if not 1 <= size <= limits.PAGE_MAX_ITEMS:
        raise InvalidArgument(f"{name} must be 1 to {limits.PAGE_MAX_ITEMS}, not {size}", name)
    return size
