"""Requests to one host and no other, bounded in bytes, time and tries."""

from collections.abc import Callable
from typing import Final

import httpcore2
import httpx2

from models.evaluation.upstream.deadline import seconds_left, time_limit
from models.evaluation.upstream.errors import (
    BodyTooLarge,
    HostRefused,
    OutOfTime,
    UnknownEncoding,
    Unreachable,
)
from models.evaluation.upstream.pacing import (
    RETRIED_STATUSES,
    TRIES_MAX,
    Pacing,
    asked_pause_seconds,
)

_TIMERS_SLACK_SECONDS: Final = 0.02
"""A socket's timer and our clock may disagree by this on when the deadline is."""
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}

Pool = httpcore2.ConnectionPool

Origin = tuple[str, str, int | None]
"""Scheme, host and port."""

BodyLimit = Callable[[str], int]
"""How many bytes the answer to a request for a path may have."""


def origin_of(url: httpx2.URL) -> Origin:
    """Return what makes two URLs the same host's (RFC 6454)."""
    return (url.scheme, url.host, url.port or _DEFAULT_PORTS.get(url.scheme))


class GuardedTransport(httpx2.BaseTransport):
    """Sends what httpx2's client hands it, redirects included, if it is for `origin`.

    Each answer is read whole before the client sees it, so that one that breaks off is tried
    again like one that never came. Cookies are dropped: nobody is to be recognised by them.
    """

    def __init__(self, pool: Pool, origin: Origin, body_limit: BodyLimit, pacing: Pacing) -> None:
        self._pool = pool
        self._origin = origin
        self._body_limit = body_limit
        self._pacing = pacing

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a GET, and again while that may help.

        Returns:
            The answer; after the last try, or where the other side asks to wait beyond the
            deadline, also one that says that it is overloaded.

        Raises:
            RequestFailure: there is no answer that can be used.
        """
        if origin_of(request.url) != self._origin:
            raise HostRefused
        with time_limit(self._pacing.request_seconds):
            for tries in range(1, TRIES_MAX):
                pause_seconds = self._pacing.pause_seconds(tries)
                try:
                    response = self._send(request)
                except Unreachable:
                    if pause_seconds >= seconds_left():
                        raise
                else:
                    pause_seconds = max(pause_seconds, asked_pause_seconds(response.headers))
                    is_final = response.status_code not in RETRIED_STATUSES
                    if is_final or pause_seconds >= seconds_left():
                        return response
                self._pacing.sleep(pause_seconds)
            return self._send(request)

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def _send(self, request: httpx2.Request) -> httpx2.Response:
        try:
            with self._pool.stream(
                request.method,
                str(request.url),
                headers=request.headers.raw,
                extensions={"timeout": self._timeouts()},
            ) as reply:
                return _whole(reply, self._body_limit(request.url.path))
        except httpcore2.TimeoutException as error:
            is_over = seconds_left() <= _TIMERS_SLACK_SECONDS
            raise (OutOfTime if is_over else Unreachable) from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.ProxyError) as error:
            raise Unreachable from error

    def _timeouts(self) -> dict[str, float]:
        left = max(seconds_left(), 0.0)
        silence = self._pacing.silence_seconds
        return {
            "connect": min(self._pacing.connect_seconds, left),
            "pool": left,
            "read": silence,
            "write": silence,
        }


def _whole(reply: httpcore2.Response, max_bytes: int) -> httpx2.Response:
    headers = httpx2.Headers(reply.headers)
    if headers.get("content-encoding", "identity") != "identity":
        raise UnknownEncoding
    declared = headers.get("content-length", "")
    if declared.isdigit() and int(declared) > max_bytes:
        raise BodyTooLarge(max_bytes)
    body = bytearray()
    for chunk in reply.iter_stream():
        body += chunk
        if len(body) > max_bytes:
            raise BodyTooLarge(max_bytes)
    headers.pop("set-cookie", None)
    return httpx2.Response(reply.status, headers=headers, content=bytes(body))
