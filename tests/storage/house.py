"""The registry on one table, with a clock of its own and a way past it to the raw items."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from models.entities.item import Item, Key
from models.entities.model import partition
from models.errors import Refusal, UserErrorCode
from models.history.verification import Verdict
from models.listing.lister import Lister
from models.principal import Principal, Role
from models.records import ChangeRecord, ModelRecord
from models.registry.commands import CreateModel, DeleteModel, RestoreModel, UpdateModel
from models.registry.idempotency import Outcome
from models.registry.reader import Reader
from models.registry.service import Registry
from models.registry.writer import Writer
from models.settings import Settings
from models.table import Table
from models.timestamps import Timestamp, shifted
from models.verification.verifier import Verifier

ANN = Principal("user:ann", frozenset({Role.WRITER}), may_attribute=False)
BOB = Principal("user:bob", frozenset({Role.WRITER}), may_attribute=False)
JOB = Principal("key:01", frozenset({Role.WRITER}), may_attribute=True)

START = Timestamp("2126-01-01T00:00:00.000000Z")
"""Far ahead: ministack deletes, every minute, what its TTL says was over before the real now."""
BATCH_ITEMS = 25
"""DynamoDB's limit for one BatchWriteItem."""

Raw = dict[str, dict[str, Any]]


class FakeClock:
    """Tells a time that moves by `step` whenever it is asked."""

    def __init__(self) -> None:
        self.now = START
        self.step = timedelta(seconds=1)

    def __call__(self) -> Timestamp:
        told = self.now
        self.now = shifted(told, self.step)
        return told


class House:
    """All use cases on a table that is empty."""

    def __init__(self, settings: Settings) -> None:
        self.name = settings.table
        self.table = Table(settings)
        self.table.create()
        self.clock = FakeClock()
        self.registry = Registry(Writer(self.table, self.clock), self.clock)
        self.reader = Reader(self.table)
        self.verifier = Verifier(self.table)
        self.lister = Lister(self.table)
        self.client: Any = self.table._connection.connection.client

    def create(self, principal: Principal = ANN, **fields: Any) -> Outcome:  # noqa: ANN401  # a command's
        usual: dict[str, Any] = {"name": "bert", "source": "hf", "license": "mit"}
        return self.registry.create(principal, CreateModel(**(usual | fields)))

    def update(self, model_id: str, principal: Principal = ANN, **fields: Any) -> Outcome:  # noqa: ANN401
        return self.registry.update(principal, UpdateModel(id=model_id, **fields))

    def delete(self, model_id: str, principal: Principal = ANN, **fields: Any) -> Outcome:  # noqa: ANN401
        return self.registry.delete(principal, DeleteModel(id=model_id, **fields))

    def restore(self, model_id: str, principal: Principal = ANN, **fields: Any) -> Outcome:  # noqa: ANN401
        return self.registry.restore(principal, RestoreModel(id=model_id, **fields))

    def model(self, model_id: str) -> ModelRecord:
        model = self.reader.model(model_id)
        assert model is not None
        return model

    def history(self, model_id: str) -> list[ChangeRecord]:
        """Return all changes, oldest first."""
        return self.reader.changes(self.model(model_id), 100_000).entries[::-1]

    def verdict(self, model_id: str, **options: Any) -> Verdict:  # noqa: ANN401  # the verifier's own
        verdict = self.verifier.verify(model_id, **options)
        assert verdict is not None
        return verdict

    def raw(self, key: Key) -> Raw | None:
        response = self.client.get_item(TableName=self.name, Key=raw_key(key), ConsistentRead=True)
        found: Raw | None = response.get("Item")
        return found

    def put_raw(self, raw: Raw) -> None:
        self.client.put_item(TableName=self.name, Item=raw)

    def delete_raw(self, key: Key) -> None:
        self.client.delete_item(TableName=self.name, Key=raw_key(key))

    def raw_items(self, model_id: str) -> list[Raw]:
        """Return all items of one model."""
        response = self.client.query(
            TableName=self.name,
            KeyConditionExpression="PK = :pk",
            ExpressionAttributeValues={":pk": {"S": partition(model_id)}},
        )
        items: list[Raw] = response["Items"]
        return items

    def write_past_the_registry(self, items: Sequence[Item]) -> None:
        """Put items as they are, many in a request."""
        requests = [{"PutRequest": {"Item": item.serialize()}} for item in items]
        for start in range(0, len(requests), BATCH_ITEMS):
            batch = {self.name: requests[start : start + BATCH_ITEMS]}
            assert not self.client.batch_write_item(RequestItems=batch).get("UnprocessedItems")

    @contextmanager
    def put_back(self, *keys: Key) -> Iterator[None]:
        """Let the block tamper with the items at `keys`, and put them back."""
        before = [(key, self.raw(key)) for key in keys]
        try:
            yield
        finally:
            for key, raw in before:
                if raw:
                    self.put_raw(raw)
                else:
                    self.delete_raw(key)


def raw_key(key: Key) -> Raw:
    return {"PK": {"S": key.pk}, "SK": {"S": key.sk}}


@contextmanager
def refused(code: UserErrorCode, *field: str) -> Iterator[None]:
    """Expect the block to be refused for one reason."""
    with pytest.raises(Refusal) as caught:
        yield
    (fault,) = caught.value.faults
    assert (fault.code, fault.field) == (code, field)
