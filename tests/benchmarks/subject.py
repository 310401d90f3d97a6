"""The service as it is measured in this process: its Lambda handler on a table of moto's."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, replace
from typing import Any

from mangum import Mangum
from moto import mock_aws

from graph.bootstrap import build_authenticator, build_services
from graph.handler import build_api
from graph.observability import configure_logging
from graph.services import Services
from models.access.commands import CreateApiKey
from models.entities.item import Item, Key
from models.principal import Principal, Role
from models.settings import AwsCredentials, Settings
from models.table import Page, SortRange, Table
from tests.api.client import JSON_BODY
from tests.api.doors import Call, FunctionContext, event_loop, event_of
from tests.benchmarks.nowhere import Nowhere
from tests.benchmarks.wire import Recording

SETTINGS = Settings(credentials=AwsCredentials("benchmark", "benchmark"))

Json = dict[str, Any]


class KeptTable(Table):
    """The table with nothing below it: each read is made once, and what it gave is given again."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._kept: dict[object, Any] = {}

    def get(self, key: Key) -> Item | None:
        """Give the item of a key."""
        if key not in self._kept:
            self._kept[key] = super().get(key)
        item: Item | None = self._kept[key]
        return item

    def query(self, partition: str, sort: SortRange, **options: Any) -> Page:  # noqa: ANN401  # Table's
        """Give the page of a Query."""
        asked = partition, sort, tuple(options.items())
        if asked not in self._kept:
            self._kept[asked] = super().query(partition, sort, **options)
        page: Page = self._kept[asked]
        return page


@dataclass(frozen=True, slots=True)
class Asker:
    """A client with an API key, which the handler knows from its first request."""

    handler: Mangum
    token: str

    def event(self, document: str, **variables: object) -> Json:
        """Return the event of a GraphQL request, to send many times."""
        body = json.dumps({"query": document, "variables": variables}).encode()
        return event_of(Call("POST", headers=JSON_BODY | {"x-api-key": self.token}, body=body))

    def send(self, event: Json) -> Json:
        """Send an event, and return what Lambda would get."""
        answer: Json = self.handler(event, FunctionContext())  # type: ignore[arg-type]  # awslambdaric's
        return answer

    def answer(self, event: Json) -> Json:
        """Send an event that must succeed, and return its answer's body, read."""
        answer = self.send(event)
        body: Json = json.loads(answer["body"])
        assert answer["statusCode"] == 200, body
        assert "errors" not in body, body
        return body


@contextmanager
def filled_table(items: Sequence[Item] = ()) -> Iterator[Services]:
    """Build the services on a table that holds these items, and log as on Lambda."""
    with redirect_stderr(Nowhere()):
        configure_logging(SETTINGS)
    with mock_aws(), event_loop():
        services = build_services(SETTINGS)
        services.table.create()
        for item in items:
            item.save()
        yield services


def asker(services: Services) -> Asker:
    """Make an API key, and let its bearer in."""
    admin = Principal("user:ada", frozenset(Role), may_attribute=False)
    token = services.keys.create(admin, CreateApiKey(name="benchmark", role=Role.ADMIN)).token
    handler = build_api(services, build_authenticator(SETTINGS, services), SETTINGS)
    return Asker(handler, token)


def replaced(services: Services, **parts: object) -> Services:
    """Return the services with some of them on another table."""
    found: Any = services
    changed: Services = replace(found, **parts)
    return changed


def play_back(services: Services) -> None:
    """Let the table's client be answered from memory from now on."""
    Recording().attach(services.table._connection.connection.client)
