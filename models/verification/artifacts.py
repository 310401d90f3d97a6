"""Whether a model's files are what its entries say: pure."""

from collections.abc import Iterable, Mapping

from models.artifacts.change import Mention
from models.artifacts.record import ArtifactRecord, ArtifactStatus, record_sha256
from models.history.verification import Broken


def check_mentioned(mentions: Iterable[Mention], records: Mapping[str, ArtifactRecord]) -> None:
    """Check each file that entries mention against its record.

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


def newest_named(records: Iterable[ArtifactRecord]) -> int:
    """Return the newest version of the model that a file names, 0 where none names any."""
    versions = (
        max(record.added_in_version or 0, record.deleted_in_version or 0) for record in records
    )
    return max(versions, default=0)


def _fits(record: ArtifactRecord) -> bool:
    """Tell whether a file has the status that the versions of its record mean."""
    if record.added_in_version is None:
        return record.status is not ArtifactStatus.AVAILABLE
    if record.deleted_in_version is None:
        return record.status is ArtifactStatus.AVAILABLE
    return record.status is ArtifactStatus.DELETED
