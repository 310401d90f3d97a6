"""Writes one change of a model: one transaction, with everything that belongs to it."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from pynamodb.expressions.condition import Condition

from models.audit import log_change
from models.entities import ChangeItem, ModelItem, SnapshotItem, SourceClaimItem
from models.entities.item import Item
from models.errors import Forbidden, Refusal, Throttled, UserErrorCode
from models.history.chain import Attribution, Link
from models.principal import Principal
from models.records import ModelRecord
from models.registry.commands import Command
from models.retry import attempts
from models.source_url import claimed_url
from models.table import Table
from models.transaction import Delete, Put, TransactionConflict, Write

T = TypeVar("T")


def commit(
    table: Table,
    before: ModelRecord | None,
    made: Link | Sequence[Link],
    also: Sequence[Write] = (),
) -> None:
    """Write a change with its entry, its snapshot and its claims, and what is written `also`.

    Args:
        made: the change, or changes of one model in their order, which are all made or none.

    Raises:
        ConditionFailed: the model is not as `before` any more, or a condition of `also` failed.
        TransactionConflict: try again.
    """
    links = [made] if isinstance(made, Link) else made
    newest = links[-1].model
    table.transact(
        [
            Put(ModelItem.of(newest), _unchanged_since(before)),
            *(Put(ChangeItem.of(one.entry), Item.PK.does_not_exist()) for one in links),
            *(Put(SnapshotItem.of(one.snapshot), Item.PK.does_not_exist()) for one in links),
            *_claim_writes(before, newest),
            *also,
        ]
    )
    for one in links:
        log_change(one.entry)


def persistently(attempt: Callable[[], T]) -> T:
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


def attribution_of(principal: Principal, command: Command) -> Attribution:
    """Tell whom a change is attributed to.

    Raises:
        Forbidden: the principal may not attribute it to somebody else.
    """
    changed_by = command.changed_by or principal.subject
    if changed_by != principal.subject and not principal.may_attribute:
        raise Forbidden("a person's changes are attributed to that person", "changedBy")
    return Attribution(changed_by, principal.subject, command.reason)


def _unchanged_since(before: ModelRecord | None) -> Condition:
    if before is None:
        absent: Condition = Item.PK.does_not_exist()
        return absent
    same_version: Condition = ModelItem.version == before.version
    same_head: Condition = ModelItem.head_hash == before.head_hash
    unchanged: Condition = same_version & same_head
    return unchanged


def _claim_writes(before: ModelRecord | None, after: ModelRecord) -> list[Write]:
    """Return the writes that move a model's claims from its old addresses to its new ones."""
    old, new = _claimed(before), _claimed(after)
    unclaimed = Item.PK.does_not_exist()
    mine = SourceClaimItem.model_id == after.id
    writes: list[Write] = [
        Delete(SourceClaimItem.of(url, after.id), unclaimed | mine) for url in old if url not in new
    ]
    writes += [
        Put(SourceClaimItem.of(url, after.id), unclaimed | mine) for url in new if url not in old
    ]
    return writes


def _claimed(model: ModelRecord | None) -> list[str]:
    """Return every address that a model claims, as claims know them."""
    if model is None or model.source_url is None:
        return []
    urls = (model.source_url, *model.source_aliases)
    return list(dict.fromkeys(claimed_url(url) for url in urls))
