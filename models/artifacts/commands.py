"""What a caller can ask of a model's files, as it was given: not validated yet."""

from dataclasses import dataclass

from models.registry.commands import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUpload(Command):
    """Announce a file.

    Attributes:
        sha256: of the whole file, hex.
        part_sha256: of each part, in order, for a file that comes in parts.
    """

    model_id: str
    filename: str
    size_bytes: int
    sha256: str
    content_type: str | None = None
    part_sha256: tuple[str, ...] | None = None
    part_size_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteUpload(Command):
    """Say that a file's bytes are there."""

    artifact_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteArtifact(Command):
    """Take a file off a model; its record stays."""

    artifact_id: str
