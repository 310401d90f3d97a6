"""A GraphQL client that is strict about what every response must be."""

import json
from typing import Any
from urllib.parse import urlencode

from tests.api.doors import Call, Door, Reply

JSON_BODY = {"content-type": "application/json"}

Answer = dict[str, Any]


class Api:
    """Speaks GraphQL through a door, and holds every answer to its form."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def send(self, method: str, path: str = "/graphql", **parts: Any) -> Reply:  # noqa: ANN401  # Call's own
        """Send any request."""
        return self._door.send(Call(method, path, **parts))

    def post(
        self,
        query: object = None,
        variables: object = None,
        operation_name: object = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """Send a GraphQL request, whatever it holds."""
        given = {"query": query, "variables": variables, "operationName": operation_name}
        body = {name: value for name, value in given.items() if value is not None}
        return self.post_body(json.dumps(body), headers)

    def post_body(self, body: str | bytes, headers: dict[str, str] | None = None) -> Reply:
        """Send a body as it is."""
        content = body.encode() if isinstance(body, str) else body
        return checked(self.send("POST", headers=JSON_BODY | (headers or {}), body=content))

    def get(self, **params: str) -> Reply:
        """Send a GraphQL request in a query string."""
        return checked(self.send("GET", query_string=urlencode(params)))

    def execute(self, query: str, /, **variables: object) -> Answer:
        """Return the data of a request that must succeed."""
        answer = self.post(query, variables).json
        assert "errors" not in answer, answer["errors"]
        data: Answer = answer["data"]
        return data

    def errors(self, query: str, /, **variables: object) -> list[Answer]:
        """Return the errors of a request that must fail."""
        errors: list[Answer] = self.post(query, variables).json["errors"]
        return errors

    def error(self, query: str, /, **variables: object) -> Answer:
        """Return the one error of a request that must fail."""
        (error,) = self.errors(query, **variables)
        return error

    def cost(self, query: str, /, **variables: object) -> Answer:
        """Return what a request costs, which must succeed."""
        answer = self.post(query, variables).json
        assert "errors" not in answer, answer["errors"]
        cost: Answer = answer["extensions"]["cost"]
        return cost

    def requests(self, query: str, /, **variables: object) -> int:
        """Return how many requests to DynamoDB a request takes, which must succeed."""
        requests: int = self.cost(query, **variables)["dynamodb"]["requests"]
        return requests


def checked(reply: Reply) -> Reply:
    """Return `reply`, if it is what every response of GraphQL must be."""
    body = reply.json
    if reply.status == 401:
        assert "extensions" not in body  # what it cost would tell which keys there are
    else:
        cost = body["extensions"]["cost"]
        assert cost["complexity"].keys() == {"requested", "limit"}
        assert cost["dynamodb"].keys() == {"requests", "readUnits", "writeUnits"}
    assert reply.headers["x-request-id"]
    for error in body.get("errors", []):
        assert error["message"]
        assert error["extensions"]["code"]
    if "errors" in body:
        assert body["errors"]
    else:
        assert reply.status == 200
        assert body["data"] is not None
    return reply


def code(error: Answer) -> str:
    """Return an error's code."""
    found: str = error["extensions"]["code"]
    return found


def field(error: Answer) -> list[str] | None:
    """Return the path of the argument at fault."""
    found: list[str] | None = error["extensions"].get("field")
    return found
