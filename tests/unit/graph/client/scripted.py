"""A client whose service answers what a test wrote down."""

import json
from collections.abc import Callable
from typing import Any

import httpx2

from graph.client import Client, Retries
from graph.client.retry import Time

Json = Any


class Passing:
    """Time that passes while somebody sleeps, and a second at each look."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.time = Time(self.look, self.sleep, lambda _: 0.0)

    def look(self) -> float:
        self.seconds += 1
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


class Script(httpx2.BaseTransport):
    """Answers in turn, the last one for ever, and remembers the requests."""

    def __init__(self, *answers: bytes | Callable[[], httpx2.Response]) -> None:
        self.answers = list(answers)
        self.requests: list[httpx2.Request] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer() if callable(answer) else httpx2.Response(200, content=answer)


def data(**fields: Json) -> bytes:
    """Write an answer with data."""
    return json.dumps({"data": fields}).encode()


def client_of(script: Script, url: str = "https://a.example") -> Client:
    """Return a client that sends everything once."""
    retries = Retries(attempts=1)
    return Client(url, transport=script, clock=Passing().time, retries=retries)
