"""The worker: built from settings, and fed with what the table's stream tells.

Apart from `graph.bootstrap`, which the API's function imports: reading the Hub takes libraries
that are slow to import, and that function never does it.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from graph.bootstrap import build_store
from graph.observability.dimensions import dimensions_of
from graph.observability.evaluation_log import evaluation_log
from models.entities.evaluation import evaluation_id_of
from models.entities.item import Key
from models.evaluation.catalog import metrics
from models.evaluation.times import Times
from models.evaluation.upstream.github import GitHub
from models.evaluation.upstream.hub import Hub
from models.evaluation.upstream.reading import Upstream
from models.evaluation.version import evaluator_version
from models.evaluation.worker import Again, Rules, Worker
from models.license.policy import LicensePolicy
from models.settings import Settings
from models.table import Table
from models.timestamps import Clock, now

_LOGGER = logging.getLogger(__name__)

JOBS_AT_ONCE = 4
"""In one process: each asks the Hub for several things at a time."""


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job that the stream tells of.

    Attributes:
        sequence_number: of the record, by which a failure is answered.
    """

    evaluation_id: str
    sequence_number: str


class Runner(Protocol):
    """Runs jobs, as `Worker` does."""

    def run(self, evaluation_id: str) -> Again | None:
        """Run a job, and say whether it is to be run again."""


class TimedRunner(Runner, Protocol):
    """Also tells how much time it takes."""

    @property
    def attempt_seconds(self) -> float:
        """How long one run takes at most."""


def build_worker(
    settings: Settings, table: Table, clock: Clock = now, times: Times | None = None
) -> Worker:
    """Build a worker for the table and the bucket of `settings`."""
    return _worker(settings, table, _upstream(settings), clock, times or Times())


@contextmanager
def open_worker(settings: Settings, table: Table, times: Times | None = None) -> Iterator[Worker]:
    """Build a worker whose connections are closed in the end."""
    with closing(_upstream(settings)) as upstream:
        yield _worker(settings, table, upstream, now, times or Times())


def _upstream(settings: Settings) -> Upstream:
    return Upstream(
        Hub(settings.hub_endpoint, settings.hub_token),
        GitHub(settings.github_api_url, settings.github_token),
    )


def _worker(
    settings: Settings, table: Table, upstream: Upstream, clock: Clock, times: Times
) -> Worker:
    policy = LicensePolicy.load(settings.license_policy_path)
    rules = Rules(evaluator_version(policy.digest), metrics(policy), policy)
    tell = evaluation_log(dimensions_of(settings))
    return Worker(table, upstream, build_store(settings), rules, clock, times, tell)


def new_jobs(records: Iterable[Mapping[str, Any]]) -> list[NewJob]:
    """Return the jobs that were written, from records of the table's stream."""
    jobs = []
    for record in records:
        change = record["dynamodb"]
        keys = change["Keys"]
        evaluation_id = evaluation_id_of(Key(keys["PK"]["S"], keys["SK"]["S"]))
        if evaluation_id is not None and record["eventName"] == "INSERT":
            jobs.append(NewJob(evaluation_id, change["SequenceNumber"]))
    return jobs


def run_all(
    runner: TimedRunner,
    jobs: Iterable[NewJob],
    seconds_left: Callable[[], float],
    pause: Callable[[float], None] = time.sleep,
) -> list[NewJob]:
    """Run jobs side by side, and return those that have not ended.

    Args:
        seconds_left: tells how long the process may go on.
    """
    jobs = list(jobs)
    with ThreadPoolExecutor(JOBS_AT_ONCE, thread_name_prefix="job") as pool:
        ended = pool.map(lambda job: _run_to_its_end(runner, job, seconds_left, pause), jobs)
        return [job for job, has_ended in zip(jobs, ended, strict=True) if not has_ended]


def _run_to_its_end(
    runner: TimedRunner,
    job: NewJob,
    seconds_left: Callable[[], float],
    pause: Callable[[float], None],
) -> bool:
    while seconds_left() > runner.attempt_seconds:
        try:
            again = runner.run(job.evaluation_id)
        except Exception:
            # Whatever it was, such as DynamoDB out of reach: the other jobs have their own answer.
            _LOGGER.exception("evaluation %s could not be run", job.evaluation_id)
            return False
        if again is None:
            return True
        pause(min(again.after_seconds, max(seconds_left() - runner.attempt_seconds, 0)))
    _LOGGER.warning("evaluation %s has not ended, and there is no time left", job.evaluation_id)
    return False
