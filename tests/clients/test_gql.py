"""gql, from Python: it checks every request against the schema that is served."""

from collections.abc import Iterator
from typing import Any

import pytest
from gql import Client, GraphQLRequest
from gql.client import SyncClientSession
from gql.transport.exceptions import TransportQueryError
from gql.transport.requests import RequestsHTTPTransport

from tests.clients.conftest import Guarded
from tests.clients.conversation import ANSWERS, METADATA, documents

CREATE, READ, PAGE = documents()
SOURCE = "gql"


@pytest.fixture
def session(guarded: Guarded) -> Iterator[SyncClientSession]:
    transport = RequestsHTTPTransport(guarded.url, headers={"X-API-Key": guarded.key})
    with Client(transport=transport, fetch_schema_from_transport=True) as session:
        yield session


def ask(session: SyncClientSession, document: str, **variables: object) -> Any:  # noqa: ANN401  # JSON can be anything
    return session.execute(GraphQLRequest(document, variable_values=variables))


def create(session: SyncClientSession, name: str) -> Any:  # noqa: ANN401  # JSON can be anything
    given = {"name": name, "source": SOURCE, "license": "mit", "metadata": METADATA}
    return ask(session, CREATE, input=given)["createModel"]


def pages(session: SyncClientSession) -> Iterator[list[str]]:
    after = None
    while True:
        models = ask(session, PAGE, first=2, after=after, source=SOURCE)["models"]
        yield [edge["node"]["name"] for edge in models["edges"]]
        if not models["pageInfo"]["hasNextPage"]:
            return
        after = models["pageInfo"]["endCursor"]


class TestGql:
    """The conversation of the clients on Node."""

    def test_is_told_the_same(self, session: SyncClientSession) -> None:
        first, *_ = [create(session, name)["model"] for name in "abcde"]
        read = ask(session, READ, id=first["id"])["node"]
        (refusal,) = create(session, "")["userErrors"]
        with pytest.raises(TransportQueryError) as raised:
            ask(session, PAGE, first=0, source=SOURCE)
        (error,) = raised.value.errors or []
        assert {
            "read": [read["name"], read["version"], read["metadata"]],
            "refused": [refusal["code"], refusal["field"]],
            "error": error["extensions"]["code"],
            "pages": list(pages(session)),
        } == ANSWERS
