"""The files that the table's stream tells to hash: apart from `graph.worker`, slow to import."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from models.artifacts.record import ArtifactStatus
from models.entities.artifact import artifact_ref_of
from models.ids import ArtifactRef


@dataclass(frozen=True, slots=True)
class FileToHash:
    """A file that was completed, and is too large for a request.

    Attributes:
        sequence_number: of the record, by which a failure is answered.
    """

    ref: ArtifactRef
    sequence_number: str


def files_to_hash(records: Iterable[Mapping[str, Any]]) -> list[FileToHash]:
    """Return the files that records of the table's stream ask to hash."""
    files = []
    for record in records:
        change = record["dynamodb"]
        written = change.get("NewImage", {})
        is_verifying = written.get("status") == {"S": ArtifactStatus.VERIFYING.value}
        if is_verifying and "hashing_asked_at" in written:
            files.append(FileToHash(artifact_ref_of(written), change["SequenceNumber"]))
    return files
