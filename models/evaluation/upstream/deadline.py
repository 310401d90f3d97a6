"""The deadline of a reading, which every socket of it keeps.

It goes along with the context and not as an argument, since huggingface_hub's calls have no place
for it. A thread gets it by `contextvars.copy_context().run`.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_deadline: ContextVar[float] = ContextVar("upstream_deadline", default=math.inf)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Let reading inside the block take at most `seconds`, or less where less was left."""
    token = _deadline.set(min(_deadline.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _deadline.reset(token)


def seconds_left() -> float:
    """Return the seconds until the deadline; infinity without one, 0 or less when it passed."""
    return _deadline.get() - time.monotonic()
