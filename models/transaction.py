"""A transaction: writes that are all made or none, and why they were not.

Cancellation reasons come back with the items that were found, so that an answer to a failed
condition needs no extra read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pynamodb.connection import Connection
from pynamodb.constants import ALL_OLD
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from models.entities.item import Item, Key

_CONDITION_FAILED = "ConditionalCheckFailed"
_CONFLICT = frozenset(
    {"TransactionConflict", "TransactionConflictException", "TransactionInProgressException"}
)
THROTTLED = frozenset(
    {
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingError",
        "ThrottlingException",
    }
)
"""Names of errors and of cancellation reasons, which differ."""


@dataclass(frozen=True, slots=True)
class Put:
    """Write an item whole, under a condition."""

    item: Item
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete an item, under a condition."""

    item: Item
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Write nothing, but require a condition of an item."""

    item: Item
    condition: Condition


Write = Put | Delete | Check


class ConditionFailed(Exception):  # noqa: N818  # told apart from what cannot be acted on
    """A transaction was cancelled because conditions did not hold; nothing was written.

    Attributes:
        found: by the key of each write whose condition failed, the item found there, which is
            None where there is none or where it was a Delete or a Check.
    """

    def __init__(self, found: dict[Key, Item | None]) -> None:
        super().__init__(f"conditions failed on {sorted(found)}")
        self.found = found


class TransactionConflict(Exception):  # noqa: N818  # told apart from what cannot be acted on
    """A transaction met another one on the same item, or was throttled: it can be tried again."""

    def __init__(self, message: str, *, throttled: bool = False) -> None:
        super().__init__(message)
        self.throttled = throttled


def send(connection: Connection, writes: Sequence[Write]) -> None:
    """Make all `writes` or none, in one request.

    Raises:
        ConditionFailed: a condition did not hold.
        TransactionConflict: try again.
    """
    ordered = _in_pynamodb_order(writes)
    try:
        with TransactWrite(connection=connection) as transaction:
            for write in ordered:
                _add(transaction, write)
    except TransactWriteError as error:
        raise _cancellation(error, ordered) from error


def _in_pynamodb_order(writes: Sequence[Write]) -> list[Write]:
    """Order `writes` as PynamoDB sends them, which is how cancellation reasons come back."""
    order: dict[type[Write], int] = {Check: 0, Delete: 1, Put: 2}
    return sorted(writes, key=lambda write: order[type(write)])


def _add(transaction: TransactWrite, write: Write) -> None:
    match write:
        case Put(item, condition):
            transaction.save(item, condition=condition, return_values=ALL_OLD)
        case Delete(item, condition):
            transaction.delete(item, condition=condition)
        case Check(item, condition):
            transaction.condition_check(Item, item.PK, item.SK, condition=condition)


def _cancellation(error: TransactWriteError, writes: Sequence[Write]) -> Exception:
    reasons = error.cancellation_reasons
    codes = {reason.code for reason in reasons if reason}
    if _CONDITION_FAILED in codes:
        return ConditionFailed(
            {
                write.item.key: Item.from_raw_data(reason.raw_item) if reason.raw_item else None
                for write, reason in zip(writes, reasons, strict=True)
                if reason and reason.code == _CONDITION_FAILED
            }
        )
    codes.add(error.cause_response_code or "")
    if codes & (_CONFLICT | THROTTLED):
        return TransactionConflict(str(error), throttled=not codes & _CONFLICT)
    return error
