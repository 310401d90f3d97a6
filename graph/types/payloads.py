"""What mutations of models answer: the model and its change, or every reason for a refusal."""

from typing import Self

import strawberry

from graph.types.change_entry import ChangeEntry
from graph.types.model import Model
from graph.types.user_error import UserError, user_errors
from models.errors import Refusal
from models.registry.idempotency import Outcome

_MODEL = "As it is right after the change; null where it was refused"
_CHANGE_ENTRY = "The change that was made; null where it was refused"
_USER_ERRORS = "Why it was refused: every reason at once; empty where it was not"


class _Payload:
    """What all four share; the types stand apart because the contract names them."""

    def __init__(
        self, model: Model | None, change_entry: ChangeEntry | None, user_errors: list[UserError]
    ) -> None: ...

    @classmethod
    def made(cls, outcome: Outcome) -> Self:
        """Answer with what a change led to."""
        return cls(
            model=Model.now(outcome.model),
            change_entry=ChangeEntry.of(outcome.entry) if outcome.entry else None,
            user_errors=[],
        )

    @classmethod
    def refused(cls, refusal: Refusal) -> Self:
        """Answer with why nothing was changed."""
        return cls(model=None, change_entry=None, user_errors=user_errors(refusal))


@strawberry.type(description="What createModel did")
class CreateModelPayload(_Payload):
    """Answer of createModel."""

    model: Model | None = strawberry.field(description=_MODEL)
    change_entry: ChangeEntry | None = strawberry.field(description=_CHANGE_ENTRY)
    user_errors: list[UserError] = strawberry.field(description=_USER_ERRORS)


@strawberry.type(
    description="What updateModel did: changeEntry is null where the input changes nothing"
)
class UpdateModelPayload(_Payload):
    """Answer of updateModel."""

    model: Model | None = strawberry.field(description=_MODEL)
    change_entry: ChangeEntry | None = strawberry.field(description=_CHANGE_ENTRY)
    user_errors: list[UserError] = strawberry.field(description=_USER_ERRORS)


@strawberry.type(description="What deleteModel did")
class DeleteModelPayload(_Payload):
    """Answer of deleteModel."""

    model: Model | None = strawberry.field(description=_MODEL)
    change_entry: ChangeEntry | None = strawberry.field(description=_CHANGE_ENTRY)
    user_errors: list[UserError] = strawberry.field(description=_USER_ERRORS)


@strawberry.type(description="What restoreModel did")
class RestoreModelPayload(_Payload):
    """Answer of restoreModel."""

    model: Model | None = strawberry.field(description=_MODEL)
    change_entry: ChangeEntry | None = strawberry.field(description=_CHANGE_ENTRY)
    user_errors: list[UserError] = strawberry.field(description=_USER_ERRORS)
