"""The root fields that change."""

from collections.abc import Callable
from typing import Annotated, TypeVar

import strawberry

from graph.context import Info
from graph.types.inputs import (
    CreateModelInput,
    DeleteModelInput,
    RestoreModelInput,
    UpdateModelInput,
)
from graph.types.payloads import (
    CreateModelPayload,
    DeleteModelPayload,
    RestoreModelPayload,
    UpdateModelPayload,
)
from models.errors import Refusal
from models.principal import Principal
from models.registry.idempotency import Outcome

C = TypeVar("C")
P = TypeVar("P", CreateModelPayload, UpdateModelPayload, DeleteModelPayload, RestoreModelPayload)

CreateInput = Annotated[CreateModelInput, strawberry.argument(description="What to register")]
UpdateInput = Annotated[UpdateModelInput, strawberry.argument(description="What to change")]
DeleteInput = Annotated[DeleteModelInput, strawberry.argument(description="What to delete")]
RestoreInput = Annotated[RestoreModelInput, strawberry.argument(description="What to restore")]


@strawberry.type(description="What can be changed. Each change is one transaction with its entry")
class Mutation:
    """Changes; each answers with what it did, or with every reason why it did nothing."""

    @strawberry.mutation(description="Registers a model")
    def create_model(self, info: Info, input: CreateInput) -> CreateModelPayload:
        """Register a model."""
        registry = info.context.services.registry
        return _answer(info, registry.create, input.command(), CreateModelPayload)

    @strawberry.mutation(description="Changes the fields that are given")
    def update_model(self, info: Info, input: UpdateInput) -> UpdateModelPayload:
        """Change a model."""
        registry = info.context.services.registry
        return _answer(info, registry.update, input.command(), UpdateModelPayload)

    @strawberry.mutation(description="Soft: the record and its history stay readable")
    def delete_model(self, info: Info, input: DeleteInput) -> DeleteModelPayload:
        """Delete a model."""
        registry = info.context.services.registry
        return _answer(info, registry.delete, input.command(), DeleteModelPayload)

    @strawberry.mutation(description="Makes a DELETED model ACTIVE again")
    def restore_model(self, info: Info, input: RestoreInput) -> RestoreModelPayload:
        """Restore a model."""
        registry = info.context.services.registry
        return _answer(info, registry.restore, input.command(), RestoreModelPayload)


def _answer(
    info: Info, use_case: Callable[[Principal, C], Outcome], command: C, payload: type[P]
) -> P:
    """Run a use case, and turn a refusal into user errors."""
    try:
        return payload.made(use_case(info.context.principal, command))
    except Refusal as refusal:
        return payload.refused(refusal)
