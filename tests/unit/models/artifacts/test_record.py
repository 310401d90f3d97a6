"""What the registry keeps of a file, and the digest by which an entry covers it."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import json_text
from models.artifacts.record import (
    ArtifactRecord,
    ArtifactStatus,
    HashingRequest,
    Verification,
    VerificationMethod,
    record_sha256,
    record_text,
)
from models.history.chain import Attribution
from models.timestamps import Timestamp
from tests.unit.models.artifacts.artifacts import AT, a_file, records

LATER = Timestamp("2027-01-01T00:00:00.000000Z")
COVERED: dict[str, object] = {
    "id": "01900000-0000-7000-8000-00000000000b",
    "model_id": "01900000-0000-7000-8000-000000000002",
    "filename": "other.bin",
    "content_type": "text/plain",
    "size_bytes": 4,
    "sha256": "ac" * 32,
    "created_at": LATER,
    "created_by": "user:bob",
    "object_version": "v2",
    "verification": Verification(VerificationMethod.REHASH, AT),
    "added_in_version": 3,
}
UNCOVERED: dict[str, object] = {
    "status": ArtifactStatus.DELETED,
    "part_size_bytes": 5,
    "upload_id": "u",
    "added_at": LATER,
    "deleted_in_version": 9,
    "rejection": "no",
    "hashing": HashingRequest(LATER, Attribution("user:ann", "user:ann")),
}
"""What changes after a file was added, or says only how its bytes came."""


class TestRecordSha256:
    """The digest of a file's record."""

    @pytest.mark.parametrize("name", COVERED)
    def test_changes_with_every_covered_field(self, name: str) -> None:
        altered = replace(a_file(), **{name: COVERED[name]})  # type: ignore[arg-type]  # of its type
        assert record_sha256(altered) != record_sha256(a_file())

    def test_changes_with_the_instant_of_verification(self) -> None:
        altered = replace(
            a_file(), verification=Verification(VerificationMethod.S3_CHECKSUM, LATER)
        )
        assert record_sha256(altered) != record_sha256(a_file())

    @pytest.mark.parametrize("name", UNCOVERED)
    def test_stays_with_the_rest(self, name: str) -> None:
        altered = replace(a_file(), **{name: UNCOVERED[name]})  # type: ignore[arg-type]  # of its type
        assert record_sha256(altered) == record_sha256(a_file())

    def test_every_field_is_on_one_side(self) -> None:
        names = {field.name for field in fields(ArtifactRecord)}
        assert names == {*COVERED, *UNCOVERED}

    @given(records, records)
    def test_is_the_same_only_for_the_same_text(
        self, one: ArtifactRecord, other: ArtifactRecord
    ) -> None:
        same = record_text(one) == record_text(other)
        assert (record_sha256(one) == record_sha256(other)) is same

    def test_has_the_documented_layout(self) -> None:
        assert json_text.loads(record_text(a_file())) == {
            "id": "01900000-0000-7000-8000-00000000000a",
            "modelId": "01900000-0000-7000-8000-000000000001",
            "filename": "model.bin",
            "contentType": "application/octet-stream",
            "sizeBytes": 3,
            "sha256": "ab" * 32,
            "createdAt": AT,
            "createdBy": "user:ann",
            "objectVersion": "v1",
            "verificationMethod": "S3_CHECKSUM",
            "verifiedAt": AT,
            "addedInVersion": 2,
        }


class TestAsOf:
    """A file as it stood in a version of its model."""

    def test_is_not_there_before_it_was_added(self) -> None:
        assert a_file(added_in_version=3).as_of(2) is None

    def test_is_there_from_the_version_that_added_it(self) -> None:
        assert a_file(added_in_version=3).as_of(3) == a_file(added_in_version=3)

    def test_is_available_until_the_version_that_deleted_it(self) -> None:
        deleted = a_file(status=ArtifactStatus.DELETED, deleted_in_version=5)
        assert deleted.as_of(4) == a_file()
        assert deleted.as_of(5) == deleted
        assert deleted.as_of(6) == deleted

    @pytest.mark.parametrize(
        "status",
        [
            ArtifactStatus.PENDING,
            ArtifactStatus.VERIFYING,
            ArtifactStatus.REJECTED,
            ArtifactStatus.DELETED,
        ],
    )
    def test_one_that_never_was_available_is_in_no_version(self, status: ArtifactStatus) -> None:
        assert a_file(status=status, added_in_version=None).as_of(10**9) is None

    @given(records, st.integers(1, 10**9))
    def test_never_shows_what_comes_later(self, record: ArtifactRecord, version: int) -> None:
        seen = record.as_of(version)
        if seen:
            assert seen.added_in_version is not None
            assert seen.added_in_version <= version
            assert (seen.deleted_in_version or 0) <= version


class TestObjectKey:
    """Where the bytes are."""

    def test_is_below_the_model_and_the_file(self) -> None:
        key = a_file(model_id="m", id="a", filename="b c.bin").object_key
        assert key == "artifacts/m/a/b c.bin"
