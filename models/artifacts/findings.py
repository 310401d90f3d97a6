"""Why a file is not what was declared, or not there yet: pure."""

from models.artifacts.parts import Part
from models.artifacts.record import ArtifactRecord
from models.errors import Refusal, UserErrorCode
from models.storage.object_store import StoredObject, StoredPart

_PARTS_NAMED = 10


def no_artifact() -> Refusal:
    """Say that there is no such file."""
    message = "there is no artifact with this id"
    return Refusal.because(UserErrorCode.NOT_FOUND, message, "artifactId")


def incomplete(message: str) -> Refusal:
    """Say that the bytes are not there, or not all of them."""
    return Refusal.because(UserErrorCode.UPLOAD_INCOMPLETE, message, "artifactId")


def mismatch(problem: str) -> Refusal:
    """Say that the bytes are not those that were declared."""
    return Refusal.because(UserErrorCode.CHECKSUM_MISMATCH, problem, "artifactId")


def difference(artifact: ArtifactRecord, stored: StoredObject) -> str | None:
    """Say in what the stored object is not what was declared."""
    if stored.size_bytes != artifact.size_bytes:
        return f"the stored object has {stored.size_bytes} bytes, not {artifact.size_bytes}"
    if stored.content_type != artifact.content_type:
        return f"the stored object has the content type {stored.content_type!r}"
    if stored.undeclared:
        return f"the stored object has headers that nobody declared: {stored.undeclared}"
    if stored.sha256 is None:
        return "S3 keeps no SHA-256 of the stored object"
    if stored.sha256 != artifact.sha256:
        return f"the stored object has the SHA-256 {stored.sha256}"
    return None


def require_parts(expected: list[Part], stored: dict[int, StoredPart]) -> None:
    """Require that S3 has each part of a file, and raise Refusal naming those it waits for."""
    missing = [
        part.number
        for part in expected
        if part.number not in stored
        or stored[part.number].size_bytes != part.size_bytes
        or stored[part.number].sha256 != part.sha256
    ]
    if missing:
        first = ", ".join(map(str, missing[:_PARTS_NAMED]))
        more = ", …" if len(missing) > _PARTS_NAMED else ""
        raise incomplete(f"S3 still waits for parts of this file: {first}{more}")
