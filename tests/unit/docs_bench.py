"""The API with a worker and a stand-in Hub, for the tests that run the pages' requests."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from moto import mock_aws
from starlette.testclient import TestClient

import models.evaluation.jobs
import models.evaluation.registration
import models.registry.service
from graph.app import create_app
from graph.auth import local_admin
from graph.bootstrap import build_services, provision
from graph.local.hub import DEMO_DATA, StandInHub
from graph.services import Services
from graph.worker import build_worker
from models.evaluation.worker import Worker
from models.settings import AwsCredentials, Settings
from models.timestamps import Clock, Timestamp, parse


class PageClock:
    """Tells the time that the examples tell."""

    def __init__(self) -> None:
        self.minutes = 0

    def __call__(self) -> Timestamp:
        """Return the instant; it stays until the next example."""
        return parse(f"2026-11-23T09:{self.minutes:02}:00Z")


class Bench:
    """The API and a worker on moto, beside the stand-in Hub of `ml-evaluator serve --demo`.

    The worker works while somebody waits for an evaluation, and when it is told to.
    """

    def __init__(self, services: Services, worker: Worker) -> None:
        self.services = services
        self._worker = worker
        app = create_app(services, authenticate=local_admin, in_threads=False)
        self._client = TestClient(app)

    def ask(self, query: str) -> dict[str, Any]:
        """Send a GraphQL document, and return the whole answer."""
        answer: dict[str, Any] = self._client.post("/graphql", json={"query": query}).json()
        return answer

    def work(self, _seconds: float = 0) -> None:
        """Run every job that is open."""
        for job in self.services.evaluation_reader.left_open():
            assert self._worker.run(job) is None


@contextmanager
def bench(clock: Clock) -> Iterator[Bench]:
    with mock_aws(), StandInHub(DEMO_DATA) as hub, pytest.MonkeyPatch.context() as patch:
        settings = Settings(
            credentials=AwsCredentials("test", "test"),
            hub_endpoint=hub.url,
            github_api_url=hub.github_url,
        )
        provision(settings)
        services = build_services(settings, clock)
        worker = build_worker(settings, services.table, clock)
        made = Bench(services, worker)
        patch.setattr(services.evaluations, "_pause", made.work)
        try:
            yield made
        finally:
            worker._upstream.close()  # type: ignore[attr-defined]  # a protocol without it


def answers_to(queries: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Ask one after the other, on a table of their own, with the page's clock and ids.

    Before a query, whatever was queued is evaluated; a mutation finds it as it is.
    """
    clock = PageClock()
    ids = (f"01a208e0-8d43-7394-83c0-437ffe0079{number:02x}" for number in range(1, 100))
    modules = (models.registry.service, models.evaluation.jobs, models.evaluation.registration)
    with pytest.MonkeyPatch.context() as patch, bench(clock) as running:
        for module in modules:
            patch.setattr(module, "new_id", lambda: next(ids))
        for minute, query in enumerate(queries, 1):
            clock.minutes = minute
            if not query.startswith("mutation"):
                running.work()
            yield running.ask(query)


def table_rows(page: str) -> dict[str, list[str]]:
    """Return the tables' rows by the code that begins each."""
    found = re.findall(r"^\| `([^`]+)` \| (.*) \|$", page, re.MULTILINE)
    return {name: rest.split(" | ") for name, rest in found}
