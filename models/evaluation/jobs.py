"""New jobs: how a request for an evaluation is written, once for each page under way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from models.entities import EvaluationItem, EvaluationUnderWayItem
from models.entities.item import Item
from models.evaluation.page import Page
from models.evaluation.record import EvaluationRecord, EvaluationStatus, Request
from models.evaluation.times import Times
from models.history.chain import Attribution
from models.ids import new_id
from models.timestamps import Clock, shifted
from models.transaction import Put, Write


@dataclass(frozen=True, slots=True)
class JobMaker:
    """Makes jobs out of requests.

    Attributes:
        evaluator_version: tells which rules would score a model now.
    """

    clock: Clock
    times: Times
    evaluator_version: Callable[[], str]

    def job(
        self,
        page: Page,
        attribution: Attribution,
        *,
        model_id: str | None = None,
        evaluation_id: str | None = None,
    ) -> EvaluationRecord:
        """Make the job of evaluating a page.

        Args:
            model_id: the model to attach the result to, if the request names one.
            evaluation_id: its id, where it was chosen before.
        """
        now = self.clock()
        return EvaluationRecord(
            id=evaluation_id or new_id(),
            request=Request(
                url=page.url,
                repo_id=page.repo_id,
                revision=page.revision,
                model_id=model_id,
                attribution=attribution,
                evaluator_version=self.evaluator_version(),
            ),
            status=EvaluationStatus.QUEUED,
            created_at=now,
            deadline=shifted(now, timedelta(seconds=self.times.deadline_seconds)),
        )

    def writes(self, job: EvaluationRecord) -> list[Write]:
        """Return the writes that queue a job, unless just this is under way already."""
        return [
            Put(EvaluationItem.of(job), Item.PK.does_not_exist()),
            Put(EvaluationUnderWayItem.of(job), EvaluationUnderWayItem.absent(self.clock())),
        ]

    def under_way(self, found: Item | None) -> str | None:
        """Return the evaluation of which an item says that it is under way."""
        if isinstance(found, EvaluationUnderWayItem) and found.is_live(self.clock()):
            return str(found.evaluation_id)
        return None
