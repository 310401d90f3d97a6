"""Answers that no emulator gives: conflicts between transactions, and throttling."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

Body = dict[str, Any]


def error(name: str, **more: object) -> Body:
    return {"__type": f"com.amazonaws.dynamodb.v20120810#{name}", "message": name, **more}


def cancelled(*codes: str) -> Body:
    """Return the body of a transaction that was cancelled for these reasons."""
    reasons = [{"Code": code, "Message": code} for code in codes]
    return error("TransactionCanceledException", CancellationReasons=reasons)


CONFLICT = cancelled("TransactionConflict", "None", "None")
IN_PROGRESS = error("TransactionInProgressException")
CANCELLED_BY_THROTTLING = cancelled("ThrottlingError", "None", "None")
THROTTLED = error("ProvisionedThroughputExceededException")
FORBIDDEN = error("AccessDeniedException")


class _RawBody(io.BytesIO):
    """What botocore expects of urllib3's response."""

    def stream(self, **_: object) -> Iterator[bytes]:
        while chunk := self.read(1024):
            yield chunk


class Faults:
    """Answers the next requests in DynamoDB's place.

    Attributes:
        left: how many are still to be answered so.
        answered: how many were.
    """

    def __init__(self, body: Body, times: int, status: int) -> None:
        self._status = status
        self._body = json.dumps(body).encode()
        self.left = times
        self.answered = 0

    def __call__(self, request: Any, **_: object) -> AWSResponse | None:  # noqa: ANN401  # untyped
        if self.left <= 0:
            return None
        self.left -= 1
        self.answered += 1
        headers = HTTPHeaders.from_dict({"content-type": "application/x-amz-json-1.0"})
        return AWSResponse(request.url, self._status, headers, _RawBody(self._body))


@contextmanager
def injected(
    client: Any,  # noqa: ANN401  # botocore's clients have no types
    operation: str,
    body: Body,
    times: int = 10**9,
    status: int = 400,
) -> Iterator[Faults]:
    """Let the next requests of `operation` be answered with `body`."""
    faults = Faults(body, times, status)
    event = f"before-send.dynamodb.{operation}"
    client.meta.events.register(event, faults)
    try:
        yield faults
    finally:
        client.meta.events.unregister(event, faults)
