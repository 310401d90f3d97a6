"""Whatever goes wrong upstream: an end in time, and never a wrong score."""

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from graph.local.hub.faults import (
    CutOff,
    Fault,
    HangUp,
    HugeBody,
    InvalidJson,
    ManySiblings,
    OtherJson,
    Refuse,
    Status,
)
from tests.api.client import Answer
from tests.api.doors import Door
from tests.api.evaluation.bench import Bench
from tests.api.evaluation.evaluator import Evaluator, metrics_of
from tests.api.evaluation.hub_shelf import MODEL
from tests.api.evaluation.troubles import (
    CARD_PATH,
    COMMITS_PATH,
    DATASET_PATH,
    GITHUB_PATH,
    IMPATIENT,
    MODEL_PATH,
    OVERLOADED,
    SHORT,
    SLOW,
    USED_UP,
)
from tests.api.stored import Stored

CARD_METRICS = {"RAMP_UP_TIME", "PERFORMANCE_CLAIMS", "REPRODUCIBILITY"}
CODE_METRICS = {"DATASET_AND_CODE", "CODE_QUALITY"}
DATASET_METRICS = {"DATASET_AND_CODE", "DATASET_QUALITY"}


@dataclass(frozen=True)
class Source:
    """Something that is read.

    Attributes:
        unknown: the metrics that need it.
    """

    path: str
    unknown: frozenset[str]

    def __str__(self) -> str:
        return self.path


SOURCES = {
    "card": Source(CARD_PATH, frozenset(CARD_METRICS | CODE_METRICS)),
    "commits": Source(COMMITS_PATH, frozenset({"BUS_FACTOR"})),
    "dataset": Source(DATASET_PATH, frozenset(DATASET_METRICS)),
    "GitHub": Source(GITHUB_PATH, frozenset(CODE_METRICS)),
    "GitHub's commit": Source(f"{GITHUB_PATH}/commits", frozenset(CODE_METRICS)),
    "GitHub's tree": Source(f"{GITHUB_PATH}/git/trees", frozenset(CODE_METRICS)),
    "GitHub's releases": Source(f"{GITHUB_PATH}/releases", frozenset(CODE_METRICS)),
}
WHOLE_SOURCES = [SOURCES[name] for name in ("card", "commits", "dataset", "GitHub")]
PARTS_OF_GITHUB = [source for source in SOURCES.values() if source not in WHOLE_SOURCES]
UNREAD: dict[str, Fault] = {
    "403": Status(403),
    "429 for an hour": Status(429, OVERLOADED),
    "500": Status(500),
    "503": Status(503),
    "cut off": CutOff(),
    "hung up": HangUp(),
    "20 MB": HugeBody(20_000_000),
}
BROKEN: dict[str, Fault] = {
    "invalid JSON": InvalidJson(),
    "a list": OtherJson([1]),
    "null": OtherJson(None),
    "nonsense": OtherJson({"id": 7, "sha": [], "full_name": {}, "tree": "x", "commit": 1}),
}


@pytest.fixture
def client(app_door: Door) -> Door:
    """One door: what goes wrong here lies behind both."""
    return app_door


@pytest.fixture(autouse=True)
def _every_job_ends(bench: Bench) -> Iterator[None]:
    yield
    assert bench.open_jobs() == []


