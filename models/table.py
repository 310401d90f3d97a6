"""The one adapter to DynamoDB: reads and writes items of the single table.

PynamoDB describes the entities and serialises what is written; requests go out through its
connection, one request a call, so that their number can be promised. PynamoDB binds a table to a
class: a process serves one table at a time, that of the newest Table.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pynamodb.connection import TableConnection
from pynamodb.exceptions import PynamoDBException
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from models import metering, wire
from models.entities.item import Item, Key
from models.errors import Throttled
from models.retry import attempts
from models.settings import Settings
from models.transaction import THROTTLED, Write, send

BATCH_MAX_KEYS = 100
"""DynamoDB's limit for one BatchGetItem."""

_log = logging.getLogger(__name__)

Raw = dict[str, dict[str, Any]]
"""An item as DynamoDB sends it: attribute values by type, by name."""


class CorruptItem(Exception):  # noqa: N818  # a finding about the table, not a failed call
    """An item is not what this service writes: its kind is unknown, or a type is wrong.

    Attributes:
        readable: the items that the same page holds before it.
    """

    def __init__(self, raw: Raw, readable: Sequence[Item]) -> None:
        super().__init__(f"item {raw.get('PK')} {raw.get('SK')} cannot be read")
        self.readable = list(readable)


@dataclass(frozen=True, slots=True)
class SortRange:
    """A range of sort keys, both ends included.

    Attributes:
        attribute: the sort key's name, in the table or the index.
    """

    low: str
    high: str
    attribute: str = "SK"


@dataclass(frozen=True, slots=True)
class Page:
    """What one Query request returned.

    Attributes:
        read_up_to: the sort key of the last item that was looked at, where more are left.
    """

    items: list[Item]
    read_up_to: str | None


class Table:
    """The single table, at the place that the settings name."""

    def __init__(self, settings: Settings) -> None:
        _bind(settings)
        self._connection: TableConnection = Item._get_connection()  # noqa: SLF001  # reused by all entities: a new Connection costs 0.1 s
        connection = self._connection.connection
        wire.attach(connection.session)  # of which the client below is made
        metering.attach(connection.client.meta.events)

    def create(self) -> None:
        """Create the table, its indexes, its stream and its TTL where it does not exist yet."""
        if not Item.exists():
            Item.create_table(wait=True)

    def check(self) -> None:
        """Look at the table, which may be empty: a request that asks for nothing there is.

        Raises:
            PynamoDBException: it cannot be read.
        """
        self.get(Key("HEALTH", "HEALTH"))

    def get(self, key: Key) -> Item | None:
        """Read one item, consistently."""
        with _storage_errors():
            response = self._connection.get_item(key.pk, key.sk, consistent_read=True)
        raw = response.get("Item")
        return _items([raw])[0] if raw else None

    def get_many(self, keys: Iterable[Key]) -> dict[Key, Item]:
        """Read items consistently, 100 a request; those that do not exist are left out."""
        found: dict[Key, Item] = {}
        for batch in _batches(list(dict.fromkeys(keys)), BATCH_MAX_KEYS):
            for item in self._get_batch(batch):
                found[item.key] = item
        return found

    def query(
        self,
        partition: str,
        sort: SortRange,
        *,
        limit: int | None = None,
        descending: bool = False,
        index: str | None = None,
        condition: Condition | None = None,
    ) -> Page:
        """Send one Query: consistent on the table, eventually consistent on an index.

        Args:
            limit: how many items to look at, before `condition` drops any.
            index: the index to ask; the table itself unless given.
            condition: what is returned of what was looked at.
        """
        with _storage_errors():
            response = self._connection.query(
                partition,
                range_key_condition=Path(sort.attribute).between(sort.low, sort.high),
                filter_condition=condition,
                index_name=index,
                consistent_read=index is None,
                scan_index_forward=not descending,
                limit=limit,
            )
        last = response.get("LastEvaluatedKey")
        return Page(
            items=_items(response["Items"]),
            read_up_to=last[sort.attribute]["S"] if last else None,
        )

    def keys(self, partition: str, sort: SortRange, *, limit: int) -> list[Key]:
        """Send one Query for keys alone, whatever the items are."""
        with _storage_errors():
            response = self._connection.query(
                partition,
                range_key_condition=Path(sort.attribute).between(sort.low, sort.high),
                consistent_read=True,
                limit=limit,
            )
        return [Key(raw["PK"]["S"], raw["SK"]["S"]) for raw in response["Items"]]

    def scan(self, condition: Condition) -> Iterator[Item]:
        """Read the whole table for the items that fulfil a condition: never for a request."""
        start: dict[str, Any] | None = None
        while True:
            with _storage_errors():
                response = self._connection.scan(
                    filter_condition=condition,
                    exclusive_start_key=start,  # type: ignore[arg-type]  # its stub says str
                )
            for raw in response["Items"]:
                try:
                    yield from _items([raw])
                except CorruptItem:
                    _log.warning("an item that cannot be read is passed over", exc_info=True)
            start = response.get("LastEvaluatedKey")
            if start is None:
                return

    def transact(self, writes: Sequence[Write]) -> None:
        """Make all `writes` or none, in one request.

        Raises:
            ConditionFailed: a condition did not hold.
            TransactionConflict: try again.
        """
        send(self._connection.connection, writes)

    def _get_batch(self, keys: Sequence[Key]) -> Iterator[Item]:
        pending = list(keys)
        for _ in attempts():
            with _storage_errors():
                response = self._connection.batch_get_item(
                    [{"PK": key.pk, "SK": key.sk} for key in pending],  # type: ignore[misc]  # its stub says str
                    consistent_read=True,
                )
            yield from _items(response["Responses"].get(Item.Meta.table_name, ()))
            left = response.get("UnprocessedKeys", {}).get(Item.Meta.table_name)
            if not left:
                return
            pending = [Key(raw["PK"]["S"], raw["SK"]["S"]) for raw in left["Keys"]]
        raise Throttled(f"DynamoDB left {len(pending)} keys unread")


def _bind(settings: Settings) -> None:
    meta = Item.Meta
    meta.table_name = settings.table
    meta.region = settings.region
    meta.host = settings.endpoint_url
    credentials = settings.credentials
    meta.aws_access_key_id = credentials.access_key_id if credentials else None
    meta.aws_secret_access_key = credentials.secret_access_key if credentials else None
    Item._connection = None  # noqa: SLF001  # else it would stay at the table bound before


def _items(raws: Iterable[Raw]) -> list[Item]:
    items: list[Item] = []
    for raw in raws:
        try:
            items.append(Item.from_raw_data(raw))
        except (TypeError, ValueError) as error:
            raise CorruptItem(raw, items) from error
    return items


def _batches(keys: Sequence[Key], size: int) -> Iterator[Sequence[Key]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


@contextmanager
def _storage_errors() -> Iterator[None]:
    try:
        yield
    except PynamoDBException as error:
        if error.cause_response_code in THROTTLED:
            raise Throttled("DynamoDB is throttling this table") from error
        raise
