"""Runs evaluations beside the local server, as a Lambda function does in AWS."""

import heapq
import logging
import time
from collections.abc import Callable, Iterable
from queue import SimpleQueue
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Final, Self

from graph.worker import JOBS_AT_ONCE, Runner

_LOGGER: Final = logging.getLogger(__name__)

_POLL_S: Final = 0.1
_PAUSE_AFTER_FAILURE_S: Final = 1.0
_PATIENCE_S: Final = 2.0
"""Of a stopping server. A job that has not ended then is found again at the next start."""


class EvaluationJobs:
    """Runs the jobs that were left open, and every new one, for as long as the context lasts.

    Args:
        runner: runs one job.
        left_open: jobs that nobody runs, such as those that a crash left.
        written: tells which jobs were written since it was last asked.
    """

    def __init__(
        self, runner: Runner, left_open: Iterable[str], written: Callable[[], Iterable[str]]
    ) -> None:
        self._runner = runner
        self._written = written
        self._due: SimpleQueue[str | None] = SimpleQueue()
        self._later: list[tuple[float, str]] = []
        self._lock = Lock()
        self._stopping = Event()
        # Daemons: a job that hangs on a slow Hub must not keep the interpreter from ending.
        self._poller = Thread(target=self._poll, name="evaluations", daemon=True)
        self._workers = [
            Thread(target=self._work, name=f"evaluation-{number}", daemon=True)
            for number in range(JOBS_AT_ONCE)
        ]
        for evaluation_id in left_open:
            self._due.put(evaluation_id)

    def __enter__(self) -> Self:
        for thread in (self._poller, *self._workers):
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Wait a moment for the jobs that have begun, and begin no other."""
        self._stopping.set()
        for _ in self._workers:
            self._due.put(None)
        end = time.monotonic() + _PATIENCE_S
        for thread in (self._poller, *self._workers):
            thread.join(max(end - time.monotonic(), 0))

    def _poll(self) -> None:
        pause = _POLL_S
        while not self._stopping.wait(pause):
            self._enqueue_due()
            try:
                for evaluation_id in self._written():
                    self._due.put(evaluation_id)
                pause = _POLL_S
            except Exception:
                if not self._stopping.is_set():
                    _LOGGER.exception("the table's stream cannot be read")
                pause = _PAUSE_AFTER_FAILURE_S

    def _enqueue_due(self) -> None:
        with self._lock:
            while self._later and self._later[0][0] <= time.monotonic():
                self._due.put(heapq.heappop(self._later)[1])

    def _work(self) -> None:
        while (evaluation_id := self._due.get()) is not None:
            if self._stopping.is_set():
                return
            self._run(evaluation_id)

    def _run(self, evaluation_id: str) -> None:
        pause = _PAUSE_AFTER_FAILURE_S
        try:
            again = self._runner.run(evaluation_id)
            if again is None:
                return
            pause = again.after_seconds
        except Exception:
            if self._stopping.is_set():
                return
            _LOGGER.exception("evaluation %s could not be run", evaluation_id)
        with self._lock:
            heapq.heappush(self._later, (time.monotonic() + pause, evaluation_id))
