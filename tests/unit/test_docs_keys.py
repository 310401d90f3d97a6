"""docs/DATA_MODEL.md: how API keys are kept, and what access asks of DynamoDB."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from moto import mock_aws

from graph.auth import LOCAL
from graph.bootstrap import build_services
from graph.services import Services
from models.access.commands import CreateApiKey, RevokeApiKey
from models.entities.api_key import ApiKeyItem, api_key_key
from models.entities.item import Item
from models.ids import ApiKeyRef, api_key_node_id
from models.principal import Role
from models.settings import AwsCredentials, Settings
from tests.unit.docs_bench import table_rows
from tests.unit.test_docs_access import told
from tests.unit.test_docs_data_model import DATA_MODEL


class TestRequests:
    """What is counted."""

    KEY: Final = CreateApiKey(name="k", role=Role.READER)

    @pytest.fixture
    def services(self) -> Iterator[Services]:
        settings = Settings(credentials=AwsCredentials("test", "test"))
        with mock_aws():
            services = build_services(settings)
            services.table.create()
            yield services

    @pytest.fixture
    def sent(self, services: Services) -> list[str]:
        """The operations that are sent to DynamoDB from now on."""
        operations: list[str] = []
        client: Any = services.table._connection.connection.client
        client.meta.events.register(
            "before-send.dynamodb",
            lambda event_name, **_: operations.append(event_name.rpartition(".")[2]),
        )
        return operations

    def test_of_changes(self, services: Services, sent: list[str]) -> None:
        made = services.keys.create(LOCAL, self.KEY)
        assert sent == ["TransactWriteItems"]
        assert told("`createApiKey`") == 1
        revoke = RevokeApiKey(id=api_key_node_id(made.key.id))
        sent.clear()
        services.keys.revoke(LOCAL, revoke)
        assert sent == ["GetItem", "TransactWriteItems"]
        assert told("`revokeApiKey`") == 2
        sent.clear()
        services.keys.revoke(LOCAL, revoke)
        assert sent == ["GetItem"]
        assert told("`revokeApiKey` … a second time") == 1

    def test_of_reads(self, services: Services, sent: list[str]) -> None:
        made = [services.keys.create(LOCAL, self.KEY) for _ in range(3)]
        sent.clear()
        assert len(services.keys.page(100).items) == 3
        assert sent == ["Query"]
        assert told("`apiKeys`, up to 100") == 1
        sent.clear()
        assert services.reader.nodes([ApiKeyRef(made[0].key.id)])
        assert sent == ["BatchGetItem"]
        assert told("`node` of an API key") == 1

    def test_of_knowing_who_asks(self, services: Services, sent: list[str]) -> None:
        token = services.keys.create(LOCAL, self.KEY).token
        sent.clear()
        for _ in range(3):
            services.keyring.principal(token)
        assert sent == ["GetItem"]
        assert told("any request with an API key") == 1
        assert told("any request with an API key … that was read within 30 s") == 0


class TestKeys:
    """How they are kept."""

    def test_stand_in_one_partition_newest_first(self) -> None:
        partition, sort = (part.strip("`") for part in table_rows(DATA_MODEL)["ApiKey"][:2])
        newest, older = (api_key_key(f"{digit:032x}") for digit in (1, 0))
        assert newest < older
        assert newest.pk == partition
        assert newest.sk.startswith(sort.partition("<")[0])

    def test_have_the_attributes_that_are_named(self) -> None:
        paragraph = DATA_MODEL.partition("\n## API keys\n")[2].partition("\n## ")[0]
        attributes = {*ApiKeyItem.get_attributes()} - {*Item.get_attributes()}
        assert attributes <= {*re.findall(r"`(\w+)`", paragraph)}
