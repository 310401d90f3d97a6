"""How an evaluation stands in its model's history: what an entry says of it, and covers."""

from dataclasses import dataclass

from models import json_text
from models.evaluation.record import EvaluationRecord
from models.evaluation.text import record_text
from models.history.chain import sha256_hex
from models.history.diff import change_text, parse_changes
from models.ids import EvaluationRef, evaluation_node_id, parse_node_id
from models.records import ChangeAction, ChangeRecord
from models.timestamps import Timestamp

FIELD = "evaluations"
_NOTHING = "null"


@dataclass(frozen=True, slots=True)
class EvaluationMention:
    """What an entry says of an evaluation.

    Attributes:
        sha256: of the evaluation's text, as `models.evaluation.text` writes it.
    """

    evaluation_id: str
    sha256: str
    version: int
    timestamp: Timestamp


def addition(record: EvaluationRecord) -> str:
    """Write the change by which an evaluation joins its model."""
    result = record.result
    if result is None:
        raise ValueError(f"evaluation {record.id} has no result")
    summary = {
        "id": evaluation_node_id(record.id),
        "url": result.canonical_url,
        "revision": result.revision,
        "netScore": result.net.score,
        "recordSha256": sha256_hex(record_text(record)),
    }
    return change_text(FIELD, _NOTHING, json_text.dumps(summary))


def evaluation_in(entry: ChangeRecord) -> EvaluationMention | None:
    """Return what an entry says of an evaluation, or None where it says nothing of any."""
    if entry.action is not ChangeAction.EVALUATE:
        return None
    changes = [change for change in parse_changes(entry.changes) if change.field == FIELD]
    summary = changes[0].after if changes else None
    if not isinstance(summary, dict):
        return None
    ref = parse_node_id(str(summary.get("id")))
    if not isinstance(ref, EvaluationRef):
        return None
    return EvaluationMention(
        ref.evaluation_id, str(summary.get("recordSha256")), entry.version, entry.timestamp
    )