class TestOneSource:
    """What cannot be read makes the metrics that need it UNKNOWN, and changes no other."""

    undisturbed: ClassVar[dict[str, Answer]] = {}

    @pytest.fixture(autouse=True)
    def _undisturbed(self, evaluator: Evaluator, stored: Stored) -> None:
        if not self.undisturbed:
            self.undisturbed.update(metrics_of(evaluator.evaluated()))
            assert {metric["status"] for metric in self.undisturbed.values()} == {"MEASURED"}
        stored.clear()

    def hold(self, evaluation: Answer, unknown: frozenset[str]) -> None:
        """Hold an evaluation to be the undisturbed one, but for what is unknown."""
        assert evaluation["status"] == "SUCCEEDED", evaluation["failure"]
        found = metrics_of(evaluation)
        assert {name for name in found if found[name]["status"] == "UNKNOWN"} == unknown
        for name, metric in found.items():
            if name in unknown:
                assert metric["score"] is None
                assert all(item["note"] for item in metric["evidence"])
            else:
                assert metric == self.undisturbed[name]
        weights = {name: metric["weight"] for name, metric in found.items()}
        lost = sum(weights[name] for name in unknown)
        assert evaluation["coverage"] == pytest.approx(1 - lost)
        assert evaluation["netScoreFloor"] <= evaluation["netScore"]
        assert evaluation["netScore"] <= evaluation["netScoreCeiling"]
        assert evaluation["netScoreCeiling"] - evaluation["netScoreFloor"] == pytest.approx(
            lost, abs=2e-4
        )

    @pytest.mark.parametrize(
        ("source", "fault"),
        [
            *(itertools.product(WHOLE_SOURCES, UNREAD.values())),
            *(itertools.product(PARTS_OF_GITHUB, (UNREAD["500"], UNREAD["cut off"]))),
        ],
        ids=str,
    )
    def test_that_is_refused_or_broken_off(
        self, evaluator: Evaluator, bench: Bench, source: Source, fault: Fault
    ) -> None:
        bench.hub.fail(source.path, fault)
        self.hold(evaluator.ended(), source.unknown)

    @pytest.mark.parametrize(
        "source",
        [SOURCES[name] for name in ("commits", "dataset", "GitHub", "GitHub's tree")],
        ids=lambda source: source.path,
    )
    @pytest.mark.parametrize("fault", BROKEN.values(), ids=BROKEN)
    def test_that_makes_no_sense(
        self, evaluator: Evaluator, bench: Bench, source: Source, fault: Fault
    ) -> None:
        bench.hub.fail(source.path, fault)
        self.hold(evaluator.ended(), source.unknown)

    @pytest.mark.parametrize("source", WHOLE_SOURCES, ids=str)
    @pytest.mark.parametrize("fault", SLOW.values(), ids=SLOW)
    def test_that_never_comes(
        self, evaluator: Evaluator, bench: Bench, source: Source, fault: Fault
    ) -> None:
        bench.use_worker(times=SHORT, pacing=IMPATIENT)
        bench.hub.fail(source.path, fault)
        began = time.monotonic()
        self.hold(evaluator.ended(), source.unknown)
        assert time.monotonic() - began < SHORT.deadline_seconds

    @pytest.mark.parametrize(
        ("name", "fault"),
        [
            ("card", Status(404)),
            ("card", Refuse(404, "EntryNotFound")),
            ("card", Refuse(401, "GatedRepo")),
            ("card", Refuse(403, "GatedRepo")),
            ("commits", Status(404)),
            ("commits", Refuse(404, "RevisionNotFound")),
            ("dataset", Refuse(403, "GatedRepo")),
            ("dataset", Status(401)),
            ("GitHub", Status(401)),
            ("GitHub", Status(403, USED_UP)),
            ("GitHub", Status(403, OVERLOADED)),
            ("GitHub's commit", Status(404)),
            ("GitHub's tree", Status(404)),
        ],
        ids=str,
    )
    def test_that_is_withheld(
        self, evaluator: Evaluator, bench: Bench, name: str, fault: Fault
    ) -> None:
        bench.hub.fail(SOURCES[name].path, fault)
        self.hold(evaluator.ended(), SOURCES[name].unknown)

    @pytest.mark.parametrize("source", WHOLE_SOURCES, ids=str)
    @pytest.mark.parametrize(
        "fault",
        [Status(429, (("Retry-After", "2"),)), Status(500), CutOff()],
        ids=["429", "500", "cut off"],
    )
    def test_that_comes_at_the_second_try(
        self, evaluator: Evaluator, bench: Bench, source: Source, fault: Fault
    ) -> None:
        bench.hub.fail(source.path, fault, times=1)
        self.hold(evaluator.ended(), frozenset())
        is_told_to_wait = isinstance(fault, Status) and bool(fault.headers)
        assert max(bench.pauses) >= (2 if is_told_to_wait else 0)

    @pytest.mark.parametrize("fault", [Status(404), Refuse(401, "RepoNotFound")], ids=str)
    def test_that_is_gone_scores_0(self, evaluator: Evaluator, bench: Bench, fault: Fault) -> None:
        bench.hub.fail(DATASET_PATH, fault)
        evaluation = evaluator.ended()
        found = metrics_of(evaluation)
        assert (evaluation["status"], evaluation["coverage"]) == ("SUCCEEDED", 1.0)
        assert found["DATASET_QUALITY"]["score"] == 0
        assert found["DATASET_AND_CODE"]["score"] == 0.5
        for name in found.keys() - DATASET_METRICS:
            assert found[name] == self.undisturbed[name]

    def test_that_github_does_not_have_scores_0(self, evaluator: Evaluator, bench: Bench) -> None:
        bench.hub.fail(GITHUB_PATH, Status(404))
        found = metrics_of(evaluator.ended())
        assert found["CODE_QUALITY"]["status"] == "NOT_APPLICABLE"
        assert found["DATASET_AND_CODE"]["score"] == 0.5
        for name in found.keys() - CODE_METRICS:
            assert found[name] == self.undisturbed[name]

    def test_all_at_once(self, evaluator: Evaluator, bench: Bench) -> None:
        for source in SOURCES.values():
            bench.hub.fail(source.path, Status(500))
        unknown = CARD_METRICS | CODE_METRICS | DATASET_METRICS | {"BUS_FACTOR"}
        self.hold(evaluator.ended(), frozenset(unknown))

    def test_10_000_files_more(self, evaluator: Evaluator, bench: Bench) -> None:
        model = bench.hub._data.described("models", MODEL)
        assert model
        own: Any = model["siblings"]
        many = [{"rfilename": f"data/part-{number:05}.txt", "size": 1} for number in range(10_000)]
        bench.shelf.change("models", MODEL, siblings=[*own, *many])
        evaluation = evaluator.ended()
        assert evaluation["status"] == "SUCCEEDED", evaluation["failure"]
        assert scores(metrics_of(evaluation)) == scores(self.undisturbed)

    def test_10_000_files_instead_of_its_own(self, evaluator: Evaluator, bench: Bench) -> None:
        bench.hub.fail(MODEL_PATH, ManySiblings(), times=1)
        evaluation = evaluator.ended()
        assert evaluation["status"] == "SUCCEEDED", evaluation["failure"]
        found = metrics_of(evaluation)
        for name in ("BUS_FACTOR", "LICENSE", "SIZE", "DATASET_QUALITY"):
            assert found[name]["score"] == self.undisturbed[name]["score"]


def scores(found: dict[str, Answer]) -> dict[str, float | None]:
    return {name: metric["score"] for name, metric in found.items()}
