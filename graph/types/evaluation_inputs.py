"""The inputs of mutations of evaluations, as commands."""

import strawberry

from graph.types.descriptions import CHANGED_BY, IDEMPOTENCY_KEY, REASON
from models.evaluation.commands import EvaluateModel, EvaluateModels


@strawberry.input(description="What to evaluate")
class EvaluateModelInput:
    """A model's page."""

    url: str = strawberry.field(
        description="A model page, such as https://huggingface.co/google-bert/bert-base-uncased"
    )
    model_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Attach to this model instead of looking one up by its source URL",
    )
    wait_seconds: int | None = strawberry.field(
        default=None,
        description="Wait at most this many seconds for the result, 0 to 25, 20 unless given",
    )
    reason: str | None = strawberry.field(default=None, description=REASON)
    changed_by: str | None = strawberry.field(default=None, description=CHANGED_BY)
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)

    def command(self) -> EvaluateModel:
        """Say it to the registry."""
        return EvaluateModel(
            url=self.url,
            model_id=self.model_id,
            wait_seconds=self.wait_seconds,
            reason=self.reason,
            changed_by=self.changed_by,
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(description="What to evaluate, without waiting")
class EvaluateModelsInput:
    """Several models' pages."""

    urls: list[str] = strawberry.field(description="1 to 250 model pages")
    reason: str | None = strawberry.field(default=None, description=REASON)
    changed_by: str | None = strawberry.field(default=None, description=CHANGED_BY)
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)

    def command(self) -> EvaluateModels:
        """Say it to the registry."""
        return EvaluateModels(
            urls=tuple(self.urls),
            reason=self.reason,
            changed_by=self.changed_by,
            idempotency_key=self.idempotency_key,
        )
