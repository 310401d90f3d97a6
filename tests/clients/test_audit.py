"""graphql-http's audit of GraphQL over HTTP, through each of the API's doors."""

import json
from collections.abc import Iterator

import pytest
from moto import mock_aws

from graph.auth import local_admin
from graph.bootstrap import build_services
from graph.handler import build_api
from graph.local.server import LocalServer
from models.settings import AwsCredentials, Settings
from tests.api.doors import LambdaDoor, event_loop
from tests.clients.gateway import gateway
from tests.clients.node import SCRIPTS, run

AUDITS = 61


@pytest.fixture
def uvicorn() -> Iterator[str]:
    with LocalServer(settings=Settings()) as server:
        yield server.url


@pytest.fixture
def lambda_handler() -> Iterator[str]:
    with mock_aws(), event_loop():
        services = build_services(Settings(credentials=AwsCredentials("test", "test")))
        services.table.create()
        with gateway(LambdaDoor(build_api(services, local_admin))) as url:
            yield url


class TestAudit:
    """All 61 audits: what a server must do, should do and may do."""

    @pytest.mark.parametrize("server", ["uvicorn", "lambda_handler"])
    def test_is_passed_whole(self, request: pytest.FixtureRequest, server: str) -> None:
        url = request.getfixturevalue(server)
        ended = run(SCRIPTS / "audit.mjs", f"{url}/graphql")
        assert ended.returncode == 0, ended.stderr
        results = json.loads(ended.stdout)
        assert [result for result in results if result["status"] != "ok"] == []
        assert len(results) == AUDITS
