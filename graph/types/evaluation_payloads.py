"""What mutations of evaluations answer: the evaluations, or every reason for a refusal."""

from typing import Self

import strawberry

from graph.types.change_entry import ChangeEntry
from graph.types.evaluation import Evaluation
from graph.types.model import Model
from graph.types.user_error import UserError, user_errors
from models.errors import Refusal
from models.evaluation.record import EvaluationRecord
from models.evaluation.requests import EvaluationOutcome

_USER_ERRORS = "Why it was refused: every reason at once; empty where it was not"


@strawberry.type(
    description=(
        "The evaluation is still QUEUED or RUNNING where waitSeconds ran out: fetch it by its id. "
        "Where it FAILED, its failure tells why, and userErrors is empty"
    )
)
class EvaluateModelPayload:
    """Answer of evaluateModel."""

    evaluation: Evaluation | None = strawberry.field(
        description="As far as it has come; null where it was refused"
    )
    model: Model | None = strawberry.field(
        description="The model that it belongs to, as far as that is known"
    )
    change_entry: ChangeEntry | None = strawberry.field(
        description="The change that added the evaluation to its model; null unless SUCCEEDED"
    )
    user_errors: list[UserError] = strawberry.field(description=_USER_ERRORS)

    @classmethod
    def made(cls, outcome: EvaluationOutcome) -> Self:
        """Answer with how far the evaluation has come."""
        return cls(
            evaluation=Evaluation.of(outcome.evaluation),
            model=Model.now(outcome.model) if outcome.model else None,
            change_entry=ChangeEntry.of(outcome.entry) if outcome.entry else None,
            user_errors=[],
        )

    @classmethod
    def refused(cls, refusal: Refusal) -> Self:
        """Answer with why nothing was evaluated."""
        return cls(evaluation=None, model=None, change_entry=None, user_errors=user_errors(refusal))


@strawberry.type(
    description=(
        "One evaluation for each URL, in order, the same for a URL given twice; what can't be "
        "read gets a FAILED one"
    )
)
class EvaluateModelsPayload:
    """Answer of evaluateModels."""

    evaluations: list[Evaluation] = strawberry.field(
        description="One for each URL, in order; empty where it was refused"
    )
    user_errors: list[UserError] = strawberry.field(description=_USER_ERRORS)

    @classmethod
    def made(cls, queued: list[EvaluationRecord]) -> Self:
        """Answer with what was queued."""
        return cls(evaluations=[Evaluation.of(record) for record in queued], user_errors=[])

    @classmethod
    def refused(cls, refusal: Refusal) -> Self:
        """Answer with why nothing was queued."""
        return cls(evaluations=[], user_errors=user_errors(refusal))
