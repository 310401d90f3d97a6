"""Changes: what each altered, and what a mutation led to."""

from dataclasses import dataclass, field
from typing import Any, Final, Self

from graph.client.values.model import Model
from graph.client.values.value import Value, called
from models.json_text import Json

CHANGE_FIELDS: Final = """id version action timestamp changedBy authenticatedAs reason hash
previousHash fieldsChanged changes { field before after }"""


@dataclass(frozen=True, slots=True)
class FieldChange(Value):
    """One field before and after a change.

    Attributes:
        field: its name in the API.
        before: None where the model was new, or had none.
        after: None where it was cleared.
    """

    field: str
    before: Json
    after: Json

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Self:
        """Read a FieldChange."""
        return cls(answer["field"], answer["before"], answer["after"])


@dataclass(frozen=True, slots=True)
class ChangeEntry(Value):
    """One entry of a model's audit trail.

    Attributes:
        version: the model's version that the change made.
        action: CREATE, UPDATE, DELETE, RESTORE, ARTIFACT_ADD, ARTIFACT_DELETE or EVALUATE.
        changed_by: on whose behalf.
        authenticated_as: with whose credential.
        hash: over the entry and `previous_hash`; `version` and `hash` together are a receipt.
        previous_hash: None for the first entry.
    """

    id: str
    version: int
    action: str
    timestamp: str
    changed_by: str
    authenticated_as: str
    reason: str | None
    hash: str
    previous_hash: str | None
    fields_changed: tuple[str, ...]
    changes: tuple[FieldChange, ...]

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Self:
        """Read a ChangeEntry."""
        return cls(
            id=answer["id"],
            version=answer["version"],
            action=answer["action"],
            timestamp=answer["timestamp"],
            changed_by=answer["changedBy"],
            authenticated_as=answer["authenticatedAs"],
            reason=answer["reason"],
            hash=answer["hash"],
            previous_hash=answer["previousHash"],
            fields_changed=tuple(answer["fieldsChanged"]),
            changes=tuple(FieldChange.of(change) for change in answer["changes"]),
        )


@dataclass(frozen=True, slots=True)
class Outcome(Value):
    """What a change of a model led to.

    Attributes:
        model: as it is right after the change.
        entry: None where the input changed nothing.
    """

    model: Model
    entry: ChangeEntry | None = field(metadata=called("changeEntry"))

    @classmethod
    def of(cls, payload: dict[str, Any]) -> Self:
        """Read a payload that has a model and a change entry."""
        entry = payload["changeEntry"]
        return cls(Model.of(payload["model"]), ChangeEntry.of(entry) if entry else None)
