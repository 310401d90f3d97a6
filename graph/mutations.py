"""The root fields that change."""

from collections.abc import Callable
from typing import Annotated, Protocol, TypeVar

import strawberry

from graph.authorization import ADMINS, WRITERS
from graph.context import Info
from graph.types.api_key_inputs import CreateApiKeyInput, RevokeApiKeyInput
from graph.types.api_key_payloads import CreateApiKeyPayload, RevokeApiKeyPayload
from graph.types.artifact_inputs import (
    CompleteArtifactUploadInput,
    CreateArtifactUploadInput,
    DeleteArtifactInput,
)
from graph.types.artifact_payloads import (
    CompleteArtifactUploadPayload,
    CreateArtifactUploadPayload,
    DeleteArtifactPayload,
)
from graph.types.evaluation_inputs import EvaluateModelInput, EvaluateModelsInput
from graph.types.evaluation_payloads import EvaluateModelPayload, EvaluateModelsPayload
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

C = TypeVar("C")
Done = TypeVar("Done")
Done_contra = TypeVar("Done_contra", contravariant=True)
Answer = TypeVar("Answer")
Answer_co = TypeVar("Answer_co", covariant=True)


class Payload(Protocol[Done_contra, Answer_co]):
    """How a mutation answers."""

    def made(self, outcome: Done_contra, /) -> Answer_co:
        """Answer with what a use case led to."""

    def refused(self, refusal: Refusal, /) -> Answer_co:
        """Answer with why it did nothing."""


CreateInput = Annotated[CreateModelInput, strawberry.argument(description="What to register")]
UpdateInput = Annotated[UpdateModelInput, strawberry.argument(description="What to change")]
DeleteInput = Annotated[DeleteModelInput, strawberry.argument(description="What to delete")]
RestoreInput = Annotated[RestoreModelInput, strawberry.argument(description="What to restore")]

CreateUploadInput = Annotated[
    CreateArtifactUploadInput, strawberry.argument(description="What to announce")
]
CompleteUploadInput = Annotated[
    CompleteArtifactUploadInput, strawberry.argument(description="What has been sent")
]
EvaluateOneInput = Annotated[
    EvaluateModelInput, strawberry.argument(description="What to evaluate")
]
EvaluateManyInput = Annotated[
    EvaluateModelsInput, strawberry.argument(description="What to evaluate")
]
CreateKeyInput = Annotated[CreateApiKeyInput, strawberry.argument(description="Which key to make")]
RevokeKeyInput = Annotated[
    RevokeApiKeyInput, strawberry.argument(description="Which key to revoke")
]
DeleteFileInput = Annotated[DeleteArtifactInput, strawberry.argument(description="What to delete")]


@strawberry.type(description="What can be changed. Each change is one transaction with its entry")
class Mutation:
    """Changes; each answers with what it did, or with every reason why it did nothing."""

    @strawberry.mutation(
        description="Registers a model",
        extensions=[WRITERS],
    )
    def create_model(self, info: Info, input: CreateInput) -> CreateModelPayload:
        """Register a model."""
        registry = info.context.services.registry
        return _answer(info, registry.create, input.command(), CreateModelPayload)

    @strawberry.mutation(
        description="Changes the fields that are given",
        extensions=[WRITERS],
    )
    def update_model(self, info: Info, input: UpdateInput) -> UpdateModelPayload:
        """Change a model."""
        registry = info.context.services.registry
        return _answer(info, registry.update, input.command(), UpdateModelPayload)

    @strawberry.mutation(
        description="Soft: the record and its history stay readable",
        extensions=[WRITERS],
    )
    def delete_model(self, info: Info, input: DeleteInput) -> DeleteModelPayload:
        """Delete a model."""
        registry = info.context.services.registry
        return _answer(info, registry.delete, input.command(), DeleteModelPayload)

    @strawberry.mutation(
        description="Makes a DELETED model ACTIVE again",
        extensions=[WRITERS],
    )
    def restore_model(self, info: Info, input: RestoreInput) -> RestoreModelPayload:
        """Restore a model."""
        registry = info.context.services.registry
        return _answer(info, registry.restore, input.command(), RestoreModelPayload)

    @strawberry.mutation(
        description="Step 1 of 2: says where and how to send the bytes",
        extensions=[WRITERS],
    )
    def create_artifact_upload(
        self, info: Info, input: CreateUploadInput
    ) -> CreateArtifactUploadPayload:
        """Announce a file."""
        uploads = info.context.services.uploads
        return _answer(info, uploads.create, input.command(), CreateArtifactUploadPayload)

    @strawberry.mutation(
        description="Step 2 of 2: checks what S3 holds, then makes the artifact AVAILABLE",
        extensions=[WRITERS],
    )
    def complete_artifact_upload(
        self, info: Info, input: CompleteUploadInput
    ) -> CompleteArtifactUploadPayload:
        """Check a file's bytes."""
        completion = info.context.services.completion
        return _answer(info, completion.complete, input.command(), CompleteArtifactUploadPayload)

    @strawberry.mutation(
        description="Takes a file off its model; its record stays readable",
        extensions=[WRITERS],
    )
    def delete_artifact(self, info: Info, input: DeleteFileInput) -> DeleteArtifactPayload:
        """Delete a file."""
        deletion = info.context.services.deletion
        return _answer(info, deletion.delete, input.command(), DeleteArtifactPayload)

    @strawberry.mutation(
        description="Scores the model behind a URL, registering it first where it is new",
        extensions=[WRITERS],
    )
    def evaluate_model(self, info: Info, input: EvaluateOneInput) -> EvaluateModelPayload:
        """Evaluate a model."""
        evaluations = info.context.services.evaluations
        payload = _answer(info, evaluations.evaluate, input.command(), EvaluateModelPayload)
        if payload.model:
            info.context.loaders.models.prime(payload.model.uuid, payload.model.record)
        return payload

    @strawberry.mutation(
        description="Queues up to 250 evaluations and returns at once",
        extensions=[WRITERS],
    )
    def evaluate_models(self, info: Info, input: EvaluateManyInput) -> EvaluateModelsPayload:
        """Evaluate several models."""
        evaluations = info.context.services.evaluations
        payload = _answer(info, evaluations.evaluate_many, input.command(), EvaluateModelsPayload)
        info.context.loaders.models.expect(
            one.record.model_id for one in payload.evaluations if one.record.model_id
        )
        return payload

    @strawberry.mutation(
        description="For ADMIN. Makes a credential for an automation job", extensions=[ADMINS]
    )
    def create_api_key(self, info: Info, input: CreateKeyInput) -> CreateApiKeyPayload:
        """Make an API key."""
        return _answer(
            info, info.context.services.keys.create, input.command(), CreateApiKeyPayload
        )

    @strawberry.mutation(
        description="For ADMIN. The key stops working within 60 seconds", extensions=[ADMINS]
    )
    def revoke_api_key(self, info: Info, input: RevokeKeyInput) -> RevokeApiKeyPayload:
        """Revoke an API key."""
        return _answer(
            info, info.context.services.keys.revoke, input.command(), RevokeApiKeyPayload
        )


def _answer(
    info: Info,
    use_case: Callable[[Principal, C], Done],
    command: C,
    payload: Payload[Done, Answer],
) -> Answer:
    """Run a use case, and turn a refusal into user errors."""
    try:
        return payload.made(use_case(info.context.principal, command))
    except Refusal as refusal:
        return payload.refused(refusal)
