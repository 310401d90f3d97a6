"""How the API comes up: the Lambda entry point, and what a local server provisions."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from graph import handler
from graph.bootstrap import build_services, provision
from graph.services import Services
from models.settings import AwsCredentials, Settings
from tests.api.doors import Call, FunctionContext, event_loop, event_of

BODY = b'{"query": "{ viewer { subject } }"}'
POST = event_of(Call("POST", headers={"content-type": "application/json"}, body=BODY))
HEALTH = event_of(Call("GET", "/health"))


@pytest.fixture(autouse=True)
def _aws() -> Iterator[None]:
    with mock_aws():
        yield


@pytest.fixture
def _loop() -> Iterator[None]:
    with event_loop():
        yield


@pytest.mark.usefixtures("_loop")
class TestApi:
    """graph.handler.api."""

    @pytest.fixture(autouse=True)
    def built(self, monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
        """The settings of each time that the services were built."""
        built: list[Settings] = []

        def build(settings: Settings) -> Services:
            built.append(settings)
            return build_services(settings)

        monkeypatch.setattr(handler, "_api", None)
        monkeypatch.setattr(handler, "build_services", build)
        monkeypatch.setattr(handler, "configure_logging", lambda _: None)
        monkeypatch.setenv("DYNAMODB_TABLE", "models-of-prod")
        return built

    def test_is_built_once_from_the_environment(self, built: list[Settings]) -> None:
        for _ in range(2):
            assert handler.api(HEALTH, FunctionContext())["statusCode"] == 200
        assert [settings.table for settings in built] == ["models-of-prod"]

    def test_lets_nobody_in_where_no_way_of_authenticating_is_configured(self) -> None:
        assert handler.api(POST, FunctionContext())["statusCode"] == 401


class TestProvision:
    """graph.bootstrap.provision."""

    def test_makes_what_is_missing_and_leaves_what_is_there(self) -> None:
        settings = Settings("local-table", "local-bucket", credentials=AwsCredentials("a", "b"))
        for _ in range(2):
            provision(settings)
        assert boto3.client("dynamodb", "us-east-1").list_tables()["TableNames"] == ["local-table"]
        buckets = boto3.client("s3", "us-east-1").list_buckets()["Buckets"]
        assert [bucket["Name"] for bucket in buckets] == ["local-bucket"]
