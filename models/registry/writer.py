"""Changes models: each change one transaction with its entry, its snapshot and its claims."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from pynamodb.expressions.condition import Condition

from models.audit import log_change
from models.entities import ChangeItem, ModelItem, SnapshotItem, SourceClaimItem
from models.entities.item import Item, Key
from models.entities.model import model_key
from models.errors import Forbidden, Refusal, Throttled, UserErrorCode
from models.history.chain import Attribution, Link, link
from models.ids import is_model_id
from models.principal import Principal
from models.records import ChangeAction, ModelRecord
from models.registry.commands import ChangeModel, Command
from models.registry.idempotency import Outcome, Resend
from models.retry import attempts
from models.source_url import canonical_url
from models.table import Check, ConditionFailed, Delete, Put, Table, TransactionConflict, Write
from models.timestamps import Clock, following

Evolve = Callable[[ModelRecord], ModelRecord]
"""Gives a model its new fields, or refuses to; version and instant are not its business."""


class Writer:
    """Writes changes of models, and tries again where another writer was faster."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def create(self, principal: Principal, command: Command, model: ModelRecord) -> Outcome:
        """Write a new model, already at version 1."""
        attribution = _attribution(principal, command)
        resend = Resend.of(principal, command)
        made = link(None, model, ChangeAction.CREATE, attribution)
        if made is None:
            raise ValueError("a new model always differs from none")
        return _persistently(lambda: self._try_create(made, resend))

    def change(
        self, principal: Principal, command: ChangeModel, action: ChangeAction, evolve: Evolve
    ) -> Outcome:
        """Change an existing model by `evolve`; two requests unless another writer interferes."""
        attribution = _attribution(principal, command)
        if not is_model_id(command.id):
            raise _not_found()
        resend = Resend.of(principal, command)
        return _persistently(lambda: self._try_change(command, action, attribution, resend, evolve))

    def _try_create(self, made: Link, resend: Resend | None) -> Outcome:
        try:
            return self._commit(None, made, resend)
        except ConditionFailed as failed:
            if outcome := self._replayed(resend, failed.found):
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
            if outcome := self._replayed(resend, failed.found):
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
        writes: list[Write] = [
            Put(ModelItem.of(made.model), _unchanged_since(before)),
            Put(ChangeItem.of(made.entry), Item.PK.does_not_exist()),
            Put(SnapshotItem.of(made.snapshot), Item.PK.does_not_exist()),
            *_claim_writes(before, made.model),
        ]
        if resend:
            writes.append(resend.put(outcome, self._clock()))
        self._table.transact(writes)
        log_change(made.entry)
        return outcome

    def _record_no_op(self, model: ModelRecord, resend: Resend | None) -> Outcome:
        outcome = Outcome(model, None)
        if resend:
            still_so = Check(ModelItem.of(model), ModelItem.version == model.version)
            self._table.transact([still_so, resend.put(outcome, self._clock())])
        return outcome

    def _replayed(self, resend: Resend | None, found: Mapping[Key, Item | None]) -> Outcome | None:
        if resend is None:
            return None
        return resend.replay(self._table, found.get(resend.key), self._clock())


def _attribution(principal: Principal, command: Command) -> Attribution:
    changed_by = command.changed_by or principal.subject
    if changed_by != principal.subject and not principal.may_attribute:
        raise Forbidden("a person's changes are attributed to that person", "changedBy")
    return Attribution(changed_by, principal.subject, command.reason)


def _expected(command: ChangeModel, found: Item | None) -> ModelRecord:
    """Return the model that was found, if it is there and at the version that was expected."""
    if not isinstance(found, ModelItem):
        raise _not_found()
    if command.expected_version not in {None, int(found.version)}:
        raise _version_conflict(command, found)
    return found.to_record()


def _unchanged_since(before: ModelRecord | None) -> Condition:
    if before is None:
        absent: Condition = Item.PK.does_not_exist()
        return absent
    same_version: Condition = ModelItem.version == before.version
    same_head: Condition = ModelItem.head_hash == before.head_hash
    unchanged: Condition = same_version & same_head
    return unchanged


def _claim_writes(before: ModelRecord | None, after: ModelRecord) -> list[Write]:
    """Return the writes that move a model's claim from its old source URL to its new one."""
    old = before.source_url if before else None
    new = after.source_url
    if old and new and canonical_url(old) == canonical_url(new):
        return []
    unclaimed = Item.PK.does_not_exist()
    mine = SourceClaimItem.model_id == after.id
    writes: list[Write] = []
    if old:
        writes.append(Delete(SourceClaimItem.of(old, after.id), unclaimed | mine))
    if new:
        writes.append(Put(SourceClaimItem.of(new, after.id), unclaimed | mine))
    return writes


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


def _persistently(attempt: Callable[[], Outcome]) -> Outcome:
    """Make an attempt again while others get in its way, inside the time that is left."""
    for _ in attempts():
        try:
            return attempt()
        except TransactionConflict as conflict:
            throttled = conflict.throttled
    if throttled:
        raise Throttled("DynamoDB is throttling this table")
    raise Refusal.because(
        UserErrorCode.VERSION_CONFLICT, "others keep changing this: try again in a moment"
    )
