"""A history that the service's own code has linked, and its export."""

import json
from typing import Any

from graph.client.export import FORMAT, FORMAT_VERSION
from models.history.chain import Attribution, Link, link
from models.records import ChangeAction, ModelRecord, ModelState, Prose
from models.timestamps import Timestamp

VERSIONS = 4
MODEL_ID = "01a208e0-8d43-7394-83c0-437ffe007901"


def a_chain() -> list[Link]:
    """Return a history that the service's own code has linked."""
    links: list[Link] = []
    for version in range(1, VERSIONS + 1):
        at = Timestamp(f"2026-11-23T09:0{version}:00.000000Z")
        record = ModelRecord(
            id=MODEL_ID,
            name=f"name {version}",
            source="s",
            source_url=None,
            license="mit",
            state=ModelState.ACTIVE,
            version=version,
            created_at=Timestamp("2026-11-23T09:01:00.000000Z"),
            updated_at=at,
            net_score=None,
            prose=Prose('{"é":100000000000000000001}', "notes"),
            head_hash=None,
        )
        before = links[-1].model if links else None
        action = ChangeAction.UPDATE if before else ChangeAction.CREATE
        made = link(before, record, action, Attribution("ann", "key:1", "why" if before else None))
        assert made is not None
        links.append(made)
    return links


def an_export() -> dict[str, Any]:
    chain = a_chain()
    history = [
        {
            "entry": {
                "modelId": entry.model_id,
                "version": entry.version,
                "action": entry.action.value,
                "timestamp": entry.timestamp,
                "changedBy": entry.changed_by,
                "authenticatedAs": entry.authenticated_as,
                "reason": entry.reason,
                "changes": entry.changes,
                "snapshotSha256": entry.snapshot_sha256,
                "previousHash": entry.previous_hash,
                "hash": entry.hash,
            },
            "snapshot": made.snapshot.text,
        }
        for made in chain
        for entry in [made.entry]
    ]
    return {
        "format": FORMAT,
        "formatVersion": FORMAT_VERSION,
        "modelId": MODEL_ID,
        "exportedAt": "2026-11-23T10:00:00.000000Z",
        "headHash": chain[-1].entry.hash,
        "current": chain[-1].snapshot.text,
        "history": history,
        "records": [],
    }


EXPORT = json.dumps(an_export())


def fresh() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(EXPORT)
    return document
