"""A server for each module, since a process has one embedded AWS, and clients of it."""

from collections.abc import Iterator

import pytest

from graph.client import Client
from graph.local.server import LocalServer
from tests.e2e.client.faults import HASTE, FaultyNetwork


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with LocalServer() as running:
        yield running


@pytest.fixture
def network() -> FaultyNetwork:
    return FaultyNetwork()


@pytest.fixture
def client(server: LocalServer, network: FaultyNetwork) -> Iterator[Client]:
    with Client(server.url, transport=network, clock=HASTE) as client:
        yield client


@pytest.fixture
def model_id(client: Client) -> str:
    return client.create_model(name="m", source="internal", license="mit").model.id
