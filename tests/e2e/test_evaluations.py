"""Evaluations beside the local server: many at once, and what a crash leaves of them."""

import json
import logging
import re
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

import httpx2
import pytest

from graph.local.hub import DEMO_DATA, StandInHub
from graph.local.hub.faults import Delay
from graph.local.server import LocalServer
from graph.worker import JOBS_AT_ONCE
from models.evaluation.times import Times
from models.evaluation.upstream.http import CONNECTIONS_MAX
from models.settings import Settings
from tests.api.evaluation.hub_shelf import DATASET, REPOSITORY, Shelf
from tests.e2e.evaluator import DELETE, EvaluationProcess, Evaluator, actions_of
from tests.e2e.serve_process import ServeProcess

MANY: Final = 250
SOON_S: Final = 60.0
SNAPSHOT_S: Final = 1.0
"""After which a write survives `kill -9` (tests/e2e/test_durability.py)."""
CONCURRENCY_MAX: Final = CONNECTIONS_MAX + JOBS_AT_ONCE
"""Towards the Hub as many as there are connections, towards GitHub one for each job."""

_LOGGER: Final = logging.getLogger(__name__)
T = TypeVar("T")


def url_of(name: str) -> str:
    return f"https://huggingface.co/{name}"


def new_shelf(directory: Path, *names: str) -> Shelf:
    """Fill a folder with models that share their dataset and repository."""
    shelf = Shelf(directory)
    for name in names:
        shelf.add_model(name)
    shelf.add_dataset(DATASET)
    shelf.add_repository(REPOSITORY)
    return shelf


def until(happened: Callable[[], object]) -> None:
    end = time.monotonic() + SOON_S
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


def at_once(count: int, act: Callable[[int], T]) -> list[T]:
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(act, range(count)))


@pytest.fixture(scope="class")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hub")


@pytest.fixture(scope="class")
def hub(directory: Path) -> Iterator[StandInHub]:
    with StandInHub(directory) as hub:
        yield hub


def settings_for(hub: StandInHub) -> Settings:
    return Settings(hub_endpoint=hub.url, github_api_url=hub.github_url)


@pytest.fixture(scope="class")
def evaluator(hub: StandInHub) -> Iterator[Evaluator]:
    with LocalServer(settings=settings_for(hub), times=Times(pause_seconds=0.1)) as server:
        yield Evaluator(server.url)


