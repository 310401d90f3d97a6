"""What a change changed, field by field."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from models import json_text
from models.json_text import Json
from models.records import ModelRecord

INLINE_MAX_BYTES = 4 * 1024
"""A larger value stands in the entry as its SHA-256, and is read from the snapshots."""


NOTHING = "[]"
"""What `diff` writes where nothing changed."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Stands for a value that is too large for the entry: the SHA-256 of its JSON text."""

    sha256: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after a change; before is null where the model is new."""

    field: str
    before: Json | Digest
    after: Json | Digest


def field_texts(record: ModelRecord | None) -> dict[str, str]:
    """Return the JSON text of each field that a change can alter, by its name in the API."""
    if record is None:
        return {}
    prose = record.require_prose()
    return {
        "name": json_text.dumps(record.name),
        "source": json_text.dumps(record.source),
        "sourceUrl": json_text.dumps(record.source_url),
        "license": json_text.dumps(record.license),
        "metadata": prose.metadata,
        "riskNotes": json_text.dumps(prose.risk_notes),
        "state": json_text.dumps(record.state),
        "netScore": json_text.dumps(record.net_score),
        "sourceAliases": json_text.dumps(list(record.source_aliases) or None),
    }


def diff(before: ModelRecord | None, after: ModelRecord, belongings: Sequence[str] = ()) -> str:
    """Write what differs between two versions of a model as JSON text.

    Metadata is compared as a value, so that another order of its keys is no change. `belongings`
    are changes of what belongs to the model, from `change_text`.
    """
    old, new = field_texts(before), field_texts(after)
    changes = (
        change_text(field, old.get(field, "null"), text)
        for field, text in new.items()
        if not _same(old.get(field, "null"), text)
    )
    return f"[{','.join([*changes, *belongings])}]"


def changed_fields(changes: str) -> list[str]:
    """Return the names of the fields in what `diff` wrote."""
    return [change.field for change in parse_changes(changes)]


def parse_changes(changes: str) -> list[FieldChange]:
    """Read what `diff` wrote."""
    entries = cast("list[dict[str, Any]]", json_text.loads(changes))
    return [
        FieldChange(entry["field"], _side(entry, "before"), _side(entry, "after"))
        for entry in entries
    ]


def _same(old: str, new: str) -> bool:
    if old == new:
        return True
    return json_text.canonical(json_text.loads(old)) == json_text.canonical(json_text.loads(new))


def change_text(field: str, before: str, after: str) -> str:
    """Write one change, given both values as JSON texts."""
    name = json_text.dumps(field)
    return f'{{"field":{name},{_side_text("before", before)},{_side_text("after", after)}}}'


def _side_text(side: str, value: str) -> str:
    encoded = value.encode()
    if len(encoded) <= INLINE_MAX_BYTES:
        return f'"{side}":{value}'
    return f'"{side}Sha256":"{hashlib.sha256(encoded).hexdigest()}"'


def _side(entry: dict[str, Any], side: str) -> Json | Digest:
    digest = entry.get(f"{side}Sha256")
    if digest is not None:
        return Digest(digest)
    value: Json = entry[side]
    return value


def has_digests(changes: str) -> bool:
    """Tell whether a value in what `diff` wrote stands as its digest."""
    return any(
        isinstance(side, Digest)
        for change in parse_changes(changes)
        for side in (change.before, change.after)
    )
