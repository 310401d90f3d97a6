"""A server that asks for credentials, and a key that lets in."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from graph.auth import LOCAL
from graph.bootstrap import build_services
from graph.local.server import LocalServer
from models.access.commands import CreateApiKey
from models.principal import Role
from models.settings import AwsCredentials, Settings


@dataclass(frozen=True, slots=True)
class Guarded:
    """Where a server answers that lets in only who shows the key."""

    url: str
    key: str


@pytest.fixture(scope="module")
def guarded() -> Iterator[Guarded]:
    """One for each module: a process serves one table at a time."""
    with LocalServer(settings=Settings(), auth=True) as server:
        embedded = Settings(endpoint_url=server.aws_url, credentials=AwsCredentials("test", "test"))
        command = CreateApiKey(name="clients", role=Role.WRITER)
        key = build_services(embedded).keys.create(LOCAL, command).token
        yield Guarded(f"{server.url}/graphql", key)
