"""Threads that read side by side and are waited for until the deadline, no longer."""

import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotDone
from contextvars import copy_context
from typing import Generic, ParamSpec, Self, TypeVar

from models.evaluation.upstream.deadline import seconds_left

_Given = ParamSpec("_Given")
_Read = TypeVar("_Read")
_Late = TypeVar("_Late")


class Started(Generic[_Read]):
    """A read that is under way, or waits for its turn."""

    def __init__(self, future: Future[tuple[_Read, float]], began: float) -> None:
        self._future = future
        self._began = began

    def wait(self, late: _Late) -> tuple[_Read | _Late, int]:
        """Return what was read and the milliseconds that it took; `late` past the deadline."""
        try:
            found, ended = self._future.result(max(seconds_left(), 0))
        except (NotDone, CancelledError):
            return late, self._elapsed_ms(time.monotonic())
        return found, self._elapsed_ms(ended)

    def _elapsed_ms(self, ended: float) -> int:
        return round((ended - self._began) * 1000)


class Readers:
    """At most `threads_max` reads at a time, for as long as the context lasts.

    Whatever still runs then keeps the deadline by itself, and its result is dropped.
    """

    def __init__(self, threads_max: int) -> None:
        self._threads = ThreadPoolExecutor(threads_max, thread_name_prefix="upstream")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def start(
        self, read: Callable[_Given, _Read], *given: _Given.args, **named: _Given.kwargs
    ) -> Started[_Read]:
        """Read in a thread, under the caller's deadline."""

        def timed() -> tuple[_Read, float]:
            return read(*given, **named), time.monotonic()

        began = time.monotonic()
        return Started(self._threads.submit(copy_context().run, timed), began)
