"""The Artifact entity: below its model, newest first."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from models.artifacts.record import (
    ArtifactRecord,
    ArtifactStatus,
    Verification,
    VerificationMethod,
)
from models.entities.belonging import newest_first
from models.entities.item import Item, Key
from models.entities.model import model_id_of, partition
from models.timestamps import Timestamp

PREFIX = "MODEL#ARTIFACT#"
LAST = f"{PREFIX}~"
"""Sorts after every artifact's sort key."""


def artifact_key(model_id: str, artifact_id: str) -> Key:
    """Return the key of an artifact."""
    return Key(partition(model_id), f"{PREFIX}{newest_first(artifact_id)}")


class ArtifactItem(Item, discriminator="Artifact"):
    """A file of a model."""

    artifact_id = UnicodeAttribute()
    filename = UnicodeAttribute()
    content_type = UnicodeAttribute()
    size_bytes = NumberAttribute()
    sha256 = UnicodeAttribute()
    status = UnicodeAttribute()
    created_at = UnicodeAttribute()
    created_by = UnicodeAttribute()
    part_size_bytes = NumberAttribute(null=True)
    upload_id = UnicodeAttribute(null=True)
    object_version = UnicodeAttribute(null=True)
    verification_method = UnicodeAttribute(null=True)
    verified_at = UnicodeAttribute(null=True)
    added_in_version = NumberAttribute(null=True)
    added_at = UnicodeAttribute(null=True)
    deleted_in_version = NumberAttribute(null=True)
    rejection = UnicodeAttribute(null=True)

    @classmethod
    def of(cls, record: ArtifactRecord) -> "ArtifactItem":
        """Build the item of `record`."""
        key = artifact_key(record.model_id, record.id)
        verification = record.verification
        return cls(
            PK=key.pk,
            SK=key.sk,
            artifact_id=record.id,
            filename=record.filename,
            content_type=record.content_type,
            size_bytes=record.size_bytes,
            sha256=record.sha256,
            status=record.status.value,
            created_at=record.created_at,
            created_by=record.created_by,
            part_size_bytes=record.part_size_bytes,
            upload_id=record.upload_id,
            object_version=record.object_version,
            verification_method=verification.method.value if verification else None,
            verified_at=verification.verified_at if verification else None,
            added_in_version=record.added_in_version,
            added_at=record.added_at,
            deleted_in_version=record.deleted_in_version,
            rejection=record.rejection,
        )

    def to_record(self) -> ArtifactRecord:
        """Return the artifact that the item holds."""
        return ArtifactRecord(
            id=self.artifact_id,
            model_id=model_id_of(self.PK),
            filename=self.filename,
            content_type=self.content_type,
            size_bytes=int(self.size_bytes),
            sha256=self.sha256,
            status=ArtifactStatus(self.status),
            created_at=Timestamp(self.created_at),
            created_by=self.created_by,
            part_size_bytes=_int(self.part_size_bytes),
            upload_id=self.upload_id,
            object_version=self.object_version,
            verification=self._verification(),
            added_in_version=_int(self.added_in_version),
            added_at=None if self.added_at is None else Timestamp(self.added_at),
            deleted_in_version=_int(self.deleted_in_version),
            rejection=self.rejection,
        )

    def _verification(self) -> Verification | None:
        if self.verification_method is None or self.verified_at is None:
            return None
        return Verification(
            VerificationMethod(self.verification_method), Timestamp(self.verified_at)
        )


def _int(value: float | None) -> int | None:
    return None if value is None else int(value)
