"""What every entity of the single table shares: the table, its keys and its indexes."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple, Self

from pynamodb.attributes import DiscriminatorAttribute, TTLAttribute, UnicodeAttribute
from pynamodb.constants import PAY_PER_REQUEST_BILLING_MODE
from pynamodb.models import Model

from models.entities.indexes import ByCreation, ByLicense, ByName, ByScore, BySource, ByUpdate
from models.entities.plain import PlainItems
from models.settings import DEFAULT_REGION, DEFAULT_TABLE


class Key(NamedTuple):
    """The primary key of an item."""

    pk: str
    sk: str


class Item(Model):
    """An item of the table; `kind` tells which entity it is.

    The table's name, where it is, and with which credentials come from `models.table.Table`.
    The times fit a request that must itself end within seconds.
    """

    class Meta:
        """PynamoDB's configuration."""

        table_name = DEFAULT_TABLE
        region: str = DEFAULT_REGION
        host: str | None = None
        connect_timeout_seconds: float = 2
        read_timeout_seconds: float = 5
        max_retry_attempts: int = 3
        max_pool_connections: int = 64
        aws_access_key_id: str | None = None
        aws_secret_access_key: str | None = None
        billing_mode = PAY_PER_REQUEST_BILLING_MODE
        stream_view_type = "NEW_AND_OLD_IMAGES"

    PK = UnicodeAttribute(hash_key=True)
    SK = UnicodeAttribute(range_key=True)
    kind = DiscriminatorAttribute()
    expires_at = TTLAttribute(null=True)

    by_update = ByUpdate()
    by_creation = ByCreation()
    by_name = ByName()
    by_score = ByScore()
    by_source = BySource()
    by_license = ByLicense()

    @classmethod
    def from_raw_data(cls, data: dict[str, Any]) -> Self:
        """Build an item from DynamoDB's JSON, by PynamoDB wherever it is not plain.

        PynamoDB sets each attribute by itself, which takes five times as long.
        """
        try:
            plain = _plain_items(data["kind"]["S"])
            item = plain.read(data) if issubclass(plain.entity, cls) else None
        except (KeyError, TypeError, ValueError):
            item = None
        return super().from_raw_data(data) if item is None else item

    @property
    def key(self) -> Key:
        """Return the item's primary key."""
        return Key(self.PK, self.SK)

    @property
    def getter(self) -> Callable[[str], Any]:
        """Return what gives an attribute by its name, None where it is absent.

        For records that are made by the page: a descriptor of PynamoDB's takes five times as long.
        """
        return self.attribute_values.get

    def holds_the_same_as(self, other: "Item") -> bool:
        """Tell whether both are of one kind with equal attributes.

        Values are compared and not what is sent: DynamoDB gives 1.0 back as 1.
        """
        return type(self) is type(other) and _held(self) == _held(other)


@cache
def _plain_items(kind: str) -> PlainItems[Any]:
    return PlainItems(Item.kind.deserialize(kind), Item.kind.attr_name)


def _held(item: Item) -> dict[str, Any]:
    return {name: value for name, value in item.attribute_values.items() if value is not None}