class TestAtOnce:
    """One server, and many who ask."""

    def test_8_who_ask_for_one_page_get_one_evaluation(
        self, evaluator: Evaluator, hub: StandInHub, directory: Path
    ) -> None:
        new_shelf(directory, "acme/wanted")
        hub.fail("/api/models/acme/wanted", Delay(1.0), times=1)
        found = at_once(8, lambda _: evaluator.evaluate(url_of("acme/wanted")))
        assert {one["status"] for one in found} == {"SUCCEEDED"}
        assert len({one["id"] for one in found}) == 1
        (model,) = [one for one in evaluator.models() if one["name"] == "acme/wanted"]
        assert actions_of(model) == ["CREATE", "EVALUATE"]
        assert [one["id"] for one in model["evaluations"]["nodes"]] == [found[0]["id"]]
        asked = [one for one in hub.requests if one.path == "/api/models/acme/wanted"]
        assert len(asked) == 1

    def test_8_names_of_one_model_make_one_model(
        self, evaluator: Evaluator, directory: Path
    ) -> None:
        """Each is a page of its own until the Hub has told that they are renames."""
        shelf = new_shelf(directory, "acme/renamed")
        shelf.rename(*(f"old/name-{number}" for number in range(7)), to="acme/renamed")
        names = ["acme/renamed", *(f"old/name-{number}" for number in range(7))]
        found = at_once(8, lambda number: evaluator.evaluate(url_of(names[number])))
        assert {one["status"] for one in found} == {"SUCCEEDED"}
        (model,) = [one for one in evaluator.models() if one["name"] == "acme/renamed"]
        assert actions_of(model) == ["CREATE", *["EVALUATE"] * 8]

    def test_a_model_that_is_deleted_meanwhile_ends_it(
        self, evaluator: Evaluator, hub: StandInHub, directory: Path
    ) -> None:
        new_shelf(directory, "acme/doomed")
        first = evaluator.evaluate(url_of("acme/doomed"))
        (found,) = evaluator.evaluations([first["id"]])
        hub.fail("/acme/doomed/resolve", Delay(1.0), times=1)
        hub.requests.clear()
        second = evaluator.evaluate(url_of("acme/doomed"), waitSeconds=0)["id"]
        until(lambda: any(one.path.startswith("/acme/doomed") for one in hub.requests))
        evaluator.execute(DELETE, id=found["model"]["id"])
        (ended,) = evaluator.ended([second], SOON_S)
        assert (ended["status"], ended["failure"]) == ("FAILED", {"code": "INVALID_STATE"})
        query = """query ($id: ID!) { model(id: $id) {
          state netScore changeHistory { nodes { action } } historyVerification { intact }
        } }"""
        assert evaluator.execute(query, id=found["model"]["id"])["model"] == {
            "state": "DELETED",
            "netScore": first["netScore"],
            "changeHistory": {
                "nodes": [{"action": one} for one in ("DELETE", "EVALUATE", "CREATE")]
            },
            "historyVerification": {"intact": True},
        }

    def test_a_slow_hub_is_asked_for_no_more_at_a_time(
        self, evaluator: Evaluator, hub: StandInHub, directory: Path
    ) -> None:
        names = [f"wide/model-{number}" for number in range(2 * JOBS_AT_ONCE)]
        shelf = new_shelf(directory)
        for name in names:
            datasets = [f"{name}-data-{number}" for number in range(10)]
            shelf.add_model(name, cardData={"license": "mit", "datasets": datasets})
        hub.fail("/api/datasets/wide/", Delay(0.2))
        hub.fail("/wide/", Delay(0.2))
        hub.max_concurrent = 0
        found = evaluator.ended(evaluator.queue(url_of(name) for name in names), SOON_S)
        assert {one["status"] for one in found} == {"SUCCEEDED"}
        assert CONNECTIONS_MAX / 2 < hub.max_concurrent <= CONCURRENCY_MAX

    def test_250_pages_are_read_by_a_few_at_a_time(
        self, evaluator: Evaluator, hub: StandInHub, directory: Path
    ) -> None:
        names = [f"many/model-{number}" for number in range(MANY)]
        new_shelf(directory, *names)
        hub.max_concurrent = 0
        began = time.monotonic()
        ids = evaluator.queue(url_of(name) for name in names)
        queued = time.monotonic()
        found = evaluator.ended(ids, SOON_S)
        ended = time.monotonic()
        _LOGGER.warning(
            "%d evaluations: queued in %.1f s, ended in %.1f s, at most %d requests at a time",
            MANY,
            queued - began,
            ended - queued,
            hub.max_concurrent,
        )
        assert [one["url"] for one in found] == [url_of(name) for name in names]
        assert {(one["status"], one["coverage"]) for one in found} == {("SUCCEEDED", 1.0)}
        assert len({one["model"]["id"] for one in found}) == MANY
        assert JOBS_AT_ONCE <= hub.max_concurrent <= CONCURRENCY_MAX


class TestDemo:
    """`ml-evaluator serve --demo`: an evaluation without a network."""

    def test_evaluates_the_example_that_it_names(self, tmp_path: Path) -> None:
        with ServeProcess(tmp_path, "--port=0", "--demo") as server:
            (example,) = re.findall(r"https://huggingface\.co/[\w./-]+", server.output)
            evaluator = Evaluator(server.url)
            evaluation = evaluator.evaluate(example)
            assert evaluation["status"] == "SUCCEEDED"
            assert evaluation["netScore"] > 0.5
            query = """query ($id: ID!) { node(id: $id) { ... on Evaluation {
              reportUrl metrics { status evidence { note } } model { name sourceUrl }
            } } }"""
            node = evaluator.execute(query, id=evaluation["id"])["node"]
            assert node["model"]["sourceUrl"] == example
            assert {metric["status"] for metric in node["metrics"]} == {"MEASURED"}
            assert all(metric["evidence"] for metric in node["metrics"])
            report = httpx2.get(node["reportUrl"])
            assert report.headers["content-type"] == "application/json"
            assert report.json()["netScore"] == evaluation["netScore"]
            assert [actions_of(model) for model in evaluator.models()] == [["CREATE", "EVALUATE"]]
            assert server.stop(signal.SIGTERM) == 0
            assert server.errors == ""

    def test_evaluates_all_that_the_stand_in_has(self, tmp_path: Path) -> None:
        names = [json.loads(file.read_text())["id"] for file in DEMO_DATA.glob("models/*.json")]
        with ServeProcess(tmp_path, "--port=0", "--demo") as server:
            evaluator = Evaluator(server.url)
            found = evaluator.ended(evaluator.queue(url_of(name) for name in names), SOON_S)
            assert {one["status"] for one in found} == {"SUCCEEDED"}
            assert len(evaluator.models()) == len(names) > 1


