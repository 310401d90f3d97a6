"""Two evaluations of the same: the same report, byte for byte."""

import json
import re

import pytest

from tests.api.client import Answer, Api
from tests.api.doors import Door
from tests.api.evaluation.bench import Bench
from tests.api.evaluation.evaluator import Evaluator, metrics_of, report_of
from tests.api.evaluation.hub_shelf import DATASET, MODEL, REPOSITORY, sha_of

LATENCIES = re.compile(rb'"latenciesMs": \{.*?\}', re.DOTALL)


@pytest.fixture
def client(app_door: Door) -> Door:
    """One door: the report is not made by either."""
    return app_door


def comparable(report: bytes) -> bytes:
    """Return a report without what may differ: the evaluation's id and the latencies."""
    evaluation_id = json.loads(report)["evaluationId"].encode()
    assert report.count(evaluation_id) == 1
    without_latencies, count = LATENCIES.subn(b"", report)
    assert count == 1
    return without_latencies.replace(evaluation_id, b"")


class TestSameBytes:
    """The same revision, rules and day: the same report, however popular the model has become."""

    @staticmethod
    def assert_same(api: Api, first: Answer, second: Answer) -> None:
        assert first["id"] != second["id"]
        before, after = report_of(api, first["id"]), report_of(api, second["id"])
        assert comparable(before) == comparable(after)
        assert metrics_of(first) == metrics_of(second)
        for name in ("netScore", "netScoreFloor", "netScoreCeiling", "coverage", "sizeScore"):
            assert first[name] == second[name]

    def test_twice(self, api: Api, evaluator: Evaluator) -> None:
        self.assert_same(api, evaluator.evaluated(), evaluator.evaluated())

    def test_by_another_worker(self, api: Api, evaluator: Evaluator, bench: Bench) -> None:
        first = evaluator.evaluated()
        bench.use_worker()
        self.assert_same(api, first, evaluator.evaluated())

    def test_of_a_model_that_is_given(self, api: Api, evaluator: Evaluator) -> None:
        first = evaluator.evaluated()
        self.assert_same(api, first, evaluator.evaluated(modelId=first["model"]["id"]))

    def test_of_a_model_without_anything(
        self, api: Api, evaluator: Evaluator, bench: Bench
    ) -> None:
        bench.shelf.add_model("acme/bare", None, siblings=[], cardData={}, tags=[])
        url = "https://huggingface.co/acme/bare"
        self.assert_same(api, evaluator.evaluated(url), evaluator.evaluated(url))

    def test_after_millions_of_downloads(
        self, api: Api, evaluator: Evaluator, bench: Bench
    ) -> None:
        first = evaluator.evaluated()
        popular = {"downloads": 10**9, "downloadsAllTime": 10**10, "likes": 10**6}
        trending = {
            "trendingScore": 999,
            "spaces": ["a/b"] * 50,
            "lastModified": "2026-11-01T00:00:00.000Z",
        }
        bench.shelf.change("models", MODEL, **popular, **trending)
        bench.shelf.change("datasets", DATASET, **popular)
        bench.shelf.add_repository(REPOSITORY, stargazers_count=10**6, forks=10**5, watchers=10**5)
        self.assert_same(api, first, evaluator.evaluated())

    def test_but_not_of_another_revision(
        self, api: Api, evaluator: Evaluator, bench: Bench
    ) -> None:
        first = evaluator.evaluated()
        bench.shelf.change("models", MODEL, sha=sha_of("another"))
        second = evaluator.evaluated()
        assert first["revision"] != second["revision"]
        reports = [comparable(report_of(api, one["id"])) for one in (first, second)]
        assert reports[0] != reports[1]
