"""What the local server does beside its requests, such as hashing large files."""

import logging
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Final, Self

_LOGGER: Final = logging.getLogger(__name__)

_WORKERS: Final = 2
_PATIENCE_S: Final = 2.0
"""Of a stopping server with a job that has begun: hashing 50 GiB takes minutes."""

Job = Callable[[], None]


class BackgroundJobs:
    """Runs jobs in threads, for as long as the context lasts.

    A job that has not ended by then is dropped: what it would have checked stays as it is, and
    can be asked for again.
    """

    def __init__(self) -> None:
        self._waiting: SimpleQueue[Job | None] = SimpleQueue()
        self._has_ended = False
        # Daemons, and no executor: the interpreter waits for an executor's threads when it ends.
        self._workers = [
            Thread(target=self._work, name=f"job-{number}", daemon=True)
            for number in range(_WORKERS)
        ]

    def __call__(self, job: Job) -> None:
        """Run a job soon.

        Raises:
            RuntimeError: the context has ended.
        """
        if self._has_ended:
            raise RuntimeError("the server has stopped: no job is taken any more")
        self._waiting.put(job)

    def __enter__(self) -> Self:
        for worker in self._workers:
            worker.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Wait a moment for the jobs that have begun."""
        self._has_ended = True
        self._drop_waiting()
        for _ in self._workers:
            self._waiting.put(None)
        for worker in self._workers:
            worker.join(_PATIENCE_S)

    def _work(self) -> None:
        while (job := self._waiting.get()) is not None:
            try:
                job()
            except Exception:
                _LOGGER.exception("a background job failed")

    def _drop_waiting(self) -> None:
        try:
            while True:
                self._waiting.get_nowait()
        except Empty:
            return