class TestDeadline:
    """A Hub that takes longer than a job may."""

    def test_ends_the_job_and_whatever_comes_later_is_dropped(
        self, hub: StandInHub, directory: Path
    ) -> None:
        new_shelf(directory, "acme/slow")
        hub.fail("/acme/slow/resolve", Delay(4.0), times=1)
        times = Times(deadline_seconds=2.0, reading_seconds=10)
        with LocalServer(settings=settings_for(hub), times=times) as server:
            evaluator = Evaluator(server.url)
            evaluation_id = evaluator.evaluate(url_of("acme/slow"))["id"]
            (evaluation,) = evaluator.evaluations([evaluation_id])
            assert evaluation["failure"] == {"code": "UPSTREAM_UNAVAILABLE"}
            assert evaluation["completedAt"] == evaluation["deadline"]
            again = evaluator.evaluate(url_of("acme/slow"))
            assert again["status"] == "SUCCEEDED"
            time.sleep(4.0)
            assert evaluator.evaluations([evaluation_id]) == [evaluation]
            (model,) = evaluator.models()
            assert actions_of(model) == ["CREATE", "EVALUATE"]
            assert model["latestEvaluation"]["id"] == again["id"]


class TestKill:
    """`kill -9` of the server with everything that it was doing."""

    TIMES: Final = Times(
        deadline_seconds=60, lease_seconds=2, reading_seconds=10, pause_seconds=0.1
    )

    def test_a_job_under_way_is_begun_again(
        self, tmp_path: Path, hub: StandInHub, directory: Path
    ) -> None:
        new_shelf(directory, "acme/tiny")
        hub.fail("/acme/tiny/resolve", Delay(60), times=1)
        with EvaluationProcess(tmp_path, hub, self.TIMES) as server:
            evaluator = Evaluator(server.url)
            evaluation_id = evaluator.evaluate(url_of("acme/tiny"), waitSeconds=0)["id"]
            until(lambda: any("/resolve/" in one.path for one in hub.requests))
            time.sleep(SNAPSHOT_S)
            assert evaluator.evaluations([evaluation_id])[0]["status"] == "RUNNING"
            server.stop(signal.SIGKILL)
        with EvaluationProcess(tmp_path, hub, self.TIMES) as server:
            evaluator = Evaluator(server.url)
            (evaluation,) = evaluator.ended([evaluation_id], self.TIMES.deadline_seconds)
            assert (evaluation["status"], evaluation["coverage"]) == ("SUCCEEDED", 1.0)
            assert evaluation["completedAt"] <= evaluation["deadline"]
            (model,) = evaluator.models()
            assert actions_of(model) == ["CREATE", "EVALUATE"]

    def test_jobs_in_line_are_all_done_and_no_model_is_half_changed(
        self, tmp_path: Path, hub: StandInHub, directory: Path
    ) -> None:
        names = [f"line/model-{number}" for number in range(16)]
        new_shelf(directory, *names)
        hub.fail("/line/", Delay(0.4), times=24)
        with EvaluationProcess(tmp_path, hub, self.TIMES) as server:
            ids = Evaluator(server.url).queue(url_of(name) for name in names)
            time.sleep(SNAPSHOT_S)
            server.stop(signal.SIGKILL)
        with EvaluationProcess(tmp_path, hub, self.TIMES) as server:
            assert len(Evaluator(server.url).evaluations(ids)) == len(ids)
            time.sleep(0.5)
            server.stop(signal.SIGKILL)
        with EvaluationProcess(tmp_path, hub, self.TIMES) as server:
            evaluator = Evaluator(server.url)
            found = evaluator.ended(ids, self.TIMES.deadline_seconds)
            assert {one["status"] for one in found} == {"SUCCEEDED"}
            models = evaluator.models()
            assert sorted(model["name"] for model in models) == sorted(names)
            for model in models:
                evaluations = [one["id"] for one in model["evaluations"]["nodes"]]
                assert actions_of(model) == ["CREATE", "EVALUATE"]
                assert evaluations == [model["latestEvaluation"]["id"]]
                assert evaluations[0] in ids
            assert server.stop(signal.SIGTERM) == 0
            assert "Traceback" not in server.errors
