"""The snapshot: a whole model as JSON text, hashed byte for byte.

Append-only: a field may be added at the end of the fixed ones, and none may move or change its
name, since stored hashes cover these bytes.
"""

from typing import Any, cast

from models import json_text
from models.records import ModelRecord, ModelState, Prose
from models.timestamps import Timestamp


def snapshot_text(record: ModelRecord) -> str:
    """Write `record` as its snapshot. Metadata goes in as the text that it is, and last."""
    prose = record.require_prose()
    fixed = json_text.dumps(
        {
            "id": record.id,
            "version": record.version,
            "state": record.state,
            "name": record.name,
            "source": record.source,
            "sourceUrl": record.source_url,
            "license": record.license,
            "riskNotes": prose.risk_notes,
            "netScore": record.net_score,
            "createdAt": record.created_at,
            "updatedAt": record.updated_at,
            **_optional(record),
        }
    )
    return f'{fixed[:-1]},"metadata":{prose.metadata}}}'


def _optional(record: ModelRecord) -> dict[str, object]:
    """Return what stands in a snapshot only where there is any."""
    optional = {
        "latestEvaluationId": record.latest_evaluation_id,
        "sourceAliases": list(record.source_aliases),
    }
    return {name: value for name, value in optional.items() if value}


def parse_snapshot(text: str, head_hash: str | None = None) -> ModelRecord:
    """Read what `snapshot_text` wrote; `head_hash` is that of the change which made it.

    Raises:
        ValueError: it is not JSON, or not of that shape.
    """
    fields = cast("dict[str, Any]", json_text.loads(text))
    try:
        return ModelRecord(
            id=fields["id"],
            name=fields["name"],
            source=fields["source"],
            source_url=fields["sourceUrl"],
            license=fields["license"],
            state=ModelState(fields["state"]),
            version=fields["version"],
            created_at=Timestamp(fields["createdAt"]),
            updated_at=Timestamp(fields["updatedAt"]),
            net_score=fields["netScore"],
            prose=Prose(json_text.dumps(fields["metadata"]), fields["riskNotes"]),
            head_hash=head_hash,
            latest_evaluation_id=fields.get("latestEvaluationId"),
            source_aliases=tuple(fields.get("sourceAliases", ())),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a model's snapshot: {error!r}") from error
