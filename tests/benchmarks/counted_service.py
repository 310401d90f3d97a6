"""The API's handler on one of several tables, with a count of what it asks DynamoDB for."""

import json
import time
from collections.abc import Mapping
from typing import Any, Final

from graph.auth import local_admin
from graph.bootstrap import build_services
from graph.handler import build_api
from models.entities.item import Item
from models.settings import Settings
from models.table import Table
from tests.api.client import JSON_BODY
from tests.api.doors import Call, LambdaDoor
from tests.benchmarks.operations import Operation
from tests.benchmarks.ratios import cpu_seconds

_READ_TIMEOUT_S: Final = 120.0
"""ministack takes seconds for a Query of an index with 100,000 models: else requests would be sent
again."""
_PAUSE_S: Final = 0.02
"""Before each request to DynamoDB, whatever the table's size. A process that has waited finds its
caches cold: `update` then takes 1.7 times the CPU, after 20 ms as after 100, so that the larger
table would be blamed for ministack's time."""


class CountedService:
    """The handler, on a table that is made; what it sends goes there alone after `bind`."""

    def __init__(self, settings: Settings) -> None:
        Item.Meta.read_timeout_seconds = _READ_TIMEOUT_S
        services = build_services(settings)
        self.table: Table = services.table
        self._name = settings.table
        self._connection = Item._connection
        self._requests = self._bytes = 0
        self._door = LambdaDoor(build_api(services, local_admin, settings))
        self.table.create()

    def bind(self) -> None:
        """Lead PynamoDB's classes here: it binds one table to them at a time."""
        Item.Meta.table_name = self._name
        Item._connection = self._connection

    def send(self, operation: Operation) -> Any:  # noqa: ANN401  # JSON can be anything
        """Send an operation that must succeed, and return its answer."""
        body = json.dumps({"query": operation.document, "variables": operation.variables()})
        reply = self._door.send(Call("POST", headers=JSON_BODY, body=body.encode()))
        assert reply.status == 200, reply.body
        assert b'"errors"' not in reply.body, reply.body
        assert b'"userErrors":[{' not in reply.body, reply.body
        return reply.json["data"]

    def cpu_seconds(self, operation: Operation) -> float:
        """Return this process's CPU seconds for one request, warm."""
        self.bind()
        self._events.register("before-send.dynamodb", _pause)
        try:
            return cpu_seconds(lambda: self.send(operation), operation.times)
        finally:
            self._events.unregister("before-send.dynamodb", _pause)

    def count(self, operation: Operation) -> tuple[int, int]:
        """Send an operation, and return its requests and the bytes of the items that came back."""
        self.bind()
        self._requests = self._bytes = 0
        self._events.register("before-send.dynamodb", self._on_send)
        self._events.register("after-call.dynamodb", self._on_answer)
        try:
            self.send(operation)
        finally:
            self._events.unregister("before-send.dynamodb", self._on_send)
            self._events.unregister("after-call.dynamodb", self._on_answer)
        return self._requests, self._bytes

    @property
    def _events(self) -> Any:  # noqa: ANN401  # botocore's event emitter has no public type
        client: Any = self.table._connection.connection.client
        return client.meta.events

    def _on_send(self, **_: object) -> None:
        self._requests += 1

    def _on_answer(self, parsed: Mapping[str, Any], **_: object) -> None:
        items = [parsed.get("Item"), parsed.get("Items"), *parsed.get("Responses", {}).values()]
        self._bytes += sum(len(json.dumps(item, separators=(",", ":"))) for item in items if item)


def _pause(**_: object) -> None:
    time.sleep(_PAUSE_S)
