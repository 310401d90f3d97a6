"""The inputs of mutations, as commands for the registry."""

from typing import TypeVar

import strawberry
from strawberry import UNSET

from graph.types.descriptions import CHANGED_BY, IDEMPOTENCY_KEY, REASON
from graph.types.scalars import JSON
from models.registry import commands
from models.registry.commands import CreateModel, DeleteModel, RestoreModel, UpdateModel

T = TypeVar("T")

_EXPECTED_VERSION = "Refuses the change unless the model is at this version"


def _kept(value: T) -> T | commands.Unset:
    """Tell the registry of a field that was left out."""
    return commands.UNSET if value is UNSET else value


@strawberry.input(description="What to register")
class CreateModelInput:
    """Fields of a new model."""

    name: str = strawberry.field(description="1 to 256 characters")
    source: str = strawberry.field(
        description="A short origin such as hf, github or internal, 1 to 64 characters"
    )
    license: str = strawberry.field(description="As declared, 1 to 256 characters")
    source_url: str | None = strawberry.field(
        default=None,
        description="The page that it comes from, http or https; only one model may claim a page",
    )
    metadata: JSON | None = strawberry.field(
        default=UNSET,
        description="Up to 64 KiB as compact JSON and 32 levels deep; {} unless given",
    )
    risk_notes: str | None = strawberry.field(
        default=None, description="Known risks, up to 10,000 characters"
    )
    reason: str | None = strawberry.field(default=None, description=REASON)
    changed_by: str | None = strawberry.field(default=None, description=CHANGED_BY)
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)

    def command(self) -> CreateModel:
        """Say it to the registry."""
        return CreateModel(
            name=self.name,
            source=self.source,
            license=self.license,
            source_url=self.source_url,
            metadata=commands.UNSET if self.metadata is None else _kept(self.metadata),
            risk_notes=self.risk_notes,
            reason=self.reason,
            changed_by=self.changed_by,
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(description="What to change; what is left out stays as it is")
class UpdateModelInput:
    """New values of a model's fields."""

    id: strawberry.ID = strawberry.field(description="The model's UUID")
    expected_version: int | None = strawberry.field(default=None, description=_EXPECTED_VERSION)
    name: str | None = strawberry.field(default=UNSET, description="1 to 256 characters")
    source: str | None = strawberry.field(default=UNSET, description="1 to 64 characters")
    license: str | None = strawberry.field(default=UNSET, description="1 to 256 characters")
    source_url: str | None = strawberry.field(
        default=UNSET, description="Null clears it, and gives up the claim to the page"
    )
    metadata: JSON | None = strawberry.field(
        default=UNSET, description="Replaces the metadata as a whole"
    )
    metadata_patch: JSON | None = strawberry.field(
        default=UNSET, description="JSON Merge Patch (RFC 7396) on the metadata"
    )
    risk_notes: str | None = strawberry.field(default=UNSET, description="Up to 10,000 characters")
    reason: str | None = strawberry.field(default=None, description=REASON)
    changed_by: str | None = strawberry.field(default=None, description=CHANGED_BY)
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)

    def command(self) -> UpdateModel:
        """Say it to the registry."""
        return UpdateModel(
            id=self.id,
            expected_version=self.expected_version,
            name=_kept(self.name),
            source=_kept(self.source),
            license=_kept(self.license),
            source_url=_kept(self.source_url),
            metadata=_kept(self.metadata),
            metadata_patch=_kept(self.metadata_patch),
            risk_notes=_kept(self.risk_notes),
            reason=self.reason,
            changed_by=self.changed_by,
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(description="Which model to delete")
class DeleteModelInput:
    """A model to be deleted."""

    id: strawberry.ID = strawberry.field(description="The model's UUID")
    expected_version: int | None = strawberry.field(default=None, description=_EXPECTED_VERSION)
    reason: str | None = strawberry.field(default=None, description=REASON)
    changed_by: str | None = strawberry.field(default=None, description=CHANGED_BY)
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)

    def command(self) -> DeleteModel:
        """Say it to the registry."""
        return DeleteModel(
            id=self.id,
            expected_version=self.expected_version,
            reason=self.reason,
            changed_by=self.changed_by,
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(description="Which model to restore")
class RestoreModelInput:
    """A model to be restored."""

    id: strawberry.ID = strawberry.field(description="The model's UUID")
    expected_version: int | None = strawberry.field(default=None, description=_EXPECTED_VERSION)
    reason: str | None = strawberry.field(default=None, description=REASON)
    changed_by: str | None = strawberry.field(default=None, description=CHANGED_BY)
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)

    def command(self) -> RestoreModel:
        """Say it to the registry."""
        return RestoreModel(
            id=self.id,
            expected_version=self.expected_version,
            reason=self.reason,
            changed_by=self.changed_by,
            idempotency_key=self.idempotency_key,
        )
