"""A registry with its worker and a stand-in Hub, where nothing happens unless a test lets it."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread

import boto3
from moto import mock_aws

from graph.bootstrap import build_services, build_store, provision
from graph.local.hub import StandInHub
from models.evaluation.catalog import metrics
from models.evaluation.times import Times
from models.evaluation.upstream.github import GitHub
from models.evaluation.upstream.hub import Hub
from models.evaluation.upstream.pacing import Pacing
from models.evaluation.upstream.reading import Upstream
from models.evaluation.version import evaluator_version
from models.evaluation.worker import Rules, Worker
from models.license.policy import LicensePolicy
from models.settings import AwsCredentials, Settings
from models.timestamps import now
from tests.api.evaluation.hub_shelf import Shelf

RUNS_MAX = 10
"""Of one job; it ends much earlier."""

TIMES = Times(reading_seconds=10, pause_seconds=0.01)
HUB_TOKEN = "hf_of_nobody"  # noqa: S105
GITHUB_TOKEN = "ghp_of_nobody"  # noqa: S105


class Bench:
    """Everything, on moto.

    Args:
        directory: that the Hub answers from.

    Attributes:
        pauses: in seconds, that the worker would have made between requests; it makes none.
    """

    def __init__(self, settings: Settings, hub: StandInHub, directory: Path) -> None:
        self.settings = settings
        self.services = build_services(settings)
        self.services.evaluations._pause = self._work_beside
        self.hub = hub
        self.shelf = Shelf(directory)
        self.pauses: list[float] = []
        self.store = build_store(settings)
        self._has_usual_worker = True
        self.upstream, self.worker = self._built(settings, TIMES, self._no_pauses)

    def reset(self) -> None:
        """Forget what the last test did, the table apart."""
        self.shelf.clear()
        self.shelf.stock()
        self.hub._planned.clear()
        self.hub.requests.clear()
        self.hub.max_concurrent = 0
        self.pauses.clear()
        if not self._has_usual_worker:
            self.use_worker()
            self._has_usual_worker = True

    def use_worker(
        self,
        *,
        times: Times = TIMES,
        pacing: Pacing | None = None,
        settings: Settings | None = None,
    ) -> None:
        """Work with other times, or other settings, until the end of the test."""
        self.close()
        self._has_usual_worker = False
        self.upstream, self.worker = self._built(
            settings or self.settings, times, pacing or self._no_pauses
        )

    def close(self) -> None:
        """Close all connections."""
        self.upstream.close()

    def work(self) -> None:
        """Run every job that is open, until it has ended."""
        for evaluation_id in self.services.evaluation_reader.left_open():
            for _ in range(RUNS_MAX):
                again = self.worker.run(evaluation_id)
                if again is None:
                    break
                time.sleep(again.after_seconds)
            else:
                raise AssertionError(f"evaluation {evaluation_id} does not end")

    def open_jobs(self) -> list[str]:
        """Return the jobs that have not ended."""
        return self.services.evaluation_reader.left_open()

    def report(self, key: str, version: str | None = None) -> bytes:
        """Fetch a report past the API."""
        s3 = boto3.client("s3", self.settings.region)
        which = {"VersionId": version} if version else {}
        content: bytes = s3.get_object(Bucket=self.settings.bucket, Key=key, **which)["Body"].read()
        return content

    @property
    def _no_pauses(self) -> Pacing:
        return Pacing(sleep=self.pauses.append)

    def _built(self, settings: Settings, times: Times, pacing: Pacing) -> tuple[Upstream, Worker]:
        """Build a worker as `graph.worker.build_worker` does, with its own times."""
        policy = LicensePolicy.load(settings.license_policy_path)
        upstream = Upstream(
            Hub(settings.hub_endpoint, settings.hub_token, pacing),
            GitHub(settings.github_api_url, settings.github_token, pacing),
        )
        rules = Rules(evaluator_version(policy.digest), metrics(policy), policy)
        return upstream, Worker(self.services.table, upstream, self.store, rules, now, times)

    def _work_beside(self, _seconds: float) -> None:
        """Do the work while a request waits: in a thread, so that it counts as no work of it."""
        thread = Thread(target=self.work)
        thread.start()
        thread.join()


@contextmanager
def bench_on_moto(directory: Path) -> Iterator[Bench]:
    """Build the registry, its worker, and the Hub that it asks."""
    with mock_aws(), StandInHub(directory) as hub:
        settings = Settings(
            credentials=AwsCredentials("test", "test"),
            hub_endpoint=hub.url,
            hub_token=HUB_TOKEN,
            github_api_url=hub.github_url,
            github_token=GITHUB_TOKEN,
        )
        provision(settings)
        with closing(Bench(settings, hub, directory)) as bench:
            yield bench


def sha256(content: bytes) -> str:
    """Return the digest of some bytes."""
    return hashlib.sha256(content).hexdigest()
