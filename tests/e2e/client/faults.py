"""A network that fails when it is told to, and a clock that nobody waits for."""

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx2

from graph.client.retry import Time

Matches = Callable[[httpx2.Request], bool]
Fails = Callable[[httpx2.BaseTransport, httpx2.Request], httpx2.Response]

SLEEP_MAX_SECONDS = 0.02
HASTE = Time(sleep=lambda seconds: time.sleep(min(seconds, SLEEP_MAX_SECONDS)))
"""Pauses are cut short, so that what is polled for has a moment nonetheless."""


@dataclass
class Fault:
    """What happens to the next requests that match, instead of being answered."""

    matches: Matches
    fails: Fails
    times: int = 1


class FaultyNetwork(httpx2.BaseTransport):
    """Sends what no fault is waiting for, and remembers everything."""

    def __init__(self) -> None:
        self._inner = httpx2.HTTPTransport()
        self._lock = threading.Lock()
        self.faults: list[Fault] = []
        self.requests: list[httpx2.Request] = []

    def fail(self, matches: Matches, fails: Fails, times: int = 1) -> None:
        """Let requests fail that match."""
        self.faults.append(Fault(matches, fails, times))

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a request, or fail."""
        with self._lock:
            self.requests.append(request)
            fault = next((f for f in self.faults if f.times and f.matches(request)), None)
            if fault:
                fault.times -= 1
        if fault:
            return fault.fails(self._inner, request)
        return self._inner.handle_request(request)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()

    def puts(self) -> list[str]:
        """Return where bytes were sent to, without what signs it."""
        return [
            str(request.url).partition("&X-Amz")[0].rpartition("/")[2]
            for request in self.requests
            if request.method == "PUT"
        ]


def mentions(word: str) -> Matches:
    """Match GraphQL requests that name something."""
    return lambda request: request.method == "POST" and word.encode() in request.content


def sends_a_part(request: httpx2.Request) -> bool:
    return request.method == "PUT"


def fetches(request: httpx2.Request) -> bool:
    return request.method == "GET"


def answers(status: int, content: bytes = b"", **headers: str) -> Fails:
    """Answer in place of the service."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _, request: httpx2.Response(
        status, stream=httpx2.ByteStream(content), headers=sent, request=request
    )


def with_another(name: str, value: str | int) -> Fails:
    """Let the service answer, with another value where a name stands first."""
    found = re.compile(rf'"{name}":\s*(?:"[^"]*"|\d+)')

    def fails(inner: httpx2.BaseTransport, request: httpx2.Request) -> httpx2.Response:
        response = inner.handle_request(request)
        response.read()
        response.close()
        altered, count = found.subn(
            lambda _: f'"{name}": {json.dumps(value)}', response.text, count=1
        )
        assert count
        return httpx2.Response(response.status_code, text=altered, request=request)

    return fails


def is_cut_before(_: httpx2.BaseTransport, request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("refused", request=request)


def is_cut_after(inner: httpx2.BaseTransport, request: httpx2.Request) -> httpx2.Response:
    """Let the service do what it was asked for, and lose its answer."""
    response = inner.handle_request(request)
    response.read()
    response.close()
    raise httpx2.ReadTimeout("timed out", request=request)


def is_cut_amid(_: httpx2.BaseTransport, request: httpx2.Request) -> httpx2.Response:
    """Lose the connection after the first bytes of a body."""
    assert isinstance(request.stream, httpx2.SyncByteStream)
    next(iter(request.stream), None)
    raise httpx2.WriteError("broken pipe", request=request)
