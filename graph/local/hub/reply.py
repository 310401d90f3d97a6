"""What the stand-in answers, and in which way it sends that."""

import json
from dataclasses import dataclass
from http import HTTPStatus

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer.

    Attributes:
        delay_seconds: before anything is sent.
        drip_seconds: after each byte of the body.
        missing_bytes: that Content-Length announces and that never come.
        is_hung_up: whether the connection is closed in place of an answer.
    """

    status: int = HTTPStatus.OK
    body: bytes = b""
    headers: Headers = ()
    delay_seconds: float = 0.0
    drip_seconds: float = 0.0
    missing_bytes: int = 0
    is_hung_up: bool = False


def json_reply(value: object, status: int = HTTPStatus.OK, headers: Headers = ()) -> Reply:
    """Answer with JSON."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Reply(status, body, (("Content-Type", "application/json; charset=utf-8"), *headers))


def refusal(status: int, code: str, message: str) -> Reply:
    """Refuse as the Hub does: huggingface_hub goes by the headers."""
    headers = (("X-Error-Code", code), ("X-Error-Message", message))
    return json_reply({"error": message}, status, headers)


def redirect(status: int, location: str) -> Reply:
    """Send the client elsewhere."""
    body = f"{HTTPStatus(status).phrase}. Redirecting to {location}".encode()
    headers = (("Content-Type", "text/plain; charset=utf-8"), ("Location", location))
    return Reply(status, body, headers)
