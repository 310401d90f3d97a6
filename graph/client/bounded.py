"""Reading a body that may have no end."""

from typing import Final

import httpx2

from graph.client.errors import UnexpectedAnswer, Unreachable
from graph.client.retry import Time, Transient

ANSWER_MAX_BYTES: Final = 8 * 1024 * 1024
"""Decoded. The service's own answers are smaller."""
PATIENCE: Final = 4
"""So many times the time-out an answer may take altogether, however steadily it drips."""


def read_bounded(response: httpx2.Response, url: str, clock: Time, end: float) -> bytes:
    """Read a body of at most ANSWER_MAX_BYTES.

    Args:
        end: when to give up, which is looked at after each piece.

    Raises:
        UnexpectedAnswer: it is longer.
        Transient: it takes too long.
    """
    pieces: list[bytes] = []
    size = 0
    for piece in response.iter_bytes():
        size += len(piece)
        if size > ANSWER_MAX_BYTES:
            raise UnexpectedAnswer(f"{url} answered more than {ANSWER_MAX_BYTES} bytes")
        if clock.monotonic() > end:
            raise Transient(Unreachable(f"{url} takes too long to answer"))
        pieces.append(piece)
    return b"".join(pieces)


def beginning(response: httpx2.Response, length: int) -> str:
    """Return how a body begins, without reading much more of it."""
    found = b""
    for piece in response.iter_bytes():
        found += piece
        if len(found) >= length:
            break
    return found[:length].decode(errors="replace")
