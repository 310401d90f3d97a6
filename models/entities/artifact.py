"""The Artifact entity: below its model, newest first."""

from collections.abc import Mapping

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from models.artifacts.record import (
    ArtifactRecord,
    ArtifactStatus,
    HashingRequest,
    Verification,
    VerificationMethod,
)
from models.entities.belonging import newest_first
from models.entities.item import Item, Key
from models.entities.model import model_id_of, partition
from models.history.chain import Attribution
from models.ids import ArtifactRef
from models.timestamps import Timestamp

PREFIX = "MODEL#ARTIFACT#"
LAST = f"{PREFIX}~"
"""Sorts after every artifact's sort key."""


def artifact_key(model_id: str, artifact_id: str) -> Key:
    """Return the key of an artifact."""
    return Key(partition(model_id), f"{PREFIX}{newest_first(artifact_id)}")


def artifact_ref_of(attributes: Mapping[str, Mapping[str, str]]) -> ArtifactRef:
    """Return which file's item it is, from its attributes as DynamoDB writes them."""
    model_id = model_id_of(attributes["PK"]["S"])
    return ArtifactRef(model_id, attributes["artifact_id"]["S"])


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
    hashing_asked_at = UnicodeAttribute(null=True)
    completed_by = UnicodeAttribute(null=True)
    completed_as = UnicodeAttribute(null=True)
    completion_reason = UnicodeAttribute(null=True)

    @classmethod
    def of(cls, record: ArtifactRecord) -> "ArtifactItem":
        """Build the item of `record`."""
        key = artifact_key(record.model_id, record.id)
        verification, hashing = record.verification, record.hashing
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
            hashing_asked_at=hashing.asked_at if hashing else None,
            completed_by=hashing.attribution.changed_by if hashing else None,
            completed_as=hashing.attribution.authenticated_as if hashing else None,
            completion_reason=hashing.attribution.reason if hashing else None,
        )

    def to_record(self) -> ArtifactRecord:
        """Return the artifact that the item holds."""
        get = self.getter
        return ArtifactRecord(
            id=get("artifact_id"),
            model_id=model_id_of(get("PK")),
            filename=get("filename"),
            content_type=get("content_type"),
            size_bytes=int(get("size_bytes")),
            sha256=get("sha256"),
            status=ArtifactStatus(get("status")),
            created_at=Timestamp(get("created_at")),
            created_by=get("created_by"),
            part_size_bytes=_int(get("part_size_bytes")),
            upload_id=get("upload_id"),
            object_version=get("object_version"),
            verification=self._verification(),
            added_in_version=_int(get("added_in_version")),
            added_at=None if get("added_at") is None else Timestamp(get("added_at")),
            deleted_in_version=_int(get("deleted_in_version")),
            rejection=get("rejection"),
            hashing=self._hashing(),
        )

    def _verification(self) -> Verification | None:
        if self.verification_method is None or self.verified_at is None:
            return None
        return Verification(
            VerificationMethod(self.verification_method), Timestamp(self.verified_at)
        )

    def _hashing(self) -> HashingRequest | None:
        if self.hashing_asked_at is None or self.completed_by is None or self.completed_as is None:
            return None
        attribution = Attribution(self.completed_by, self.completed_as, self.completion_reason)
        return HashingRequest(Timestamp(self.hashing_asked_at), attribution)


def _int(value: float | None) -> int | None:
    return None if value is None else int(value)
