"""A whole reading, over real sockets: complete, by its deadline, and the same every time."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graph.local.hub import StandInHub
from graph.local.hub.faults import Changed, Delay, Drip, Status
from models.errors import UserErrorCode
from models.evaluation.catalog import Source
from models.evaluation.facts import (
    Absent,
    Commits,
    DatasetFacts,
    RepositoryFacts,
    Unread,
)
from models.evaluation.upstream.errors import UpstreamFailure
from models.evaluation.upstream.github import GitHub
from models.evaluation.upstream.hub import Hub
from models.evaluation.upstream.reading import (
    DATASET_READERS_MAX,
    DATASETS_MAX,
    SOURCE_READERS_MAX,
    Reading,
    Upstream,
)
from tests.unit.models.evaluation.upstreams import (
    GATED,
    LONG_SECONDS,
    OLD_NAME,
    QUICK,
    TEMPLATE,
    WELL_DOCUMENTED,
    copy_of_demo_data,
)

HUB_TOKEN, GITHUB_TOKEN = "hf_one", "ghp_other"
DATASETS = "/api/datasets/"
ENOUGH_SECONDS = 2
"""For everything that comes at all, on a machine with much else to do."""


@pytest.fixture
def stand_in(tmp_path: Path) -> Iterator[StandInHub]:
    with StandInHub(copy_of_demo_data(tmp_path)) as running:
        yield running


@pytest.fixture
def upstream(stand_in: StandInHub) -> Iterator[Upstream]:
    hub = Hub(stand_in.url, HUB_TOKEN, QUICK)
    github = GitHub(stand_in.github_url, GITHUB_TOKEN, QUICK)
    upstream = Upstream(hub, github)
    yield upstream
    upstream.close()


def read(upstream: Upstream, repo_id: str = WELL_DOCUMENTED, seconds: float = 10) -> Reading:
    return upstream.read(repo_id, None, "2026-11-23", seconds)


class TestRead:
    """Reading what is all there."""

    def test_a_well_documented_model(self, upstream: Upstream) -> None:
        facts = read(upstream).facts
        assert facts.model.repo_id == WELL_DOCUMENTED
        assert isinstance(facts.card, str)
        assert isinstance(facts.commits, Commits)
        assert [dataset.declared for dataset in facts.datasets] == [
            "northwind/tide-reports",
            "northwind/port-notices",
        ]
        assert all(isinstance(dataset.found, DatasetFacts) for dataset in facts.datasets)
        assert isinstance(facts.repository, RepositoryFacts)
        assert facts.read_on == "2026-11-23"

    def test_twice_the_same(self, stand_in: StandInHub, upstream: Upstream) -> None:
        first = read(upstream).facts
        stand_in.fail("/api/datasets/northwind/tide-reports", Delay(0.05))
        stand_in.fail(f"/{WELL_DOCUMENTED}/resolve", Delay(0.02))
        assert read(upstream).facts == first

    def test_everything_is_read_at_the_commit_of_the_model(
        self, stand_in: StandInHub, upstream: Upstream
    ) -> None:
        revision = read(upstream).facts.model.revision
        pinned = [request.path for request in stand_in.requests if revision in request.path]
        assert len(pinned) == 2

    def test_a_library_under_a_former_name_is_no_code_of_the_model(
        self, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = read(upstream).facts.repository
        assert isinstance(found, RepositoryFacts)
        renamed = replace(found, full_name="huggingface/Transformers")
        monkeypatch.setattr(upstream._github, "repository", lambda *_: renamed)
        assert isinstance(read(upstream).facts.repository, Absent)

    def test_a_revision_that_was_asked_for(self, upstream: Upstream) -> None:
        with pytest.raises(UpstreamFailure, match="no such revision") as failure:
            upstream.read(WELL_DOCUMENTED, "v0", "2026-11-23", 10)
        assert failure.value.code == UserErrorCode.UPSTREAM_NOT_FOUND

    def test_each_token_goes_to_its_own_service(
        self, stand_in: StandInHub, upstream: Upstream
    ) -> None:
        read(upstream)
        for request in stand_in.requests:
            is_github = stand_in.github_url.endswith(request.headers["host"])
            token = GITHUB_TOKEN if is_github else HUB_TOKEN
            assert request.headers["authorization"] == f"Bearer {token}"

    def test_the_time_of_each_source_is_told(
        self, stand_in: StandInHub, upstream: Upstream
    ) -> None:
        stand_in.fail(DATASETS, Delay(0.05))
        elapsed = read(upstream).elapsed_ms
        assert elapsed.keys() == set(Source)
        assert all(value >= 0 for value in elapsed.values())
        assert elapsed[Source.DATASETS] >= 50

    def test_sources_are_read_side_by_side(self, stand_in: StandInHub, upstream: Upstream) -> None:
        for path in (DATASETS, f"/{WELL_DOCUMENTED}/resolve", f"/api/models/{WELL_DOCUMENTED}/c"):
            stand_in.fail(path, Delay(0.4))
        read(upstream)
        assert stand_in.max_concurrent == 4


class TestRepository:
    """The code that the card links."""

    def test_a_card_that_links_none(self, upstream: Upstream) -> None:
        found = read(upstream, OLD_NAME).facts.repository
        assert found == Absent("the card links no code repository")

    def test_no_card(self, stand_in: StandInHub, upstream: Upstream) -> None:
        stand_in.fail("/api/models", Changed({"siblings": []}), times=1)
        facts = read(upstream).facts
        assert facts.card == Absent("the model has no README.md")
        assert facts.repository == Absent("the card links no code repository")

    def test_an_unread_card_may_link_one(self, upstream: Upstream) -> None:
        facts = read(upstream, GATED).facts
        assert isinstance(facts.card, Unread)
        assert facts.repository == Unread("the card, which would link it, could not be read")


class TestDatasets:
    """The datasets that the model declares."""

    def test_not_more_than_so_many(self, stand_in: StandInHub, upstream: Upstream) -> None:
        names = [f"northwind/set-{number}" for number in range(100)]
        stand_in.fail("/api/models", Changed({"cardData": {"datasets": names}}), times=1)
        stand_in.fail(DATASETS, Delay(0.01))
        datasets = read(upstream).facts.datasets
        assert [dataset.declared for dataset in datasets] == names[:DATASETS_MAX]
        assert stand_in.max_concurrent <= DATASET_READERS_MAX + SOURCE_READERS_MAX

    def test_one_that_is_gone_among_others(self, stand_in: StandInHub, upstream: Upstream) -> None:
        names = ["northwind/tide-reports", "no/body", "../models/a/b"]
        card = {"cardData": {"datasets": names}}
        stand_in.fail("/api/models", Changed(card), times=1)
        found = [dataset.found for dataset in read(upstream).facts.datasets]
        assert isinstance(found[0], DatasetFacts)
        assert found[1:] == [Absent("the Hub has no such dataset, or it is private")]


class TestDeadline:
    """Whatever is not there in time is unread, and the rest counts."""

    def test_slow_sources(self, stand_in: StandInHub, upstream: Upstream) -> None:
        stand_in.fail("/api/datasets/northwind/tide", Drip(0.01))
        stand_in.fail("/api/datasets/northwind/port", Delay(60))
        stand_in.fail(f"/api/models/{WELL_DOCUMENTED}/commits", Delay(60))
        stand_in.fail("/repos", Delay(60))
        began = time.monotonic()
        reading = read(upstream, seconds=ENOUGH_SECONDS)
        assert time.monotonic() - began < LONG_SECONDS
        late = Unread("the Hub did not answer in time")
        assert [dataset.found for dataset in reading.facts.datasets] == [late, late]
        assert reading.facts.commits == late
        assert reading.facts.repository == Unread("GitHub did not answer in time")
        assert isinstance(reading.facts.card, str)
        assert reading.elapsed_ms[Source.COMMITS] > 0

    def test_a_slow_card(self, stand_in: StandInHub, upstream: Upstream) -> None:
        stand_in.fail(f"/{WELL_DOCUMENTED}/resolve", Delay(60))
        facts = read(upstream, seconds=ENOUGH_SECONDS).facts
        assert facts.card == Unread("the Hub did not answer in time")
        assert facts.repository == Unread("the card, which would link it, could not be read")
        assert isinstance(facts.commits, Commits)

    def test_a_slow_model(self, stand_in: StandInHub, upstream: Upstream) -> None:
        stand_in.fail("/api/models", Delay(5))
        with pytest.raises(UpstreamFailure, match="in time") as failure:
            read(upstream, TEMPLATE, seconds=0.2)
        assert failure.value.code == UserErrorCode.UPSTREAM_UNAVAILABLE
        assert failure.value.is_retryable

    def test_threads_end_with_it(self, stand_in: StandInHub) -> None:
        pacing = replace(QUICK, request_seconds=60, silence_seconds=60)
        upstream = Upstream(
            Hub(stand_in.url, pacing=pacing), GitHub(stand_in.github_url, pacing=pacing)
        )
        stand_in.fail(DATASETS, Delay(60))
        read(upstream, seconds=ENOUGH_SECONDS)
        began = time.monotonic()
        while any(thread.name.startswith("upstream") for thread in threading.enumerate()):
            assert time.monotonic() - began < LONG_SECONDS
        upstream.close()


class TestPartialFailure:
    """What fails says so; nothing else suffers."""

    def test_everything_but_the_model(self, stand_in: StandInHub, upstream: Upstream) -> None:
        model = read(upstream).facts.model
        revision_path = f"/api/models/{WELL_DOCUMENTED}/commits"
        for path in (DATASETS, f"/{WELL_DOCUMENTED}/resolve", revision_path):
            stand_in.fail(path, Status(500))
        facts = read(upstream).facts
        fault = Unread("the Hub has a fault of its own")
        assert facts.model == model
        assert (facts.card, facts.commits) == (fault, fault)
        assert {dataset.found for dataset in facts.datasets} == {fault}
