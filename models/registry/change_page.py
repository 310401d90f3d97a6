"""A page of a model's changes, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass

from models.entities import ChangeItem
from models.entities.item import Item
from models.records import ChangeRecord


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Some of a model's changes, newest first."""

    entries: list[ChangeRecord]

    @property
    def has_more(self) -> bool:
        """Tell from the oldest entry's version whether there are older ones: each has its own."""
        return bool(self.entries) and self.entries[-1].version > 1

    def holds(self, count: int) -> bool:
        """Tell whether the first `count` changes are among these, or all that there are."""
        return len(self.entries) >= count or not self.has_more

    def first(self, count: int) -> "ChangePage":
        """Return the first `count` of these changes."""
        return ChangePage(self.entries[:count])


def changes_in(items: Iterable[Item]) -> list[ChangeRecord]:
    """Return the changes among items: a range of sort keys holds whatever sorts there."""
    return [item.to_record() for item in items if isinstance(item, ChangeItem) and item.is_in_place]
