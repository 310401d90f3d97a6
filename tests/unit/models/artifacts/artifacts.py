"""Files to test with: plain ones, and strategies for any."""

from hypothesis import strategies as st

from models.artifacts.commands import CreateUpload
from models.artifacts.record import (
    ArtifactRecord,
    ArtifactStatus,
    Verification,
    VerificationMethod,
)
from models.timestamps import Timestamp
from tests.unit.models.strategies import instants, labels, model_ids

MODEL_ID = "01900000-0000-7000-8000-000000000001"
ARTIFACT_ID = "01900000-0000-7000-8000-00000000000a"
DIGEST = "ab" * 32
AT = Timestamp("2026-01-02T03:04:05.678901Z")

digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
filenames = labels.filter(lambda name: "/" not in name and "\\" not in name)
records = st.builds(
    ArtifactRecord,
    id=model_ids,
    model_id=model_ids,
    filename=filenames,
    content_type=st.sampled_from(["text/plain", "application/octet-stream"]),
    size_bytes=st.integers(0, 2**53 - 1),
    sha256=digests,
    status=st.sampled_from(ArtifactStatus),
    created_at=instants,
    created_by=labels,
    part_size_bytes=st.none() | st.integers(1, 2**33),
    upload_id=st.none() | labels,
    object_version=st.none() | labels,
    verification=st.none()
    | st.builds(Verification, method=st.sampled_from(VerificationMethod), verified_at=instants),
    added_in_version=st.none() | st.integers(2, 10**9),
    added_at=st.none() | instants,
    deleted_in_version=st.none() | st.integers(3, 10**9),
    rejection=st.none() | labels,
)


def a_file(**fields: object) -> ArtifactRecord:
    """Return a plain AVAILABLE file, with `fields` in place of the usual ones."""
    usual: dict[str, object] = {
        "id": ARTIFACT_ID,
        "model_id": MODEL_ID,
        "filename": "model.bin",
        "content_type": "application/octet-stream",
        "size_bytes": 3,
        "sha256": DIGEST,
        "status": ArtifactStatus.AVAILABLE,
        "created_at": AT,
        "created_by": "user:ann",
        "object_version": "v1",
        "verification": Verification(VerificationMethod.S3_CHECKSUM, AT),
        "added_in_version": 2,
        "added_at": AT,
    }
    return ArtifactRecord(**(usual | fields))  # type: ignore[arg-type]  # the caller's business


def an_announcement(**fields: object) -> CreateUpload:
    """Return a plain announcement, with `fields` in place of the usual ones."""
    usual: dict[str, object] = {
        "model_id": MODEL_ID,
        "filename": "model.bin",
        "size_bytes": 3,
        "sha256": DIGEST,
    }
    return CreateUpload(**(usual | fields))  # type: ignore[arg-type]  # the caller's business
