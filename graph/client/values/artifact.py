"""A file of a model."""

from dataclasses import dataclass, field
from typing import Any, Final, Self

from graph.client.values.value import Value, called

ARTIFACT_FIELDS: Final = """id filename contentType sizeBytes sha256 status rejection createdAt
createdBy addedInVersion verification { method verifiedAt } model { uuid }"""


@dataclass(frozen=True, slots=True)
class Artifact(Value):
    """A file, bound to its SHA-256.

    Attributes:
        model_id: the UUID of the model that it belongs to.
        sha256: of the whole file, lower-case hex.
        status: PENDING, VERIFYING, AVAILABLE, REJECTED or DELETED.
        rejection: why the bytes are not what was declared; None unless REJECTED.
        added_in_version: the model's version that added it; None before it is AVAILABLE.
        verification_method: S3_CHECKSUM or REHASH; None before the bytes were checked.
    """

    id: str
    model_id: str = field(metadata=called("model.uuid"))
    filename: str
    content_type: str
    size_bytes: int
    sha256: str
    status: str
    rejection: str | None
    created_at: str
    created_by: str
    added_in_version: int | None
    verification_method: str | None = field(metadata=called("verification.method"))
    verified_at: str | None = field(metadata=called("verification.verifiedAt"))

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Self:
        """Read an Artifact."""
        verification = answer["verification"] or {"method": None, "verifiedAt": None}
        return cls(
            id=answer["id"],
            model_id=answer["model"]["uuid"],
            filename=answer["filename"],
            content_type=answer["contentType"],
            size_bytes=answer["sizeBytes"],
            sha256=answer["sha256"],
            status=answer["status"],
            rejection=answer["rejection"],
            created_at=answer["createdAt"],
            created_by=answer["createdBy"],
            added_in_version=answer["addedInVersion"],
            verification_method=verification["method"],
            verified_at=verification["verifiedAt"],
        )
