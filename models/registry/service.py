"""The registry: the use cases of models, one method each."""

from dataclasses import replace

from models import json_text
from models.errors import Refusal, UserErrorCode
from models.ids import new_id
from models.principal import Principal
from models.records import ChangeAction, ModelRecord, ModelState, Prose
from models.registry.commands import (
    UNSET,
    ChangeModel,
    CreateModel,
    DeleteModel,
    RestoreModel,
    UpdateModel,
)
from models.registry.idempotency import Outcome
from models.registry.validation import Faults, validate_change, validate_create, validate_update
from models.registry.writer import Writer
from models.source_url import claimed_url
from models.timestamps import Clock


class Registry:
    """Changes models on behalf of a principal.

    Every method raises Refusal with all that is wrong, Forbidden, or Throttled, and then nothing
    was changed.
    """

    def __init__(self, writer: Writer, clock: Clock) -> None:
        self._writer = writer
        self._clock = clock

    def create(self, principal: Principal, command: CreateModel) -> Outcome:
        """Register a model: one request."""
        validate_create(command)
        return self._writer.create(principal, command, self._new_model(command))

    def update(self, principal: Principal, command: UpdateModel) -> Outcome:
        """Change a model's fields: two requests."""
        validate_update(command)
        return self._writer.change(
            principal, command, ChangeAction.UPDATE, lambda model: _updated(model, command)
        )

    def delete(self, principal: Principal, command: DeleteModel) -> Outcome:
        """Mark a model deleted; all of it stays readable: two requests."""
        return self._change_state(principal, command, ChangeAction.DELETE, ModelState.DELETED)

    def restore(self, principal: Principal, command: RestoreModel) -> Outcome:
        """Make a deleted model active again: two requests."""
        return self._change_state(principal, command, ChangeAction.RESTORE, ModelState.ACTIVE)

    def _change_state(
        self, principal: Principal, command: ChangeModel, action: ChangeAction, state: ModelState
    ) -> Outcome:
        validate_change(command)

        def evolve(model: ModelRecord) -> ModelRecord:
            if model.state is state:
                raise Refusal.because(
                    UserErrorCode.INVALID_STATE, f"the model is {state} already", "id"
                )
            return replace(model, state=state)

        return self._writer.change(principal, command, action, evolve)

    def _new_model(self, command: CreateModel) -> ModelRecord:
        now = self._clock()
        metadata = {} if command.metadata is UNSET else command.metadata
        return ModelRecord(
            id=new_id(),
            name=command.name,
            source=command.source,
            source_url=command.source_url,
            license=command.license,
            state=ModelState.ACTIVE,
            version=1,
            created_at=now,
            updated_at=now,
            net_score=None,
            prose=Prose(json_text.dumps(metadata), command.risk_notes or ""),
            head_hash=None,
        )


def _updated(model: ModelRecord, command: UpdateModel) -> ModelRecord:
    """Return `model` with the fields that a valid command gives."""
    if model.state is ModelState.DELETED:
        raise Refusal.because(
            UserErrorCode.INVALID_STATE, "the model is DELETED: restore it first", "id"
        )
    source_url = model.source_url if command.source_url is UNSET else command.source_url
    return replace(
        model,
        name=command.name if isinstance(command.name, str) else model.name,
        source=command.source if isinstance(command.source, str) else model.source,
        license=command.license if isinstance(command.license, str) else model.license,
        source_url=source_url,
        source_aliases=_aliases(model, source_url),
        prose=_updated_prose(model.require_prose(), command),
    )


def _aliases(model: ModelRecord, source_url: str | None) -> tuple[str, ...]:
    """Return a model's aliases under another source URL.

    They belong to the page. So they stay where the page stays, also where one of them becomes the
    source URL: then the old one takes its place.
    """
    if model.source_url is None or source_url is None:
        return ()
    addresses = {claimed_url(url): url for url in (model.source_url, *model.source_aliases)}
    if claimed_url(source_url) not in addresses:
        return ()
    return tuple(url for key, url in addresses.items() if key != claimed_url(source_url))


def _updated_prose(prose: Prose, command: UpdateModel) -> Prose:
    notes = command.risk_notes if isinstance(command.risk_notes, str) else prose.risk_notes
    metadata = prose.metadata
    if command.metadata is not UNSET:
        metadata = json_text.dumps(command.metadata)
    elif command.metadata_patch is not UNSET:
        metadata = _patched(metadata, command.metadata_patch)
    return Prose(metadata, notes)


def _patched(metadata: str, patch: object) -> str:
    merged = json_text.merge_patch(json_text.loads(metadata), json_text.as_json(patch))
    faults = Faults()
    faults.check_json("metadataPatch", merged)
    faults.raise_any()
    return json_text.dumps(merged)
