"""What the registry keeps of a file."""

from dataclasses import dataclass, replace
from enum import StrEnum

from models import json_text
from models.history.chain import Attribution, sha256_hex
from models.timestamps import Timestamp


class ArtifactStatus(StrEnum):
    """How far a file has come."""

    PENDING = "PENDING"
    VERIFYING = "VERIFYING"
    AVAILABLE = "AVAILABLE"
    REJECTED = "REJECTED"
    DELETED = "DELETED"


class VerificationMethod(StrEnum):
    """How the stored bytes were compared with the declared digest."""

    S3_CHECKSUM = "S3_CHECKSUM"
    REHASH = "REHASH"


@dataclass(frozen=True, slots=True)
class Verification:
    """When and how the stored bytes were found to be the declared ones."""

    method: VerificationMethod
    verified_at: Timestamp


@dataclass(frozen=True, slots=True)
class HashingRequest:
    """That a file be hashed beside the request that completed it.

    Attributes:
        attribution: of the entry that comes of it.
    """

    asked_at: Timestamp
    attribution: Attribution


@dataclass(frozen=True, slots=True)
class ArtifactRecord:
    """A file of a model.

    Attributes:
        id: a UUID of version 7.
        sha256: of the whole file, lower-case hex, as declared.
        part_size_bytes: None for a file that comes in one PUT.
        upload_id: S3's, of a file that comes in parts.
        object_version: of the stored bytes: later ones under the same key are not ours.
        added_in_version: the model's version that added it; None before it is AVAILABLE.
        added_at: the instant of that change.
        deleted_in_version: the model's version that deleted it.
        rejection: why the bytes are not what was declared.
        hashing: of a file that is VERIFYING, where no request hashes it.
    """

    id: str
    model_id: str
    filename: str
    content_type: str
    size_bytes: int
    sha256: str
    status: ArtifactStatus
    created_at: Timestamp
    created_by: str
    part_size_bytes: int | None = None
    upload_id: str | None = None
    object_version: str | None = None
    verification: Verification | None = None
    added_in_version: int | None = None
    added_at: Timestamp | None = None
    deleted_in_version: int | None = None
    rejection: str | None = None
    hashing: HashingRequest | None = None

    @property
    def object_key(self) -> str:
        """Return where its bytes are in the bucket."""
        return f"artifacts/{self.model_id}/{self.id}/{self.filename}"

    @property
    def is_multipart(self) -> bool:
        """Tell whether its bytes come in parts."""
        return self.part_size_bytes is not None

    def as_of(self, version: int) -> "ArtifactRecord | None":
        """Return it as it stood in a version of its model, or None where it was not there yet."""
        if self.added_in_version is None or self.added_in_version > version:
            return None
        if self.deleted_in_version is None or self.deleted_in_version > version:
            return replace(self, status=ArtifactStatus.AVAILABLE, deleted_in_version=None)
        return self


def record_text(record: ArtifactRecord) -> str:
    """Write what never changes of an AVAILABLE file, as the text that its entry's digest covers.

    Append-only: the layout is public and persisted.
    """
    verification = record.verification
    return json_text.dumps(
        {
            "id": record.id,
            "modelId": record.model_id,
            "filename": record.filename,
            "contentType": record.content_type,
            "sizeBytes": record.size_bytes,
            "sha256": record.sha256,
            "createdAt": record.created_at,
            "createdBy": record.created_by,
            "objectVersion": record.object_version,
            "verificationMethod": verification.method if verification else None,
            "verifiedAt": verification.verified_at if verification else None,
            "addedInVersion": record.added_in_version,
        }
    )


def record_sha256(record: ArtifactRecord) -> str:
    """Return the digest by which an entry covers a file's record."""
    return sha256_hex(record_text(record))
