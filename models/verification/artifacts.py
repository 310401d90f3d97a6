"""Whether a model's files are what its entries say: pure."""

from collections.abc import Iterable, Mapping

from models.artifacts.change import Mention
from models.artifacts.record import ArtifactRecord, ArtifactStatus, record_sha256
from models.history.verification import Broken


def check_mentioned(
    mentions: Iterable[Mention], records: Mapping[str, ArtifactRecord], newest: int | None
) -> None:
    """Check each file that entries mention against its record.

    Args:
        newest: the model's newest version where the entries reach it; None where later ones can
            say more of a file.

    Raises:
        Broken: at the version of the entry with which a record does not agree.
    """
    expected: dict[str, Mention] = {}
    for mention in mentions:
        _check_record(mention, records.get(mention.artifact_id))
        expected[mention.artifact_id] = mention
    for artifact_id, last in expected.items():
        record = records[artifact_id]
        if not last.is_addition and record.deleted_in_version != last.version:
            raise Broken(last.version, f"artifact {artifact_id} is not deleted")
        if newest is not None and not _fits(record):
            raise Broken(newest, f"artifact {artifact_id} has a status that no entry gave it")
        deleted = record.deleted_in_version
        if newest is not None and last.is_addition and deleted and deleted <= newest:
            raise Broken(deleted, f"artifact {artifact_id} was deleted without an entry")


def check_unmentioned(
    mentions: Iterable[Mention], records: Mapping[str, ArtifactRecord], newest: int
) -> None:
    """Check, knowing all entries, that no file joined or left its model without one."""
    versions = {(mention.artifact_id, mention.version) for mention in mentions}
    for record in records.values():
        for version, what in (
            (record.added_in_version, "added"),
            (record.deleted_in_version, "deleted"),
        ):
            if version is None or version > newest or (record.id, version) in versions:
                continue
            raise Broken(version, f"artifact {record.id} was {what} without an entry")
        if not _fits(record):
            raise Broken(newest, f"artifact {record.id} has a status that no entry gave it")


def _check_record(mention: Mention, record: ArtifactRecord | None) -> None:
    if record is None:
        message = f"artifact {mention.artifact_id} is missing or cannot be read"
        raise Broken(mention.version, message)
    if record_sha256(record) != mention.sha256:
        raise Broken(mention.version, f"the record of artifact {record.id} was altered")
    if mention.is_addition and record.added_at != mention.timestamp:
        raise Broken(mention.version, f"the record of artifact {record.id} names another instant")


def newest_named(records: Iterable[ArtifactRecord]) -> int:
    """Return the newest version of the model that a file names, 0 where none names any."""
    versions = (
        max(record.added_in_version or 0, record.deleted_in_version or 0) for record in records
    )
    return max(versions, default=0)


def _fits(record: ArtifactRecord) -> bool:
    """Tell whether a file has the status that the rest of its record means."""
    was_added = record.added_in_version is not None
    if was_added != (record.added_at is not None) or was_added != (record.verification is not None):
        return False
    if was_added and record.rejection is not None:
        return False
    if not was_added:
        return record.status is not ArtifactStatus.AVAILABLE and record.deleted_in_version is None
    if record.deleted_in_version is None:
        return record.status is ArtifactStatus.AVAILABLE
    return record.status is ArtifactStatus.DELETED
