"""Clients of other makers against the running server, each with an API key."""

import json
from typing import Any

from tests.clients.conftest import Guarded
from tests.clients.conversation import ANSWERS
from tests.clients.node import SCRIPTS, run


def told(script: str, server: Guarded) -> Any:  # noqa: ANN401  # JSON can be anything
    """Return what a script writes, which must succeed."""
    ended = run(SCRIPTS / script, server.url, server.key)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


class TestClients:
    """A mutation, a query with variables, an error with its code, and pages by cursor."""

    def test_apollo(self, guarded: Guarded) -> None:
        cached = ["renamed", "b", "c", "d", "e"]
        assert told("apollo.mjs", guarded) == {**ANSWERS, "cached": cached}

    def test_urql(self, guarded: Guarded) -> None:
        assert told("urql.mjs", guarded) == ANSWERS

    def test_graphql_request(self, guarded: Guarded) -> None:
        assert told("graphql_request.mjs", guarded) == ANSWERS

    def test_with_a_wrong_key(self, guarded: Guarded) -> None:
        ended = run(SCRIPTS / "graphql_request.mjs", guarded.url, guarded.key + "0")
        assert ended.returncode == 1
        assert "401" in ended.stderr
        assert "UNAUTHENTICATED" in ended.stderr
