"""Pages of what belongs to a model, newest first, some of which may have to be passed over."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from models.entities.item import Item
from models.table import SortRange, Table

READ_BUDGET_REQUESTS = 10
"""For one page. Then the page is shorter than asked for, and says that there is more."""

_READ_AT_LEAST = 100
"""Items a request, since some may have to be passed over."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class BelongingPage(Generic[T]):
    """Some of what belongs to a model.

    Attributes:
        positions: of each item, for cursors.
        reached: up to where was read; None where nothing was.
    """

    items: list[T] = field(default_factory=list)
    positions: list[str] = field(default_factory=list)
    has_more: bool = False
    reached: str | None = None

    def holds(self, count: int) -> bool:
        """Tell whether the first `count` items are among these, or all that there are."""
        return len(self.items) >= count or not self.has_more

    def first(self, count: int) -> "BelongingPage[T]":
        """Return the first `count` of these items."""
        if count >= len(self.items):
            return self
        positions = self.positions[:count]
        return BelongingPage(self.items[:count], positions, has_more=True, reached=positions[-1])


class Walk(Generic[T]):
    """One pass over a kind of item in a model's partition.

    Args:
        size: how many to show.
        seen: gives what is shown of an item, or None where it is not shown.
        low: the sort key to begin at.
        high: the sort key to end at.
    """

    def __init__(self, size: int, seen: Callable[[Item], T | None], low: str, high: str) -> None:
        self._size = size
        self._seen_of = seen
        self._unread_from: str | None = low
        self._high = high
        self._seen: list[tuple[str, T]] = []
        self._reached: str | None = None

    def take(self, items: Iterable[Item], read_up_to: str | None) -> None:
        """Take what was read."""
        for item in items:
            if (seen := self._seen_of(item)) is not None:
                self._seen.append((item.SK, seen))
        self._unread_from = f"{read_up_to}!" if read_up_to else None
        self._reached = read_up_to

    def finish(self, table: Table, partition: str) -> BelongingPage[T]:
        """Read until the page is full, all is read, or the read budget is spent."""
        for _ in range(READ_BUDGET_REQUESTS):
            if self._is_full or self._unread_from is None:
                break
            sort = SortRange(self._unread_from, self._high)
            page = table.query(partition, sort, limit=max(self._size + 1, _READ_AT_LEAST))
            self.take(page.items, page.read_up_to)
        return self._page()

    @property
    def _is_full(self) -> bool:
        """Tell whether there is a page, and one more to know whether there is one."""
        return len(self._seen) > self._size

    def _page(self) -> BelongingPage[T]:
        shown = self._seen[: self._size]
        positions = [position for position, _ in shown]
        last = positions[-1] if positions else None
        return BelongingPage(
            items=[item for _, item in shown],
            positions=positions,
            has_more=self._is_full or self._unread_from is not None,
            reached=last if self._is_full or self._unread_from is None else self._reached,
        )


def after_position(position: str) -> str:
    """Return the sort key right after a position."""
    return f"{position}!"
