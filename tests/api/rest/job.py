"""A job that speaks REST, and holds every answer to its form."""

import json
from typing import Any, Final
from urllib.parse import urlencode

from tests.api.doors import Call, Door, Reply

Json = dict[str, Any]

MODEL: Final = {"name": "bert-base", "source": "hf", "license": "apache-2.0"}
NOBODY: Final = "01a208e0-8d43-7394-83c0-437ffe007901"
"""The id of no model."""


class Job:
    """Sends requests through a door."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def send(self, method: str, path: str, **parts: Any) -> Reply:  # noqa: ANN401  # Call's own
        """Send any request."""
        return checked(self._door.send(Call(method, path, **parts)))

    def body(
        self, method: str, path: str, given: object, headers: dict[str, str] | None = None
    ) -> Reply:
        """Send a JSON body."""
        return self.text(method, path, json.dumps(given), headers)

    def text(
        self, method: str, path: str, text: str | bytes, headers: dict[str, str] | None = None
    ) -> Reply:
        """Send a body as it is, as JSON."""
        content = text.encode() if isinstance(text, str) else text
        sent = {"content-type": "application/json"} | (headers or {})
        return self.send(method, path, headers=sent, body=content)

    def post(self, path: str = "/models", /, **given: object) -> Reply:
        """Send a POST with these fields."""
        return self.body("POST", path, given)

    def put(self, **given: object) -> Reply:
        """Change a model."""
        return self.body("PUT", "/models", given)

    def get(self, path: str = "/models", /, **given: object) -> Reply:
        """Read."""
        return self.send("GET", path, query_string=urlencode(given))

    def delete(self, **given: object) -> Reply:
        """Delete the model that the query string names."""
        return self.send("DELETE", "/models", query_string=urlencode(given))

    def made(self, **fields: object) -> Json:
        """Register a model, which must succeed."""
        return data(self.post(**(MODEL | fields)), 201)

    def new_id(self, **fields: object) -> str:
        """Register a model, and return its id."""
        model_id: str = self.made(**fields)["id"]
        return model_id


def checked(reply: Reply) -> Reply:
    """Return `reply`, if it is what every answer of a route must be."""
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["x-request-id"]
    assert reply.headers["x-content-type-options"] == "nosniff"
    if reply.status == 405 and not reply.body:  # a HEAD
        return reply
    if reply.status < 400:
        assert reply.json.keys() == {"success", "data"}
        assert reply.json["success"] is True
    else:
        assert reply.json["success"] is False
        assert reply.json["request_id"] == reply.headers["x-request-id"]
        errors = reply.json.get("errors", [reply.json["error"]])
        assert errors[0] == reply.json["error"]
        assert all(error.keys() == {"code", "message", "field"} for error in errors)
        assert all(error["message"] for error in errors)
        assert {*reply.json} <= {"success", "error", "errors", "request_id"}
    return reply


def data(reply: Reply, status: int = 200) -> Json:
    """Return the data of an answer that must be a success."""
    assert reply.status == status, reply.json
    found: Json = reply.json["data"]
    return found


def refused(reply: Reply) -> tuple[int, str, str | None]:
    """Return status, code and field of an answer that must be the failure of one thing."""
    assert "errors" not in reply.json, reply.json
    error = reply.json["error"]
    return reply.status, error["code"], error["field"]


def faults(reply: Reply) -> list[tuple[str, str | None]]:
    """Return code and field of all faults."""
    errors = reply.json.get("errors", [reply.json["error"]])
    return [(error["code"], error["field"]) for error in errors]
