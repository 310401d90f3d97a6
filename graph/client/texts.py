"""The texts that a history's hashes cover, written anew from what the API answers.

The API answers values, and the layouts of docs/HISTORY.md say how they are written: by the very
functions that wrote the stored texts. A wrong text cannot pass for the stored one, since its
SHA-256 would not give the entry's hash.
"""

from typing import Any, Final, cast

from graph.client.values.change import CHANGE_FIELDS, ChangeEntry
from models import json_text
from models.history.diff import change_text
from models.history.snapshot import snapshot_text
from models.ids import EvaluationRef, parse_node_id
from models.records import ModelRecord, ModelState, Prose
from models.timestamps import Timestamp

SNAPSHOT_FIELDS: Final = """uuid name source sourceUrl license state version createdAt updatedAt
netScore sourceAliases metadata riskNotes latestEvaluation { id }"""
ENTRY_FIELDS: Final = f"{CHANGE_FIELDS} model {{ {SNAPSHOT_FIELDS} }}"


def record_of(answer: dict[str, Any]) -> ModelRecord:
    """Read a Model with SNAPSHOT_FIELDS."""
    evaluation = answer["latestEvaluation"]
    return ModelRecord(
        id=answer["uuid"],
        name=answer["name"],
        source=answer["source"],
        source_url=answer["sourceUrl"],
        license=answer["license"],
        state=cast("ModelState", answer["state"]),  # written as the text that it is, old or new
        version=answer["version"],
        created_at=Timestamp(answer["createdAt"]),
        updated_at=Timestamp(answer["updatedAt"]),
        net_score=answer["netScore"],
        prose=Prose(json_text.dumps(answer["metadata"]), answer["riskNotes"]),
        head_hash=None,
        latest_evaluation_id=_uuid_of(evaluation["id"]) if evaluation else None,
        source_aliases=tuple(answer["sourceAliases"]),
    )


def snapshot_of(answer: dict[str, Any]) -> str:
    """Write the snapshot of a Model with SNAPSHOT_FIELDS."""
    return snapshot_text(record_of(answer))


def changes_of(entry: ChangeEntry) -> str:
    """Write what an entry changed."""
    changes = (
        change_text(change.field, json_text.dumps(change.before), json_text.dumps(change.after))
        for change in entry.changes
    )
    return f"[{','.join(changes)}]"


def _uuid_of(evaluation_id: str) -> str:
    ref = parse_node_id(evaluation_id)
    if not isinstance(ref, EvaluationRef):
        raise ValueError(f"{evaluation_id} is no evaluation's id")
    return ref.evaluation_id
