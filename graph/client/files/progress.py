"""Telling a caller how far a file has come."""

import threading
from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with the bytes moved so far, and all bytes."""


class Meter:
    """Adds up what several threads move, and tells it, one call at a time."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._total = total
        self._progress = progress
        self._moved = 0
        self._lock = threading.Lock()

    def add(self, count: int) -> None:
        """Count bytes that were moved; below 0 takes back those that are moved again."""
        with self._lock:
            self._moved += count
            if self._progress is not None:
                self._progress(self._moved, self._total)
