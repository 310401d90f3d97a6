"""Reads evaluations: by their ids, and those of a model, newest first."""

from collections.abc import Iterable

from models.belongings import BelongingPage, Walk, after_position
from models.entities import EvaluationItem, ModelEvaluationItem
from models.entities.evaluation import JOB_SORT_KEY, LAST, PREFIX, evaluation_key
from models.entities.item import Item
from models.entities.model import partition
from models.evaluation.record import OPEN, EvaluationRecord
from models.table import Table
from models.timestamps import Clock

EvaluationPage = BelongingPage[EvaluationRecord]


class EvaluationReader:
    """Reads from the table, consistently; a job past its deadline reads as FAILED."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def evaluations(self, evaluation_ids: Iterable[str]) -> dict[str, EvaluationRecord]:
        """Read many evaluations with all their details: one request for each 100."""
        items = self._table.get_many(evaluation_key(one) for one in evaluation_ids)
        found = (item for item in items.values() if isinstance(item, EvaluationItem))
        return {str(item.evaluation_id): item.to_record().seen_at(self._clock()) for item in found}

    def of_model(
        self, model_id: str, first: int, *, version: int | None, after: str | None = None
    ) -> EvaluationPage:
        """Read a page of a model's successful evaluations, without their details: one request.

        Args:
            version: as of which version of the model; None for now.
            after: the position before the page.
        """

        def seen(item: Item) -> EvaluationRecord | None:
            record = item.to_record() if isinstance(item, ModelEvaluationItem) else None
            return record if record and record.was_made_by(version) else None

        low = after_position(after) if after else PREFIX
        return Walk(first, seen, low, LAST).finish(self._table, partition(model_id))

    def left_open(self) -> list[str]:
        """Return the jobs that have not ended, oldest first. It reads the whole table."""
        is_open = EvaluationItem.status.is_in(*(status.value for status in OPEN))
        is_job = EvaluationItem.SK == JOB_SORT_KEY
        found = self._table.scan(is_job & is_open)
        jobs = (item.to_record() for item in found if isinstance(item, EvaluationItem))
        return sorted(job.id for job in jobs if job.seen_at(self._clock()).status in OPEN)
