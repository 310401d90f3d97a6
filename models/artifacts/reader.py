"""Reads files of models, newest first, along with their model where that saves a request."""

from collections.abc import Collection
from dataclasses import dataclass

from models.artifacts.record import ArtifactRecord, ArtifactStatus
from models.belongings import BelongingPage, Walk, after_position
from models.entities import ArtifactItem, ModelItem
from models.entities.artifact import LAST, PREFIX
from models.entities.item import Item
from models.entities.model import SORT_KEY, partition
from models.ids import is_model_id
from models.records import ModelRecord
from models.table import SortRange, Table

ArtifactPage = BelongingPage[ArtifactRecord]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files of a model to show.

    Attributes:
        statuses: those that count.
        version: as of which version of the model; None for now.
    """

    statuses: Collection[ArtifactStatus] = frozenset({ArtifactStatus.AVAILABLE})
    version: int | None = None

    def seen(self, item: Item) -> ArtifactRecord | None:
        """Return a file as it is seen then, or None where it is not shown."""
        if not isinstance(item, ArtifactItem):
            return None
        record = item.to_record()
        seen = record if self.version is None else record.as_of(self.version)
        return seen if seen and seen.status in self.statuses else None


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
        walk = Walk(first, wanted.seen, PREFIX, LAST)
        walk.take(page.items[1:], page.read_up_to)
        return page.items[0].to_record(), walk.finish(self._table, partition(model_id))

    def artifacts(
        self, model_id: str, first: int, wanted: Wanted, *, after: str | None = None
    ) -> ArtifactPage:
        """Read a page of a model's files: one request unless some are filtered out."""
        walk = Walk(first, wanted.seen, after_position(after) if after else PREFIX, LAST)
        return walk.finish(self._table, partition(model_id))
