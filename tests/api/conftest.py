"""The API on moto, through each of its doors."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from moto import mock_aws
from starlette.requests import Request
from starlette.testclient import TestClient

from graph.app import create_app
from graph.auth import LOCAL
from graph.bootstrap import build_services
from graph.handler import build_api
from graph.playground.assets import Assets
from graph.playground.routes import Playground
from graph.services import Services
from models.principal import Principal
from models.settings import AwsCredentials, Settings
from tests.api.client import Api
from tests.api.doors import AppDoor, Door, LambdaDoor, event_loop
from tests.api.registry import User
from tests.api.stored import Stored

OpenDoor = Callable[[Settings], Door]


@dataclass(slots=True)
class Caller:
    """Whose credentials every request bears."""

    principal: Principal | None = LOCAL
    failure: Exception | None = None

    def authenticate(self, _: Request) -> Principal | None:
        """Tell who sent a request, or fail to."""
        if self.failure:
            raise self.failure
        return self.principal


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    with mock_aws():
        services = build_services(Settings(credentials=AwsCredentials("test", "test")))
        services.table.create()
        Stored().stop_stream()
        yield services


@pytest.fixture(scope="module")
def doorkeeper() -> Caller:
    """The caller that the doors of a module know; `caller` is its clean form for one test."""
    return Caller()


@pytest.fixture(scope="module")
def app_door(services: Services, doorkeeper: Caller) -> Iterator[Door]:
    with TestClient(create_app(services, authenticate=doorkeeper.authenticate)) as client:
        yield AppDoor(client)


@pytest.fixture(scope="module")
def lambda_door(services: Services, doorkeeper: Caller) -> Iterator[Door]:
    with event_loop():
        yield LambdaDoor(build_api(services, doorkeeper.authenticate))


@pytest.fixture(params=["app", "lambda"])
def open_door(
    request: pytest.FixtureRequest, services: Services, doorkeeper: Caller, tmp_path: Path
) -> Iterator[OpenDoor]:
    """Opens a door of either kind with settings of the test's own, and the playground."""
    playground = Playground(Assets(tmp_path))
    authenticate = doorkeeper.authenticate
    with ExitStack() as opened:

        def app(settings: Settings) -> Door:
            app = create_app(
                services, authenticate=authenticate, playground=playground, settings=settings
            )
            return AppDoor(opened.enter_context(TestClient(app)))

        def handler(settings: Settings) -> Door:
            return LambdaDoor(build_api(services, authenticate, settings, playground))

        if request.param == "lambda":
            opened.enter_context(event_loop())
        yield handler if request.param == "lambda" else app


@pytest.fixture(params=["app", "lambda"])
def each_door(request: pytest.FixtureRequest) -> Door:
    """One door after the other."""
    door: Door = request.getfixturevalue(f"{request.param}_door")
    return door


@pytest.fixture
def client(each_door: Door) -> Door:
    """The door that `api` uses: each, unless a module has nothing to do with HTTP."""
    return each_door


@pytest.fixture
def stored(services: Services) -> Stored:  # noqa: ARG001  # moto must be there
    """The table, empty at first."""
    stored = Stored()
    stored.clear()
    return stored


@pytest.fixture
def caller(doorkeeper: Caller) -> Caller:
    """Who is asking: the local admin, unless the test says otherwise."""
    doorkeeper.principal, doorkeeper.failure = LOCAL, None
    return doorkeeper


@pytest.fixture
def api(client: Door, stored: Stored, caller: Caller) -> Api:  # noqa: ARG001  # fresh for each test
    return Api(client)


@pytest.fixture
def user(api: Api) -> User:
    return User(api)
