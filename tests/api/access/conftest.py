"""The doors of the API, with the real authenticator behind them."""

from collections.abc import Callable

import pytest

from graph.services import Services
from tests.api.access.gate import Gate
from tests.api.access.guest import Guest, bearer, bearer_of
from tests.api.client import Api
from tests.api.doors import Door
from tests.api.stored import Stored


@pytest.fixture(scope="module")
def doorkeeper(services: Services) -> Gate:
    return Gate(services)


@pytest.fixture
def gate(doorkeeper: Gate) -> Gate:
    """Who lets callers in; nothing is known yet."""
    doorkeeper.reset()
    return doorkeeper


@pytest.fixture
def api(client: Door, stored: Stored, gate: Gate) -> Api:  # noqa: ARG001  # fresh for each test
    return Api(client)


@pytest.fixture
def person(api: Api, gate: Gate) -> Callable[..., Guest]:
    """Give a person with some roles, by an issuer's token."""
    return lambda *roles, subject="ada": Guest(api, bearer_of(gate.issuer, *roles, subject=subject))


@pytest.fixture
def admin(api: Api, gate: Gate) -> Guest:
    """A job with an admin's API key."""
    return Guest(api, bearer(gate.new_key().token))
