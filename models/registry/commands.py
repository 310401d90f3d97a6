"""What a caller can ask the registry to change, as it was given: not validated yet."""

import hashlib
from dataclasses import dataclass, fields
from enum import Enum
from typing import Final, Literal

from models import json_text

NOT_INPUT = frozenset({"idempotency_key", "wait_seconds"})
"""What makes no other request of a resend: the key itself, and how long the caller waits."""


class _Unset(Enum):
    UNSET = "UNSET"


UNSET: Final = _Unset.UNSET
"""Stands for a field that was left out, which null is not."""
Unset = Literal[_Unset.UNSET]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What every change can carry.

    Attributes:
        changed_by: whom to attribute it to; the caller unless given.
        idempotency_key: makes a resend answer what the first sending answered.
    """

    reason: str | None = None
    changed_by: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateModel(Command):
    """Register a model."""

    name: str
    source: str
    license: str
    source_url: str | None = None
    metadata: object = UNSET
    risk_notes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeModel(Command):
    """Change a model that exists.

    Attributes:
        expected_version: refuse unless the model is at this version.
    """

    id: str
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateModel(ChangeModel):
    """Change a model's fields. What is left out stays; null clears what can be null."""

    name: str | Unset | None = UNSET
    source: str | Unset | None = UNSET
    license: str | Unset | None = UNSET
    source_url: str | Unset | None = UNSET
    metadata: object = UNSET
    metadata_patch: object = UNSET
    risk_notes: str | Unset | None = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteModel(ChangeModel):
    """Hide a model and keep its history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreModel(ChangeModel):
    """Make a deleted model ACTIVE again."""


def input_sha256(command: Command) -> str:
    """Return a digest by which a resend is told from another request under the same key."""
    given = {
        field.name: value
        for field in fields(command)
        if field.name not in NOT_INPUT and (value := getattr(command, field.name)) is not UNSET
    }
    return hashlib.sha256(json_text.canonical(given).encode()).hexdigest()
