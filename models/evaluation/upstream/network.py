"""Sockets that keep the deadline: no drip of bytes, in headers or body, can outlast it.

A time-out for each read would not do: it starts anew with every byte.
"""

import math
import ssl
from collections.abc import Iterable

import httpcore2

from models.evaluation.upstream.deadline import seconds_left

SocketOption = (
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
)


class DeadlineBackend(httpcore2.NetworkBackend):
    """Opens TCP connections that keep the deadline."""

    def __init__(self) -> None:
        self._backend = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect."""
        stream = self._backend.connect_tcp(
            host, port, _within_deadline(timeout), local_address, socket_options
        )
        return DeadlineStream(stream)


class DeadlineStream(httpcore2.NetworkStream):
    """A connection each of whose operations ends by the deadline of whoever uses it then."""

    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Wait for bytes."""
        return self._stream.read(max_bytes, _within_deadline(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes."""
        self._stream.write(buffer, _within_deadline(timeout))

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        """Go on encrypted, or hang up: whoever calls does not do that."""
        try:
            left = _within_deadline(timeout)
        except httpcore2.TimeoutException:
            self.close()
            raise
        return DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> object:
        """Tell what the connection pool wants to know."""
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        """Hang up."""
        self._stream.close()


def _within_deadline(timeout: float | None) -> float | None:
    left = seconds_left()
    if left <= 0:
        raise httpcore2.ReadTimeout("the deadline has passed")
    sooner = min(left, math.inf if timeout is None else timeout)
    return None if math.isinf(sooner) else sooner
