"""ChangeEntry: one entry of the audit trail."""

from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from graph.context import Info
from graph.types.enums import ChangeAction
from graph.types.node import Node
from graph.types.scalars import JSON
from models import json_text
from models.history.diff import (
    Digest,
    changed_fields,
    field_texts,
    has_digests,
    parse_changes,
)
from models.ids import change_id
from models.records import ChangeRecord
from models.timestamps import Timestamp

if TYPE_CHECKING:
    from graph.types.model import Model


@strawberry.type(description="One field before and after a change")
class FieldChange:
    """What a change did to one field."""

    field: str = strawberry.field(description="The field's name in Model")
    before: JSON | None = strawberry.field(description="Null where the model was new, or had none")
    after: JSON | None = strawberry.field(description="Null where it was cleared")


@strawberry.type(
    description=(
        "One entry of the audit trail: written in the same transaction as the change itself"
    )
)
class ChangeEntry(Node):
    """A change, with what its hash covers."""

    version: int = strawberry.field(description="The model's version that this change produced")
    action: ChangeAction = strawberry.field(description="What the change did")
    timestamp: Timestamp = strawberry.field(description="When: later changes are always later")
    changed_by: str = strawberry.field(description="Who the change is attributed to")
    authenticated_as: str = strawberry.field(
        description=(
            "Who was authenticated when it was made; differs from changedBy only for a delegate"
        )
    )
    reason: str | None = strawberry.field(description="Why, as whoever made it said")
    hash: str = strawberry.field(
        description=(
            "SHA-256 over this entry's canonical JSON, which includes previousHash; lower-case hex"
        )
    )
    previous_hash: str | None = strawberry.field(description="Null for the first entry")
    record: strawberry.Private[ChangeRecord]

    @classmethod
    def of(cls, record: ChangeRecord) -> Self:
        """Show a change."""
        return cls(
            id=strawberry.ID(change_id(record.model_id, record.timestamp)),
            version=record.version,
            action=record.action,
            timestamp=record.timestamp,
            changed_by=record.changed_by,
            authenticated_as=record.authenticated_as,
            reason=record.reason,
            hash=record.hash,
            previous_hash=record.previous_hash,
            record=record,
        )

    @strawberry.field(description="The names of the fields that the change altered")
    def fields_changed(self) -> list[str]:
        """Name what changed."""
        return changed_fields(self.record.changes)

    @strawberry.field(description="What the change altered, before and after")
    def changes(self, info: Info) -> list[FieldChange]:
        """Show what changed; a large value is read from the snapshots."""
        before, after = (self.record.version - 1, self.record.version)
        return [
            FieldChange(
                field=change.field,
                before=self._value(info, change.field, change.before, before),
                after=self._value(info, change.field, change.after, after),
            )
            for change in parse_changes(info.context.budget.charge(self.record.changes))
        ]

    @strawberry.field(description="The model as it was right after this change")
    def model(self, info: Info) -> Annotated["Model", strawberry.lazy("graph.types.model")]:
        """Read the model as of this version."""
        from graph.types.model import Model  # noqa: PLC0415  # the two types name each other

        key = (self.record.model_id, self.record.version)
        found = info.context.loaders.versions.load(key)
        if found is None:
            raise LookupError(f"the snapshot of version {key[1]} of model {key[0]} is missing")
        return Model.at_version(found)

    def _value(self, info: Info, field: str, value: object, version: int) -> JSON:
        if not isinstance(value, Digest):
            return JSON(value)
        found = info.context.loaders.large_values.load((self.record.model_id, version))
        if found is None:
            raise LookupError(f"the snapshot of version {version} is missing")
        return JSON(json_text.loads(info.context.budget.charge(field_texts(found)[field])))


def expect_entries(info: Info, entries: list[ChangeRecord]) -> None:
    """Announce what the fields of these entries may ask for, so that it is read at once."""
    loaders = info.context.loaders
    loaders.versions.expect((entry.model_id, entry.version) for entry in entries)
    for entry in entries:
        if has_digests(entry.changes):
            loaders.large_values.expect(
                (entry.model_id, version)
                for version in (entry.version - 1, entry.version)
                if version
            )
