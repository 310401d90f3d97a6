"""How a file stands in its model's history: what an entry says of it, and covers by a digest."""

from dataclasses import dataclass

from models import json_text
from models.artifacts.record import ArtifactRecord, record_sha256
from models.history.diff import change_text, parse_changes
from models.ids import ArtifactRef, artifact_node_id, parse_node_id
from models.records import ChangeAction, ChangeRecord
from models.timestamps import Timestamp

FIELD = "artifacts"
_NOTHING = "null"


@dataclass(frozen=True, slots=True)
class Mention:
    """What an entry says of a file.

    Attributes:
        sha256: of the file's record.
    """

    artifact_id: str
    sha256: str
    version: int
    timestamp: Timestamp
    is_addition: bool


def addition(record: ArtifactRecord) -> str:
    """Write the change by which a file joins its model."""
    return change_text(FIELD, _NOTHING, _summary(record))


def removal(record: ArtifactRecord) -> str:
    """Write the change by which a file leaves its model."""
    return change_text(FIELD, _summary(record), _NOTHING)


def _summary(record: ArtifactRecord) -> str:
    return json_text.dumps(
        {
            "id": artifact_node_id(record.model_id, record.id),
            "filename": record.filename,
            "contentType": record.content_type,
            "sizeBytes": record.size_bytes,
            "sha256": record.sha256,
            "recordSha256": record_sha256(record),
        }
    )


def mention_in(entry: ChangeRecord) -> Mention | None:
    """Return what an entry says of a file, or None where it says nothing of any."""
    if entry.action not in {ChangeAction.ARTIFACT_ADD, ChangeAction.ARTIFACT_DELETE}:
        return None
    is_addition = entry.action is ChangeAction.ARTIFACT_ADD
    changes = [change for change in parse_changes(entry.changes) if change.field == FIELD]
    summary = (changes[0].after if is_addition else changes[0].before) if changes else None
    if not isinstance(summary, dict):
        return None
    ref = parse_node_id(str(summary.get("id")))
    if not isinstance(ref, ArtifactRef):
        return None
    return Mention(
        artifact_id=ref.artifact_id,
        sha256=str(summary.get("recordSha256")),
        version=entry.version,
        timestamp=entry.timestamp,
        is_addition=is_addition,
    )
