"""Commands against a server that asks for credentials."""

from collections.abc import Iterator

import pytest

from graph.local.server import LocalServer
from models.principal import Role
from tests.e2e.cli.conftest import Command
from tests.e2e.first_key import first_key


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with LocalServer(auth=True) as running:
        yield running


@pytest.fixture(scope="module")
def secret(server: LocalServer) -> str:
    return first_key(server, Role.READER)


class TestKey:
    def test_is_taken_from_the_environment_or_an_option(
        self, command: Command, secret: str
    ) -> None:
        assert command.lines("models", "list", "--api-key", secret) == []
        command.environ["ML_EVALUATOR_API_KEY"] = secret
        assert command.lines("models", "list") == []

    @pytest.mark.parametrize("key", ["", "mle_wrong"])
    def test_none_or_a_wrong_one_is_refused(self, command: Command, key: str) -> None:
        command.environ["ML_EVALUATOR_API_KEY"] = key
        said = command.refused("models", "list", code=1)
        assert said.startswith("UNAUTHENTICATED: ")
        assert not key or key not in said

    def test_of_a_reader_changes_nothing(self, command: Command, secret: str) -> None:
        command.environ["ML_EVALUATOR_API_KEY"] = secret
        words = ("models", "create", "n", "--source", "s", "--license", "mit")
        said = command.refused(*words, code=1)
        assert said.startswith("FORBIDDEN: ")
        assert secret not in said
