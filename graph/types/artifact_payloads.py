"""What mutations of files answer: the file, or every reason for a refusal."""

from typing import Self

import strawberry

from graph.context import Info
from graph.types.artifact import Artifact
from graph.types.artifact_upload import ArtifactUpload, upload_of
from graph.types.change_entry import ChangeEntry
from graph.types.user_error import UserError, user_errors
from models.artifacts.arrival import ArtifactOutcome
from models.artifacts.record import ArtifactRecord
from models.errors import Refusal

_USER_ERRORS = "Why it was refused: every reason at once; empty where it was not"


@strawberry.type(description="What createArtifactUpload announced")
class CreateArtifactUploadPayload:
    """Answer of createArtifactUpload."""

    artifact: Artifact | None = strawberry.field(
        description="PENDING, with an id; null where it was refused"
    )
    user_errors: list[UserError] = strawberry.field(description=_USER_ERRORS)

    @strawberry.field(
        description="Where and how to send the bytes; null where it was refused or they are there"
    )
    def upload(self, info: Info) -> ArtifactUpload | None:
        """Sign links to the parts."""
        return upload_of(info, self.artifact.record) if self.artifact else None

    @classmethod
    def made(cls, record: ArtifactRecord) -> Self:
        """Answer with the file that was announced."""
        return cls(artifact=Artifact.of(record), user_errors=[])

    @classmethod
    def refused(cls, refusal: Refusal) -> Self:
        """Answer with why it was not."""
        return cls(artifact=None, user_errors=user_errors(refusal))


class _ChangePayload:
    """What the two that can change a model share."""

    def __init__(
        self,
        artifact: Artifact | None,
        change_entry: ChangeEntry | None,
        user_errors: list[UserError],
    ) -> None: ...

    @classmethod
    def made(cls, outcome: ArtifactOutcome) -> Self:
        """Answer with what a change led to."""
        return cls(
            artifact=Artifact.of(outcome.artifact),
            change_entry=ChangeEntry.of(outcome.entry) if outcome.entry else None,
            user_errors=[],
        )

    @classmethod
    def refused(cls, refusal: Refusal) -> Self:
        """Answer with why nothing was changed."""
        return cls(artifact=None, change_entry=None, user_errors=user_errors(refusal))


@strawberry.type(
    description="What S3 holds of the file: changeEntry is null while it is being hashed"
)
class CompleteArtifactUploadPayload(_ChangePayload):
    """Answer of completeArtifactUpload."""

    artifact: Artifact | None = strawberry.field(
        description="AVAILABLE, or VERIFYING while it is being hashed; null where it was refused"
    )
    change_entry: ChangeEntry | None = strawberry.field(
        description="The change that added the file to its model"
    )
    user_errors: list[UserError] = strawberry.field(description=_USER_ERRORS)


@strawberry.type(description="What deleteArtifact did")
class DeleteArtifactPayload(_ChangePayload):
    """Answer of deleteArtifact."""

    artifact: Artifact | None = strawberry.field(description="DELETED; null where it was refused")
    change_entry: ChangeEntry | None = strawberry.field(
        description="The change that took it off its model; null if it never was AVAILABLE"
    )
    user_errors: list[UserError] = strawberry.field(description=_USER_ERRORS)
