"""What a caller can ask to be evaluated, as it was given: not validated yet."""

from dataclasses import dataclass

from models.registry.commands import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateModel(Command):
    """Evaluate the model behind a page.

    Attributes:
        model_id: attach the result to this model instead of the one that claims the page.
        wait_seconds: how long to wait for the result at most.
    """

    url: str
    model_id: str | None = None
    wait_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateModels(Command):
    """Evaluate the models behind several pages, without waiting."""

    urls: tuple[str, ...]
