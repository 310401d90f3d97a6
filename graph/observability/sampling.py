"""Which requests are logged from DEBUG on: a share of them, each as a whole or not at all."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_is_sampled: ContextVar[bool] = ContextVar("is_sampled", default=False)


class Sampler:
    """Draws requests.

    Args:
        rate: the share of requests, from 0 to 1.
        draw: gives a number from 0 to below 1.
    """

    def __init__(self, rate: float, draw: Callable[[], float] = random.random) -> None:
        self._rate = rate
        self._draw = draw

    def draws_one(self) -> bool:
        """Tell whether the next request is logged from DEBUG on."""
        return self._draw() < self._rate


def is_sampled() -> bool:
    """Tell whether what happens now belongs to a request that was drawn."""
    return _is_sampled.get()


@contextmanager
def sampled(is_drawn: bool) -> Iterator[None]:
    """Log from DEBUG on inside the block, in threads of its context too, if it was drawn."""
    token = _is_sampled.set(is_drawn)
    try:
        yield
    finally:
        _is_sampled.reset(token)
