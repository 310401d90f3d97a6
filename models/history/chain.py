"""How change entries are linked: each one's hash covers the hash of the one before.

An entry's hash is SHA-256 over a domain prefix and the RFC 8785 canonical JSON of the entry, in
which its changes and its snapshot stand as the SHA-256 of their JSON texts. RFC 8785 refuses
numbers beyond 2^53 and metadata must not: hence texts, hashed byte for byte.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import rfc8785

from models.history.diff import NOTHING, diff
from models.history.snapshot import snapshot_text
from models.records import ChangeAction, ChangeRecord, ModelRecord, SnapshotRecord

DOMAIN_PREFIX = b"ml-model-evaluator/change-entry/v1\n"
"""Keeps these hashes apart from those of any other kind of record."""


def sha256_hex(text: str) -> str:
    """Return the SHA-256 of `text` as UTF-8, in lower-case hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def entry_hash(entry: ChangeRecord) -> str:
    """Return the hash that `entry` must carry. Append-only: the layout is public and persisted."""
    canonical = rfc8785.dumps(
        {
            "modelId": entry.model_id,
            "version": entry.version,
            "action": entry.action.value,
            "timestamp": entry.timestamp,
            "changedBy": entry.changed_by,
            "authenticatedAs": entry.authenticated_as,
            "reason": entry.reason,
            "changesSha256": sha256_hex(entry.changes),
            "snapshotSha256": entry.snapshot_sha256,
            "previousHash": entry.previous_hash,
        }
    )
    return hashlib.sha256(DOMAIN_PREFIX + canonical).hexdigest()


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who made a change, and why.

    Attributes:
        changed_by: who the change is attributed to.
        authenticated_as: whose credential made it.
    """

    changed_by: str
    authenticated_as: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """What one change adds to a model's history, ready to be written together."""

    model: ModelRecord
    entry: ChangeRecord
    snapshot: SnapshotRecord


def link(
    before: ModelRecord | None,
    after: ModelRecord,
    action: ChangeAction,
    attribution: Attribution,
    belongings: Sequence[str] = (),
) -> Link | None:
    """Chain the change from `before` to `after`, or return None where nothing changed.

    `after` already bears its new version and instant.

    Args:
        belongings: changes of what belongs to the model, as `models.history.diff` writes them.
    """
    changes = diff(before, after, belongings)
    if changes == NOTHING:
        return None
    snapshot = snapshot_text(after)
    unsealed = ChangeRecord(
        model_id=after.id,
        version=after.version,
        action=action,
        timestamp=after.updated_at,
        changed_by=attribution.changed_by,
        authenticated_as=attribution.authenticated_as,
        reason=attribution.reason,
        changes=changes,
        snapshot_sha256=sha256_hex(snapshot),
        previous_hash=before.head_hash if before else None,
        hash="",
    )
    entry = replace(unsealed, hash=entry_hash(unsealed))
    return Link(
        model=replace(after, head_hash=entry.hash),
        entry=entry,
        snapshot=SnapshotRecord(after.id, after.version, snapshot),
    )
