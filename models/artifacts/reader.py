"""Reads files of models, newest first, along with their model where that saves a request."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from models.artifacts.record import ArtifactRecord, ArtifactStatus
from models.entities import ArtifactItem, ModelItem
from models.entities.artifact import LAST, PREFIX
from models.entities.item import Item
from models.entities.model import SORT_KEY, partition
from models.ids import is_model_id
from models.records import ModelRecord
from models.table import SortRange, Table

READ_BUDGET_REQUESTS = 10
"""For one page. Then the page is shorter than asked for, and says that there is more."""

_READ_AT_LEAST = 100
"""Files a request, since some may have to be filtered out."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files of a model to show.

    Attributes:
        statuses: those that count.
        version: as of which version of the model; None for now.
    """

    statuses: Collection[ArtifactStatus] = frozenset({ArtifactStatus.AVAILABLE})
    version: int | None = None

    def seen(self, record: ArtifactRecord) -> ArtifactRecord | None:
        """Return a file as it is seen then, or None where it is not shown."""
        seen = record if self.version is None else record.as_of(self.version)
        return seen if seen and seen.status in self.statuses else None


@dataclass(frozen=True, slots=True)
class ArtifactPage:
    """Some of a model's files, newest first.

    Attributes:
        positions: of each, for cursors.
        reached: up to where was read; None where nothing was.
    """

    artifacts: list[ArtifactRecord] = field(default_factory=list)
    positions: list[str] = field(default_factory=list)
    has_more: bool = False
    reached: str | None = None

    def holds(self, count: int) -> bool:
        """Tell whether the first `count` files are among these, or all that there are."""
        return len(self.artifacts) >= count or not self.has_more

    def first(self, count: int) -> "ArtifactPage":
        """Return the first `count` of these files."""
        if count >= len(self.artifacts):
            return self
        positions = self.positions[:count]
        return ArtifactPage(self.artifacts[:count], positions, has_more=True, reached=positions[-1])


class ArtifactReader:
    """Reads from the table, consistently."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def model_with_artifacts(
        self, model_id: str, first: int, wanted: Wanted
    ) -> tuple[ModelRecord, ArtifactPage] | None:
        """Read a model and its newest files: one request unless some are filtered out."""
        if not is_model_id(model_id):
            return None
        page = self._table.query(partition(model_id), SortRange(SORT_KEY, LAST), limit=first + 2)
        if not page.items or not isinstance(page.items[0], ModelItem):
            return None
        walk = _Walk(first, wanted)
        walk.take(page.items[1:], page.read_up_to)
        return page.items[0].to_record(), self._finish(model_id, walk)

    def artifacts(
        self, model_id: str, first: int, wanted: Wanted, *, after: str | None = None
    ) -> ArtifactPage:
        """Read a page of a model's files: one request unless some are filtered out."""
        walk = _Walk(first, wanted)
        walk.unread_from = f"{after}!" if after else PREFIX
        return self._finish(model_id, walk)

    def _finish(self, model_id: str, walk: "_Walk") -> ArtifactPage:
        for _ in range(READ_BUDGET_REQUESTS):
            if walk.is_full or walk.unread_from is None:
                break
            sort = SortRange(walk.unread_from, LAST)
            limit = max(walk.size + 1, _READ_AT_LEAST)
            page = self._table.query(partition(model_id), sort, limit=limit)
            walk.take(page.items, page.read_up_to)
        return walk.page()


class _Walk:
    """One pass over a model's files."""

    def __init__(self, size: int, wanted: Wanted) -> None:
        self.size = size
        self.unread_from: str | None = None
        self._wanted = wanted
        self._seen: list[tuple[str, ArtifactRecord]] = []
        self._reached: str | None = None

    @property
    def is_full(self) -> bool:
        """Tell whether there is a page, and one more to know whether there is one."""
        return len(self._seen) > self.size

    def take(self, items: Iterable[Item], read_up_to: str | None) -> None:
        """Take what was read."""
        for item in items:
            if isinstance(item, ArtifactItem) and (seen := self._wanted.seen(item.to_record())):
                self._seen.append((item.SK, seen))
        self.unread_from = f"{read_up_to}!" if read_up_to else None
        self._reached = read_up_to

    def page(self) -> ArtifactPage:
        """Return the page that was read."""
        shown = self._seen[: self.size]
        positions = [position for position, _ in shown]
        last = positions[-1] if positions else None
        return ArtifactPage(
            artifacts=[artifact for _, artifact in shown],
            positions=positions,
            has_more=self.is_full or self.unread_from is not None,
            reached=last if self.is_full or self.unread_from is None else self._reached,
        )
