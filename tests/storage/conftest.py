"""The use cases on an emulator: ministack, and where it is asked for on moto, too."""

import uuid
from collections.abc import Iterator
from dataclasses import replace

import botocore.loaders
import botocore.session
import pytest
from moto import mock_aws

from graph.local.aws import EmbeddedAws
from models.settings import Settings
from tests.storage.depot import Depot
from tests.storage.evaluations import Office
from tests.storage.house import House


@pytest.fixture(autouse=True, scope="session")
def _botocores_data_read_once() -> Iterator[None]:
    """Share what botocore reads from its files: else each client of a test takes 0.1 s."""
    loader = botocore.loaders.create_loader()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", lambda _paths=None: loader)
        yield


@pytest.fixture(scope="module")
def embedded_aws() -> Iterator[EmbeddedAws]:
    with EmbeddedAws(state_dir=None) as aws:
        yield aws


@pytest.fixture
def ministack_settings(embedded_aws: EmbeddedAws) -> Settings:
    return embedded_aws.settings(Settings(table=f"test-{uuid.uuid4()}"))


@pytest.fixture
def moto_settings() -> Iterator[Settings]:
    with mock_aws():
        yield replace(Settings(), table=f"test-{uuid.uuid4()}")


@pytest.fixture
def house(ministack_settings: Settings) -> House:
    """Return the use cases on an empty table."""
    return House(ministack_settings)


@pytest.fixture(params=["moto", "ministack"])
def any_house(request: pytest.FixtureRequest) -> House:
    """Return the use cases on an empty table of each emulator, each with faults of its own."""
    return House(request.getfixturevalue(f"{request.param}_settings"))


@pytest.fixture
def office(ministack_settings: Settings) -> Office:
    """Return the use cases, evaluations included, on an empty table."""
    return Office(ministack_settings)


@pytest.fixture(scope="module")
def depot(embedded_aws: EmbeddedAws) -> Iterator[Depot]:
    """Return the API on ministack with a bucket; each test has models of its own there."""
    names = Settings(table=f"test-{uuid.uuid4()}", bucket=f"test-{uuid.uuid4()}")
    with Depot(embedded_aws.settings(names)) as depot:
        yield depot
