"""The inputs of mutations of files, as commands."""

import strawberry

from graph.types.descriptions import CHANGED_BY, IDEMPOTENCY_KEY, REASON
from graph.types.scalars import Long
from models.artifacts.commands import CompleteUpload, CreateUpload, DeleteArtifact


@strawberry.input(description="Which file to announce")
class CreateArtifactUploadInput:
    """A file that is about to be sent."""

    model_id: strawberry.ID = strawberry.field(description="The model's UUID")
    filename: str = strawberry.field(description="A name without a path, 1 to 255 bytes as UTF-8")
    size_bytes: Long = strawberry.field(description="0 to 50 GiB; over 5 GiB only in parts")
    sha256: str = strawberry.field(description="Of the whole file, hex")
    content_type: str | None = strawberry.field(
        default=None, description="A media type, application/octet-stream unless given"
    )
    part_sha256: list[str] | None = strawberry.field(
        default=None,
        description=(
            "Multipart only, in order, at most 1,000: SHA-256 of each part of partSizeBytes, the "
            "last one shorter"
        ),
    )
    part_size_bytes: Long | None = strawberry.field(
        default=None, description="Multipart only: 5 MiB to 5 GiB"
    )
    changed_by: str | None = strawberry.field(default=None, description=CHANGED_BY)
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)

    def command(self) -> CreateUpload:
        """Say it to the registry."""
        return CreateUpload(
            model_id=self.model_id,
            filename=self.filename,
            size_bytes=self.size_bytes,
            sha256=self.sha256,
            content_type=self.content_type,
            part_sha256=None if self.part_sha256 is None else tuple(self.part_sha256),
            part_size_bytes=self.part_size_bytes,
            changed_by=self.changed_by,
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(description="Which file's bytes have been sent")
class CompleteArtifactUploadInput:
    """A file to be checked."""

    artifact_id: strawberry.ID = strawberry.field(description="The artifact's id")
    reason: str | None = strawberry.field(default=None, description=REASON)
    changed_by: str | None = strawberry.field(default=None, description=CHANGED_BY)

    def command(self) -> CompleteUpload:
        """Say it to the registry."""
        return CompleteUpload(
            artifact_id=self.artifact_id, reason=self.reason, changed_by=self.changed_by
        )


@strawberry.input(description="Which file to delete")
class DeleteArtifactInput:
    """A file to be taken off its model."""

    artifact_id: strawberry.ID = strawberry.field(description="The artifact's id")
    reason: str | None = strawberry.field(default=None, description=REASON)
    changed_by: str | None = strawberry.field(default=None, description=CHANGED_BY)

    def command(self) -> DeleteArtifact:
        """Say it to the registry."""
        return DeleteArtifact(
            artifact_id=self.artifact_id, reason=self.reason, changed_by=self.changed_by
        )
