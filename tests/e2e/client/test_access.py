"""The client against a server that asks for credentials."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from graph.client import Client, Forbidden, InvalidInput, NotFound, Unauthenticated
from graph.local.server import LocalServer
from models.principal import Role
from tests.e2e.client.faults import HASTE, FaultyNetwork
from tests.e2e.first_key import first_key


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with LocalServer(auth=True) as running:
        yield running


@pytest.fixture(scope="module")
def secret(server: LocalServer) -> str:
    return first_key(server, Role.ADMIN)


@pytest.fixture
def admin(server: LocalServer, secret: str, network: FaultyNetwork) -> Iterator[Client]:
    with Client(server.url, secret, transport=network, clock=HASTE) as client:
        yield client


class TestCredentials:
    """Who is let in."""

    def test_a_key_is_taken(self, admin: Client) -> None:
        assert admin.viewer().subject.startswith("key:")

    def test_from_the_environment(self, server: LocalServer, secret: str) -> None:
        env = {"ML_EVALUATOR_URL": f"{server.url}/graphql", "ML_EVALUATOR_API_KEY": secret}
        with Client.from_env(env) as client:
            assert "ADMIN" in client.viewer().roles

    def test_none_and_a_wrong_one_are_refused(self, server: LocalServer) -> None:
        for key in (None, "mle_wrong"):
            with Client(server.url, key) as client:
                assert client.health().is_ok
                with pytest.raises(Unauthenticated) as raised:
                    client.viewer()
                assert raised.value.request_id


class TestKeys:
    """The credentials of jobs."""

    def test_a_key_lives_and_ends(self, admin: Client, server: LocalServer) -> None:
        expiry = datetime.now(UTC) + timedelta(days=1)
        made = admin.create_api_key(name="job", role="READER", expires_at=expiry)
        assert made.api_key.role == "READER"
        assert made.api_key.expires_at is not None
        assert made.api_key in list(admin.api_keys(page_size=1))
        with Client(server.url, made.secret) as job:
            assert job.viewer().subject == made.api_key.subject
            with pytest.raises(Forbidden):
                job.create_model(name="n", source="s", license="mit")
        revoked = admin.revoke_api_key(made.api_key.id)
        assert revoked.revoked_at is not None
        assert admin.revoke_api_key(made.api_key.id) == revoked

    def test_what_makes_no_sense_is_refused(self, admin: Client) -> None:
        with pytest.raises(InvalidInput):
            admin.create_api_key(name="", role="READER")
        with pytest.raises(NotFound):
            admin.revoke_api_key("nothing")
