"""How often the embedded AWS may be saved: a pure rule, tested without waiting."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

REST_PER_SECOND_OF_WORK: Final = 9.0
"""Nine parts rest to one part work: saving takes a tenth of the time at most."""

SHORTEST_REST_S: Final = 0.1
"""A small table is saved in a millisecond; this spares the disk a hundred files a second."""

REST_AFTER_FAILURE_S: Final = 1.0
"""A full disk is not emptied by trying at once."""


class SnapshotPace:
    """When the next snapshot may start.

    A change waits for at most the rest after the snapshot before it, and then for its own
    snapshot: that is what a kill can lose, ten times as long as one snapshot takes.

    Args:
        clock: seconds that never run backwards, such as `time.monotonic`.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._not_before = clock()

    def remaining(self) -> float:
        """Seconds until a snapshot may start; 0 if it may start now."""
        return max(0.0, self._not_before - self._clock())

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Time one snapshot, and rest after it in proportion; longer if it failed."""
        started = self._clock()
        shortest = REST_AFTER_FAILURE_S
        try:
            yield
            shortest = SHORTEST_REST_S
        finally:
            ended = self._clock()
            rest = REST_PER_SECOND_OF_WORK * (ended - started)
            self._not_before = ended + max(rest, shortest)
