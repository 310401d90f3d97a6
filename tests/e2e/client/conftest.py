"""A server for each module, since a process has one embedded AWS, and clients of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.client import Client, Retries
from graph.local.server import LocalServer
from tests.e2e.client.faults import HASTE, FaultyNetwork
from tests.e2e.client.some_files import LARGE


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


@pytest.fixture
def impatient(server: LocalServer, network: FaultyNetwork) -> Client:
    """Sends everything once."""
    return Client(server.url, transport=network, clock=HASTE, retries=Retries(attempts=1))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "scores ä.csv"
    path.write_bytes(b"label,score\n")
    return path


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "weights.bin"
    path.write_bytes(LARGE)
    return path
