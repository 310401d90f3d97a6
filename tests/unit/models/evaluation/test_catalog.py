"""The table of metrics, and what holds for all of them."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import json_text
from models.evaluation.catalog import Metric, Source, metrics
from models.evaluation.facts import Absent, Commit, Commits, Dataset, Facts, Scan, Unread
from models.evaluation.finding import SCORE_DECIMALS, Evidence, MetricName, MetricStatus
from models.evaluation.metrics.checklist import OBSERVED_MAX_CHARACTERS, OBSERVED_MAX_ENTRIES
from models.evaluation.score import net_score
from models.evaluation.version import RULES_VERSION
from models.json_text import Json
from models.license.decision import LicenseDecision, Verdict
from tests.unit.models.evaluation.facts_builder import (
    ABSENT,
    UNREAD,
    a_dataset,
    a_model,
    a_repository,
    facts,
)
from tests.unit.models.evaluation.test_card import HOSTILE
from tests.unit.models.strategies import ANY_TEXT, json_values


class Policy:
    """Knows one license."""

    def decide(self, declared: str | None) -> LicenseDecision:
        verdict = Verdict.ALLOWED if declared == "mit" else Verdict.UNKNOWN
        return LicenseDecision(declared, declared, verdict, (f"It says {declared}",))


METRICS: Final = metrics(Policy())
OBSERVED_MAX_BYTES: Final = 6_000

texts = st.sampled_from(["", "mit", "glue", "https://github.com/a/b", "model.bin", "x.gguf"])
words = texts | ANY_TEXT
pieces = st.sampled_from(
    [
        "# Usage\n",
        "## Limitations\n",
        "```py\n",
        "|a|F1|\n|-|-|\n|b|1|\n",
        "<table><tr><td>",
        "[More Information Needed]\n",
        "- **Code:** ",
        "seed: 42\n",
        "lr 1e-4 ",
        "<!--",
        "\n\n",
        "---\n",
    ]
)
cards = st.lists(pieces | words, max_size=12).map("".join)
missing = st.sampled_from([ABSENT, UNREAD])
dates = st.dates().map(lambda day: day.isoformat())
objects = st.dictionaries(words, json_values, max_size=3)
models = st.builds(
    lambda model, index, parameters, scan: replace(
        model, model_index=index, parameters=parameters, scan=scan
    ),
    st.builds(
        a_model,
        card_data=st.fixed_dictionaries(
            {},
            optional={"datasets": json_values, "license": json_values, "license_name": json_values},
        ),
        config=st.fixed_dictionaries(
            {}, optional={"auto_map": json_values, "tokenizer_config": json_values}
        ),
        tags=st.lists(words, max_size=4),
        library=st.none() | words,
        task=st.none() | words,
        files=st.dictionaries(words, st.none() | st.integers(0, 2**40), max_size=5),
    ),
    json_values,
    st.dictionaries(st.sampled_from(["F32", "BF16", "X"]), st.integers(-1, 10**12), max_size=3),
    st.none() | st.builds(Scan, st.booleans(), st.dictionaries(words, words, max_size=3)),
)
datasets = st.builds(
    a_dataset, card_data=objects, tags=st.lists(words), description=words, citation=words
)
all_facts = st.builds(
    Facts,
    model=models,
    card=cards | missing,
    commits=st.just(UNREAD)
    | st.builds(
        Commits,
        st.lists(st.builds(Commit, st.lists(words, max_size=3).map(tuple), dates)).map(tuple),
        st.booleans(),
    ),
    datasets=st.lists(datasets | st.builds(Dataset, words, missing), max_size=3).map(tuple),
    repository=missing
    | st.builds(
        a_repository,
        license_id=st.none() | words,
        paths=st.none() | st.lists(words, max_size=4),
        committed_on=dates,
    ),
    read_on=dates,
)

each_metric = pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)


def everything() -> Facts:
    """Return what was read of a model that lacks nothing."""
    model = a_model(
        card_data={"license": "mit", "datasets": ["acme/data"]},
        parameters={"F32": 5},
        files=["model.safetensors", "train.py"],
        scan=Scan(is_done=True, issues={}),
    )
    found = facts(model, datasets=[a_dataset()], repository=a_repository(), card="# Usage\n\ntext")
    return replace(found, commits=Commits((Commit(("ann",), "2026-01-01"),), is_cut=False))


def largest_list(value: Json) -> int:
    if isinstance(value, dict):
        return max(map(largest_list, value.values()), default=0)
    if isinstance(value, list):
        return max(len(value), *map(largest_list, value), 0)
    return 0


class TestCatalog:
    """The table."""

    def test_it_has_every_metric_in_order(self) -> None:
        assert [metric.name for metric in METRICS] == list(MetricName)

    def test_weights_sum_up_to_1(self) -> None:
        assert sum(metric.weight for metric in METRICS) == pytest.approx(1, abs=1e-12)

    def test_weights_are_the_designs(self) -> None:
        assert {metric.name.value: metric.weight for metric in METRICS if metric.weight} == {
            "RAMP_UP_TIME": 0.20,
            "BUS_FACTOR": 0.10,
            "PERFORMANCE_CLAIMS": 0.15,
            "LICENSE": 0.15,
            "DATASET_AND_CODE": 0.20,
            "DATASET_QUALITY": 0.10,
            "CODE_QUALITY": 0.10,
        }

    def test_the_rules_have_a_semantic_version(self) -> None:
        assert re.fullmatch(r"\d+\.\d+\.\d+", RULES_VERSION)

    def test_no_metric_is_given_what_tells_popularity(self) -> None:
        package = Path(__file__).parents[4] / "models" / "evaluation" / "metrics"
        for path in package.glob("*.py"):
            assert not re.search(r"\b(downloads|likes|trending)\b", path.read_text()), path


@each_metric
class TestEveryMetric:
    """What holds for all metrics, whatever was read."""

    @settings(max_examples=80)
    @given(found=all_facts)
    def test_it_gives_small_evidence_that_sums_up_to_its_score(
        self, metric: Metric, found: Facts
    ) -> None:
        finding = metric.measure(found)
        total = round(sum(item.points for item in finding.evidence), SCORE_DECIMALS)
        assert finding.evidence
        assert 0 <= total <= 1
        if finding.status is MetricStatus.MEASURED:
            assert finding.score == total
        else:
            assert finding.score is None
            assert total == 0
        for item in finding.evidence:
            assert_small(item)
        again = metric.measure(replace(found))
        assert again == finding
        assert text_of(again.evidence) == text_of(finding.evidence)

    def test_evidence_names_a_revision(self, metric: Metric) -> None:
        for item in metric.measure(everything()).evidence:
            assert re.match(
                r"hf://[\w/.-]+@1{40}|https://github\.com/acme/code/tree/2{40}", item.source
            )

    @pytest.mark.parametrize("source", Source)
    def test_it_reads_nothing_but_its_sources(self, metric: Metric, source: Source) -> None:
        if source is Source.MODEL:
            return
        changed: dict[Source, dict[str, object]] = {
            Source.CARD: {"card": UNREAD},
            Source.COMMITS: {"commits": UNREAD},
            Source.DATASETS: {"datasets": (Dataset("acme/data", UNREAD),)},
            Source.REPOSITORY: {"repository": UNREAD},
        }
        before = metric.measure(everything())
        after = metric.measure(replace(everything(), **changed[source]))  # type: ignore[arg-type]
        if source not in metric.sources:
            assert before == after


@pytest.mark.parametrize("card", HOSTILE.values(), ids=HOSTILE)
def test_hostile_cards_are_scored(card: str) -> None:
    for metric in METRICS:
        if Source.CARD in metric.sources:
            assert metric.measure(replace(everything(), card=card)).score is not None


@settings(max_examples=30)
@given(all_facts)
def test_the_net_score_lies_between_its_bounds(found: Facts) -> None:
    net = net_score((metric.weight, metric.measure(found)) for metric in METRICS)
    assert net.floor is not None
    assert net.ceiling is not None
    assert 0 <= net.floor <= net.ceiling <= 1
    assert net.score is None or net.floor <= net.score <= net.ceiling


@pytest.mark.parametrize("card", [ABSENT, UNREAD])
def test_without_anything_read_or_there_nothing_raises(card: Absent | Unread) -> None:
    for metric in METRICS:
        assert metric.measure(facts(card=card)).evidence


def assert_small(item: Evidence) -> None:
    """Require what can be stored, and read by a person."""
    assert json_text.problem(item.observed, max_levels=4) is None
    assert json_text.text_problem(item.note) is None
    assert len(item.note) <= OBSERVED_MAX_CHARACTERS
    assert largest_list(item.observed) <= OBSERVED_MAX_ENTRIES
    assert json_text.byte_length(json_text.dumps(item.observed)) < OBSERVED_MAX_BYTES


def text_of(evidence: tuple[Evidence, ...]) -> str:
    return json_text.dumps([[i.source, i.observed, i.points, i.note] for i in evidence])
