"""Does beside the local server what Lambda functions do in AWS, as the table's stream tells."""

import heapq
import itertools
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar

from models.evaluation.worker import Again

_LOGGER: Final = logging.getLogger(__name__)

_POLL_S: Final = 0.1
_PAUSE_AFTER_FAILURE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 60.0
"""Each failure of a job doubles the pause before the next attempt, up to this."""
_PATIENCE_S: Final = 2.0
"""Of a stopping server. A job that has not ended then is found again at the next start."""

Records = Sequence[Mapping[str, Any]]
JobT = TypeVar("JobT")


@dataclass(frozen=True, slots=True)
class Work(Generic[JobT]):
    """One kind of jobs.

    Attributes:
        name: for the log.
        run: runs one job, and says whether it is to be run again.
        found_in: tells the jobs that records of the stream ask for.
        left_open: jobs that nobody runs, such as those that a crash left.
        at_once: so many run beside one another.
    """

    name: str
    run: Callable[[JobT], Again | None]
    found_in: Callable[[Records], Iterable[JobT]]
    left_open: Iterable[JobT]
    at_once: int


class StreamJobs:
    """Runs the jobs that were left open, and every new one, for as long as the context lasts.

    Args:
        written: tells what was written since it was last asked.
        kinds: jobs of one kind never wait for those of another.
    """

    def __init__(self, written: Callable[[], Records], kinds: Iterable[Work[Any]]) -> None:
        self._written = written
        self._stopping = Event()
        self._lanes = [_Lane(work, self._stopping) for work in kinds]
        # Daemons: a job that hangs on a slow Hub must not keep the interpreter from ending.
        self._poller = Thread(target=self._poll, name="stream", daemon=True)

    def __enter__(self) -> Self:
        for lane in self._lanes:
            lane.start()
        self._poller.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Wait a moment for the jobs that have begun, and begin no other."""
        self._stopping.set()
        end = time.monotonic() + _PATIENCE_S
        for lane in self._lanes:
            lane.stop()
        for thread in (self._poller, *itertools.chain(*(lane.threads for lane in self._lanes))):
            thread.join(max(end - time.monotonic(), 0))

    def _poll(self) -> None:
        pause = _POLL_S
        while not self._stopping.wait(pause):
            pause = _POLL_S
            try:
                records = self._written()
            except Exception:
                if not self._stopping.is_set():
                    _LOGGER.exception("the table's stream cannot be read")
                records, pause = [], _PAUSE_AFTER_FAILURE_S
            for lane in self._lanes:
                lane.take(records)
                lane.resume()


class _Lane:
    """The threads that run one kind of jobs."""

    def __init__(self, work: Work[Any], stopping: Event) -> None:
        self._work = work
        self._stopping = stopping
        self._due: SimpleQueue[_Due | None] = SimpleQueue()
        self._later: list[tuple[float, int, _Due]] = []
        self._tickets = itertools.count()
        self._lock = Lock()
        self.threads = [
            Thread(target=self._run_all, name=f"{work.name}-{number}", daemon=True)
            for number in range(work.at_once)
        ]
        for job in work.left_open:
            self._due.put(_Due(job))

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        for _ in self.threads:
            self._due.put(None)

    def take(self, records: Records) -> None:
        """Queue what records tell of. One that cannot be read tells of nothing."""
        for record in records:
            try:
                for job in self._work.found_in([record]):
                    self._due.put(_Due(job))
            except Exception:
                _LOGGER.exception("a record of the table's stream cannot be read")

    def resume(self) -> None:
        """Queue what has waited long enough."""
        with self._lock:
            while self._later and self._later[0][0] <= time.monotonic():
                self._due.put(heapq.heappop(self._later)[-1])

    def _run_all(self) -> None:
        while (due := self._due.get()) is not None:
            if self._stopping.is_set():
                return
            self._run(due)

    def _run(self, due: "_Due") -> None:
        try:
            again = self._work.run(due.job)
        except Exception as error:
            if self._stopping.is_set():
                return
            if due.failures == 0:
                _LOGGER.exception("%s %s could not be run", self._work.name, due.job)
            else:  # the whole story once: it is likely to be the same each time
                _LOGGER.warning("%s %s cannot be run yet: %r", self._work.name, due.job, error)
            pause = min(_PAUSE_AFTER_FAILURE_S * 2**due.failures, _LONGEST_PAUSE_S)
            self._wait(pause, _Due(due.job, due.failures + 1))
        else:
            if again is not None:
                self._wait(again.after_seconds, _Due(due.job))

    def _wait(self, seconds: float, due: "_Due") -> None:
        with self._lock:
            heapq.heappush(self._later, (time.monotonic() + seconds, next(self._tickets), due))


@dataclass(frozen=True, slots=True)
class _Due:
    """A job that is to be run.

    Attributes:
        failures: so often in a row it could not be run.
    """

    job: Any
    failures: int = 0
