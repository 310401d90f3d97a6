"""A model's files against what its entries say."""

from dataclasses import replace

import pytest

from models.artifacts.change import Mention
from models.artifacts.record import ArtifactRecord, ArtifactStatus, record_sha256
from models.history.verification import Broken
from models.verification.artifacts import check_mentioned, check_unmentioned, newest_named
from tests.unit.models.artifacts.artifacts import a_file

ADDED = a_file(id="a", added_in_version=2)
DELETED = replace(ADDED, id="d", status=ArtifactStatus.DELETED, deleted_in_version=4)
PENDING = a_file(
    id="p",
    status=ArtifactStatus.PENDING,
    added_in_version=None,
    added_at=None,
    verification=None,
    object_version=None,
)
NEWEST = 4


def mention(record: ArtifactRecord, version: int = 2, *, is_addition: bool = True) -> Mention:
    timestamp = record.added_at or record.created_at
    return Mention(record.id, record_sha256(record), version, timestamp, is_addition)


MENTIONS = [mention(ADDED), mention(DELETED), mention(DELETED, 4, is_addition=False)]


def by_id(*records: ArtifactRecord) -> dict[str, ArtifactRecord]:
    return {record.id: record for record in records}


def check(mentions: list[Mention], *records: ArtifactRecord) -> None:
    """Check as a verification of the whole history does."""
    check_mentioned(mentions, by_id(*records), NEWEST)
    check_unmentioned(mentions, by_id(*records), NEWEST)


class TestIntact:
    """What is as it was written holds."""

    def test_files_as_their_entries_say(self) -> None:
        check(MENTIONS, ADDED, DELETED)

    @pytest.mark.parametrize(
        "status",
        [
            ArtifactStatus.PENDING,
            ArtifactStatus.VERIFYING,
            ArtifactStatus.REJECTED,
            ArtifactStatus.DELETED,
        ],
    )
    def test_files_that_never_were_available(self, status: ArtifactStatus) -> None:
        check([], replace(PENDING, status=status))

    def test_no_files(self) -> None:
        check([])

    def test_a_file_that_was_added_since(self) -> None:
        check([], replace(ADDED, added_in_version=NEWEST + 1))

    def test_a_file_that_was_deleted_since(self) -> None:
        deleted = replace(ADDED, status=ArtifactStatus.DELETED, deleted_in_version=NEWEST + 1)
        check([mention(ADDED)], deleted)


class TestCheckMentioned:
    """A file that an entry mentions."""

    def test_a_missing_record_is_found(self) -> None:
        with pytest.raises(Broken, match="artifact a is missing") as caught:
            check_mentioned([mention(ADDED)], {}, None)
        assert caught.value.version == 2

    @pytest.mark.parametrize(
        "altered",
        [
            replace(ADDED, sha256="00" * 32),
            replace(ADDED, size_bytes=4),
            replace(ADDED, filename="evil.bin"),
            replace(ADDED, content_type="text/html"),
            replace(ADDED, object_version="v2"),
            replace(ADDED, added_in_version=3),
            replace(ADDED, created_by="user:eve"),
        ],
    )
    def test_an_altered_record_is_found(self, altered: ArtifactRecord) -> None:
        with pytest.raises(Broken, match="record of artifact a was altered") as caught:
            check_mentioned([mention(ADDED)], by_id(altered), None)
        assert caught.value.version == 2

    def test_a_deletion_that_was_taken_back_is_found(self) -> None:
        back = replace(DELETED, status=ArtifactStatus.AVAILABLE, deleted_in_version=None)
        with pytest.raises(Broken, match="artifact d is not deleted") as caught:
            check_mentioned(MENTIONS, by_id(ADDED, back), None)
        assert caught.value.version == 4

    @pytest.mark.parametrize("version", [3, 5])
    def test_a_deletion_that_was_moved_is_found(self, version: int) -> None:
        moved = replace(DELETED, deleted_in_version=version)
        with pytest.raises(Broken, match="artifact d is not deleted"):
            check_mentioned(MENTIONS, by_id(ADDED, moved), None)


class TestCheckUnmentioned:
    """A file that no entry mentions, or not so."""

    def test_an_added_one_is_found(self) -> None:
        with pytest.raises(Broken, match="artifact a was added without an entry") as caught:
            check_unmentioned([], by_id(ADDED), NEWEST)
        assert caught.value.version == 2

    def test_a_deleted_one_is_found(self) -> None:
        with pytest.raises(Broken, match="artifact d was deleted without an entry") as caught:
            check_unmentioned([mention(DELETED)], by_id(DELETED), NEWEST)
        assert caught.value.version == 4

    @pytest.mark.parametrize(
        "record",
        [
            replace(ADDED, status=ArtifactStatus.DELETED),
            replace(ADDED, status=ArtifactStatus.REJECTED),
            replace(ADDED, status=ArtifactStatus.PENDING),
            replace(DELETED, status=ArtifactStatus.AVAILABLE),
            replace(PENDING, status=ArtifactStatus.AVAILABLE),
        ],
    )
    def test_a_status_that_no_entry_gave_is_found(self, record: ArtifactRecord) -> None:
        mentions = [mention(record, 2)]
        mentions += [mention(record, 4, is_addition=False)]
        with pytest.raises(Broken, match="has a status that no entry gave it") as caught:
            check_unmentioned(mentions, by_id(record), NEWEST)
        assert caught.value.version == NEWEST


class TestNewestNamed:
    """Which version of the model files name, that must have been made."""

    def test_is_the_newest_that_any_names(self) -> None:
        assert newest_named([]) == 0
        assert newest_named([PENDING]) == 0
        assert newest_named([ADDED, PENDING]) == 2
        assert newest_named([DELETED, ADDED]) == 4
