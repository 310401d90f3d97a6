"""Artifact: a file of a model, and how its bytes get in and out."""

from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from graph.context import Info
from graph.types.arguments import ExpiresIn, link_seconds
from graph.types.artifact_upload import ArtifactUpload, upload_of
from graph.types.enums import ArtifactStatus, VerificationMethod
from graph.types.node import Node
from graph.types.scalars import Long
from models.artifacts.record import ArtifactRecord, record_text
from models.ids import artifact_node_id
from models.timestamps import Timestamp

if TYPE_CHECKING:
    from graph.types.model import Model


@strawberry.type(description="That the stored bytes are the declared ones")
class ArtifactVerification:
    """How and when a file was checked."""

    method: VerificationMethod = strawberry.field(description="How")
    sha256: str = strawberry.field(description="Of the stored bytes, lower-case hex")
    verified_at: Timestamp = strawberry.field(description="When")

    @classmethod
    def of(cls, record: ArtifactRecord) -> Self | None:
        """Show how a file was checked, if it was."""
        verification = record.verification
        if verification is None:
            return None
        return cls(
            method=verification.method,
            sha256=record.sha256,
            verified_at=verification.verified_at,
        )


@strawberry.type(description="A file of a model, stored in S3 and bound to its SHA-256")
class Artifact(Node):
    """A file, now or as of a version of its model."""

    filename: str = strawberry.field(description="Its name, without a path")
    content_type: str = strawberry.field(description="Its media type")
    size_bytes: Long = strawberry.field(description="Its length")
    sha256: str = strawberry.field(description="Of the whole file, lower-case hex")
    status: ArtifactStatus = strawberry.field(description="How far it has come")
    verification: ArtifactVerification | None = strawberry.field(
        description=("How and when the stored bytes were checked against sha256; null before that")
    )
    rejection: str | None = strawberry.field(
        description="Why the bytes are not what was declared; null unless REJECTED"
    )
    created_at: Timestamp = strawberry.field(description="When it was announced")
    created_by: str = strawberry.field(description="Who announced it")
    added_in_version: int | None = strawberry.field(
        description="The model's version that added it; null before it is AVAILABLE"
    )
    record: strawberry.Private[ArtifactRecord]
    model_version: strawberry.Private[int | None] = None

    @classmethod
    def of(cls, record: ArtifactRecord, model_version: int | None = None) -> Self:
        """Show a file now, or as of a version of its model, under an id of its own."""
        return cls(
            id=strawberry.ID(artifact_node_id(record.model_id, record.id, model_version)),
            filename=record.filename,
            content_type=record.content_type,
            size_bytes=Long(record.size_bytes),
            sha256=record.sha256,
            status=record.status,
            verification=ArtifactVerification.of(record),
            rejection=record.rejection,
            created_at=record.created_at,
            created_by=record.created_by,
            added_in_version=record.added_in_version,
            record=record,
            model_version=model_version,
        )

    @strawberry.field(description="The model that it belongs to")
    def model(self, info: Info) -> Annotated["Model", strawberry.lazy("graph.types.model")]:
        """Read the model, as of the version that the file is shown as of."""
        from graph.types.model import Model  # noqa: PLC0415  # the two types name each other

        loaders, model_id = info.context.loaders, self.record.model_id
        if self.model_version is None:
            now = loaders.models.load(model_id)
            shown = Model.now(now) if now else None
        else:
            then = loaders.versions.load((model_id, self.model_version))
            shown = Model.at_version(then) if then else None
        if shown is None:
            raise LookupError(f"model {model_id} of artifact {self.record.id} is missing")
        return shown

    @strawberry.field(
        description=(
            "The text whose SHA-256 is recordSha256 in its model's entries, to verify them without"
            " this service; null before it is AVAILABLE"
        )
    )
    def record_text(self) -> str | None:
        """Write what never changes of the file."""
        return None if self.record.added_in_version is None else record_text(self.record)

    @strawberry.field(description="Fresh URLs to go on with the upload; null unless PENDING")
    def upload(self, info: Info) -> ArtifactUpload | None:
        """Sign links to the parts."""
        return upload_of(info, self.record)

    @strawberry.field(
        description="Presigned GET; null unless AVAILABLE. Whoever has it can fetch the file"
    )
    def download_url(
        self,
        info: Info,
        expires_in: ExpiresIn = None,
    ) -> str | None:
        """Sign a link to the bytes."""
        seconds = link_seconds(expires_in)
        if self.status is not ArtifactStatus.AVAILABLE:
            return None
        return info.context.services.links.download(self.record, seconds)
