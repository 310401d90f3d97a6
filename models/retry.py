"""Trying again: a bounded number of times, with jitter, inside the time that is left."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

MAX_ATTEMPTS = 40
MAX_SECONDS = 15.0
"""Together, unless the request has a deadline of its own."""
_FIRST_PAUSE_SECONDS = 0.01
_LONGEST_PAUSE_SECONDS = 0.4

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Let what happens inside the block try again for at most `seconds`."""
    token = _deadline.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def grant(seconds: float) -> None:
    """Let what comes next try again for at least so many seconds, however long it took until now.

    For whoever waited on purpose: the time that this took is none that was lost.
    """
    deadline = _deadline.get()
    if deadline is not None:
        _deadline.set(max(deadline, time.monotonic() + seconds))


def attempts() -> Iterator[int]:
    """Yield 0, 1, 2 … with a growing, random pause before each but the first.

    The pause is drawn from the whole range ("full jitter"), so that writers who collided once do
    not collide again in step.
    """
    deadline = _deadline.get() or time.monotonic() + MAX_SECONDS
    ceiling = _FIRST_PAUSE_SECONDS
    yield 0
    for attempt in range(1, MAX_ATTEMPTS):
        pause = random.uniform(0, ceiling)  # noqa: S311  # spreads load, guards nothing
        if time.monotonic() + pause >= deadline:
            return
        time.sleep(pause)
        yield attempt
        ceiling = min(ceiling * 2, _LONGEST_PAUSE_SECONDS)
