"""Changes models: each change one transaction with its entry, its snapshot and its claims."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from models.entities import ModelItem, SourceClaimItem
from models.entities.item import Item, Key
from models.entities.model import model_key
from models.errors import Refusal, UserErrorCode
from models.history.chain import Attribution, Link, link
from models.ids import is_model_id
from models.principal import Principal
from models.records import ChangeAction, ModelRecord
from models.registry.commands import ChangeModel, Command
from models.registry.commit import attribution_of, commit, persistently
from models.registry.idempotency import Outcome, Resend, recorded_outcome
from models.table import Table
from models.timestamps import Clock, following
from models.transaction import Check, ConditionFailed, TransactionConflict

Evolve = Callable[[ModelRecord], ModelRecord]
"""Gives a model its new fields, or refuses to; version and instant are not its business."""


class Writer:
    """Writes changes of models, and tries again where another writer was faster."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def create(self, principal: Principal, command: Command, model: ModelRecord) -> Outcome:
        """Write a new model, already at version 1."""
        attribution = attribution_of(principal, command)
        resend = Resend.of(principal, command)
        made = link(None, model, ChangeAction.CREATE, attribution)
        if made is None:
            raise ValueError("a new model always differs from none")
        return persistently(lambda: self._try_create(made, resend))

    def change(
        self, principal: Principal, command: ChangeModel, action: ChangeAction, evolve: Evolve
    ) -> Outcome:
        """Change an existing model by `evolve`; two requests unless another writer interferes."""
        attribution = attribution_of(principal, command)
        if not is_model_id(command.id):
            raise _not_found()
        resend = Resend.of(principal, command)
        return persistently(lambda: self._try_change(command, action, attribution, resend, evolve))

    def _try_create(self, made: Link, resend: Resend | None) -> Outcome:
        try:
            return self._commit(None, made, resend)
        except ConditionFailed as failed:
            if outcome := self._answered(resend, failed):
                return outcome
            raise _claimed(failed) from failed

    def _try_change(
        self,
        command: ChangeModel,
        action: ChangeAction,
        attribution: Attribution,
        resend: Resend | None,
        evolve: Evolve,
    ) -> Outcome:
        key = model_key(command.id)
        found = self._table.get_many([key, resend.key] if resend else [key])
        if outcome := self._replayed(resend, found):
            return outcome
        before = _expected(command, found.get(key))
        try:
            return self._write(before, action, attribution, resend, evolve)
        except ConditionFailed as failed:
            if outcome := self._answered(resend, failed):
                return outcome
            if key not in failed.found:
                raise _claimed(failed) from failed
            if command.expected_version is not None and failed.found[key]:
                raise _version_conflict(command, failed.found[key]) from failed
            raise TransactionConflict("another writer was faster") from failed

    def _write(
        self,
        before: ModelRecord,
        action: ChangeAction,
        attribution: Attribution,
        resend: Resend | None,
        evolve: Evolve,
    ) -> Outcome:
        after = replace(
            evolve(before),
            version=before.version + 1,
            updated_at=following(before.updated_at, self._clock()),
        )
        made = link(before, after, action, attribution)
        if made is None:
            return self._record_no_op(before, resend)
        return self._commit(before, made, resend)

    def _commit(self, before: ModelRecord | None, made: Link, resend: Resend | None) -> Outcome:
        outcome = Outcome(made.model, made.entry)
        also = [resend.put(outcome.answer, self._clock())] if resend else []
        commit(self._table, before, made, also)
        return outcome

    def _record_no_op(self, model: ModelRecord, resend: Resend | None) -> Outcome:
        outcome = Outcome(model, None)
        if resend:
            still_so = Check(ModelItem.of(model), ModelItem.version == model.version)
            self._table.transact([still_so, resend.put(outcome.answer, self._clock())])
        return outcome

    def _replayed(self, resend: Resend | None, found: Mapping[Key, Item | None]) -> Outcome | None:
        if resend is None:
            return None
        record = resend.recorded(found.get(resend.key), self._clock())
        return recorded_outcome(self._table, record) if record else None

    def _answered(self, resend: Resend | None, failed: ConditionFailed) -> Outcome | None:
        """Return what a record answers that was there already, if any was."""
        outcome = self._replayed(resend, failed.found)
        if outcome is None and resend and resend.key in failed.found:
            raise TransactionConflict("the idempotency record expired meanwhile") from failed
        return outcome


def _expected(command: ChangeModel, found: Item | None) -> ModelRecord:
    """Return the model that was found, if it is there and at the version that was expected."""
    if not isinstance(found, ModelItem):
        raise _not_found()
    if command.expected_version not in {None, int(found.version)}:
        raise _version_conflict(command, found)
    return found.to_record()


def _not_found() -> Refusal:
    return Refusal.because(UserErrorCode.NOT_FOUND, "there is no model with this id", "id")


def _version_conflict(command: ChangeModel, found: Item | None) -> Refusal:
    version = int(found.version) if isinstance(found, ModelItem) else "unknown"
    return Refusal.because(
        UserErrorCode.VERSION_CONFLICT,
        f"the model is at version {version}, not {command.expected_version}: read it again",
        "expectedVersion",
    )


def _claimed(failed: ConditionFailed) -> Refusal | ConditionFailed:
    """Say which model claims the source URL, where that is why the transaction failed."""
    for item in failed.found.values():
        if isinstance(item, SourceClaimItem):
            message = f"model {item.model_id} claims this source URL"
            return Refusal.because(UserErrorCode.ALREADY_EXISTS, message, "sourceUrl")
    return failed
