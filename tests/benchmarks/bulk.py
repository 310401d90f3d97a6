"""Fills a table with models as the registry writes them, but many items in a request."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final
from uuid import UUID

from models.entities import SourceClaimItem
from models.entities.item import Item
from models.records import Prose
from models.source_url import claimed_url
from models.table import Table
from models.timestamps import Timestamp
from tests.storage.test_request_budget import chained, stored
from tests.unit.models.strategies import a_record

_BATCH_ITEMS: Final = 25
"""DynamoDB's limit for one BatchWriteItem."""
_SOURCES: Final = ("huggingface", "internal", "zoo")
_LICENSES: Final = ("apache-2.0", "mit", "gpl-3.0")
_PROSE: Final = Prose('{"task":"translation","parameters":7000000000}', "none known")


def model_id(number: int) -> str:
    """Return the id of one of the models."""
    return str(UUID(int=number, version=4))


def items_of_model(number: int, versions: int) -> list[Item]:
    """Return everything that is stored of a model with so many changes.

    Its texts are as long as every other's, so that pages can be compared to the byte.
    """
    instant = Timestamp(
        f"2026-01-01T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}.{number:06}Z"
    )
    url = f"https://huggingface.co/owner/model-{number:06}"
    links = chained(
        a_record(
            id=model_id(number),
            name=f"model {number:06}",
            source=_SOURCES[number % len(_SOURCES)],
            source_url=url,
            license=_LICENSES[number % len(_LICENSES)],
            created_at=instant,
            updated_at=instant,
            net_score=0.25 + number % 1_000 / 10_000,
            prose=_PROSE,
        ),
        versions,
    )
    return [*stored(links), SourceClaimItem.of(claimed_url(url), model_id(number))]


def write(table: Table, items: Iterable[Item]) -> None:
    """Put items as they are."""
    connection = table._connection
    client: Any = connection.connection.client
    requests = ({"PutRequest": {"Item": item.serialize()}} for item in items)
    for batch in _batches(requests):
        sent = client.batch_write_item(RequestItems={connection.table_name: batch})
        if sent.get("UnprocessedItems"):
            raise RuntimeError("the emulator left items unwritten")


def _batches(requests: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(requests, _BATCH_ITEMS)):
        yield batch
