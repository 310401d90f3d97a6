"""The REST routes, through both doors."""

import pytest

from tests.api.conftest import Caller
from tests.api.doors import Door
from tests.api.rest.job import Job
from tests.api.stored import Stored


@pytest.fixture
def job(client: Door, stored: Stored, caller: Caller) -> Job:  # noqa: ARG001  # fresh for each test
    return Job(client)
