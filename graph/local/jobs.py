"""What the local server does beside its requests, such as hashing large files."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Final, Self

_WORKERS: Final = 2


class BackgroundJobs:
    """Runs jobs in threads, for as long as the context lasts.

    A job that has not begun by then is dropped: what it would have checked stays as it is, and
    can be asked for again.
    """

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(_WORKERS, thread_name_prefix="job")

    def __call__(self, job: Callable[[], None]) -> None:
        """Run a job soon."""
        self._executor.submit(job)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Wait for the jobs that have begun."""
        self._executor.shutdown(wait=True, cancel_futures=True)
