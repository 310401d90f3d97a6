"""The two ways into the API: the Starlette application, and the Lambda handler behind API Gateway.

A test speaks HTTP and does not know which one answers.
"""

import asyncio
import base64
import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import unquote

from mangum import Mangum
from starlette.testclient import TestClient

REQUEST_ID = "JKJaXmPLvHcESHA="
"""What API Gateway calls every request of these tests."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request, as HTTP has it. Header names are lower-case."""

    method: str
    path: str = "/graphql"
    query_string: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    """A response, as HTTP has it. Header names are lower-case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @cached_property
    def json(self) -> Any:  # noqa: ANN401  # JSON can be anything
        """The body, read as JSON."""
        return json.loads(self.body)


class Door(Protocol):
    """A way into the API."""

    def send(self, call: Call) -> Reply:
        """Send one request."""


class AppDoor:
    """The application, as a server runs it."""

    def __init__(self, client: TestClient) -> None:
        self._client = client
        # What a test does not send is not sent.
        for name in ("accept", "accept-encoding", "user-agent"):
            del client.headers[name]

    def send(self, call: Call) -> Reply:
        """Send one request."""
        url = f"{call.path}?{call.query_string}" if call.query_string else call.path
        response = self._client.request(
            call.method, url, content=call.body, headers=call.headers, follow_redirects=False
        )
        return Reply(response.status_code, dict(response.headers), response.content)


class FunctionContext:
    """What Lambda tells a function about its run."""

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        """Tell how long the function may still run."""
        return 29_000


@contextmanager
def event_loop() -> Iterator[None]:
    """Give Mangum its event loop: it makes one where it is built, and never closes it."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        yield
    finally:
        asyncio.set_event_loop(None)
        loop.close()


class LambdaDoor:
    """The Lambda handler, fed with events of an HTTP API (payload 2.0).

    Args:
        request_ids: what API Gateway calls the requests, one after the other.
    """

    def __init__(self, handler: Mangum, request_ids: Iterator[str] | None = None) -> None:
        self._handler = handler
        self._request_ids = request_ids or itertools.repeat(REQUEST_ID)

    def send(self, call: Call) -> Reply:
        """Send one request."""
        event = event_of(call, next(self._request_ids))
        answer: dict[str, Any] = self._handler(event, FunctionContext())  # type: ignore[arg-type]  # awslambdaric's
        body = answer.get("body", "")
        content = base64.b64decode(body) if answer["isBase64Encoded"] else body.encode()
        return Reply(answer["statusCode"], dict(answer["headers"]), content)


def event_of(call: Call, request_id: str = REQUEST_ID) -> dict[str, Any]:
    """Return the event that API Gateway makes of a request."""
    headers = dict(call.headers)
    if call.body:
        headers["content-length"] = str(len(call.body))
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": unquote(call.path),
        "rawQueryString": call.query_string,
        "headers": {"host": "abc123.execute-api.us-east-1.amazonaws.com", **headers},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "abc123",
            "domainName": "abc123.execute-api.us-east-1.amazonaws.com",
            "http": {
                "method": call.method,
                "path": call.path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": request_id,
            "routeKey": "$default",
            "stage": "$default",
            "timeEpoch": 1_795_000_000_000,
        },
        "isBase64Encoded": False,
    }
    if call.body:
        event.update(_event_body(call.body))
    return event


def _event_body(body: bytes) -> dict[str, Any]:
    try:
        return {"body": body.decode(), "isBase64Encoded": False}
    except UnicodeDecodeError:
        return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
