"""docs/EVALUATION.md states the rules that the code follows."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from models.evaluation import card
from models.evaluation.catalog import metrics
from models.evaluation.finding import (
    SCORE_DECIMALS,
    Finding,
    MetricName,
    MetricStatus,
)
from models.evaluation.links import DECLARED_MAX
from models.evaluation.metrics import (
    artifact_safety,
    bus_factor,
    checklist,
    claims,
    code_quality,
    dataset_and_code,
    dataset_quality,
    performance_claims,
    ramp_up_time,
    reproducibility,
    result_tables,
    size,
    weights,
)
from models.evaluation.metrics import license as license_metric
from models.evaluation.score import NetScore, net_score
from models.evaluation.size_score import DEVICE_MEMORY_GIB
from models.evaluation.upstream.reading import DATASETS_MAX
from models.evaluation.version import RULES_VERSION
from models.license.decision import LicenseDecision, Verdict

PAGE: Final = (Path(__file__).parents[2] / "docs" / "EVALUATION.md").read_text()


class Policy:
    """Knows no license."""

    def decide(self, declared: str | None) -> LicenseDecision:
        return LicenseDecision(declared, None, Verdict.UNKNOWN, ("unknown",))


WEIGHTS: Final = {metric.name.value: metric.weight for metric in metrics(Policy())}


def section(title: str) -> str:
    """Return what stands under a heading, its subsections included."""
    found = re.search(rf"^(#+) {title}$", PAGE, re.MULTILINE)
    assert found, title
    same_or_higher = rf"^#{{1,{len(found[1])}}} "
    return re.split(same_or_higher, PAGE[found.end() :], maxsplit=1, flags=re.MULTILINE)[0]


def prose(title: str) -> str:
    return " ".join(section(title).split())


def rows(text: str) -> dict[str, list[str]]:
    """Return the rows of tables by the code that begins each."""
    found = re.findall(r"^\| `([^`]+)` \| (.*) \|$", text, re.MULTILINE)
    return {name: [cell.strip() for cell in rest.split(" | ")] for name, rest in found}


def second_column(title: str) -> dict[str, float]:
    return {name: float(cells[0]) for name, cells in rows(section(title)).items()}


class TestCatalog:
    """The table of metrics."""

    def test_has_names_and_weights_of_the_code_in_its_order(self) -> None:
        table = re.split("^### ", section("The metrics"), maxsplit=1, flags=re.MULTILINE)[0]
        assert list(rows(table)) == list(WEIGHTS)
        assert {name: float(cells[0]) for name, cells in rows(table).items()} == WEIGHTS

    @pytest.mark.parametrize("name", MetricName)
    def test_every_one_has_a_section_that_says_when_it_is_unknown(self, name: MetricName) -> None:
        assert "UNKNOWN if" in prose(name)

    def test_what_may_not_apply_says_so(self) -> None:
        told = {name for name in MetricName if "NOT_APPLICABLE if" in prose(name)}
        assert told == {MetricName.CODE_QUALITY, MetricName.ARTIFACT_SAFETY}

    @pytest.mark.parametrize("status", MetricStatus)
    def test_every_status_is_explained(self, status: MetricStatus) -> None:
        assert status.value in rows(section("Evidence or unknown"))

    def test_the_rules_have_the_codes_version(self) -> None:
        assert f"`RULES_VERSION` {RULES_VERSION}," in " ".join(PAGE.split())


class TestChecklists:
    """Items and their points."""

    @pytest.mark.parametrize(
        ("name", "points"),
        [
            (MetricName.RAMP_UP_TIME, ramp_up_time.POINTS),
            (MetricName.PERFORMANCE_CLAIMS, claims.POINTS),
            (MetricName.DATASET_QUALITY, dataset_quality.POINTS),
            (MetricName.CODE_QUALITY, code_quality.POINTS),
            (MetricName.REPRODUCIBILITY, reproducibility.POINTS),
            (MetricName.SIZE, DEVICE_MEMORY_GIB),
            (MetricName.LICENSE, license_metric.SCORES),
        ],
    )
    def test_are_the_codes_in_its_order(self, name: str, points: Mapping[str, float]) -> None:
        assert list(second_column(name).items()) == list(points.items())

    @pytest.mark.parametrize(
        "points",
        [
            ramp_up_time.POINTS,
            claims.POINTS,
            dataset_quality.POINTS,
            code_quality.POINTS,
            reproducibility.POINTS,
        ],
    )
    def test_sum_up_to_1(self, points: Mapping[str, float]) -> None:
        assert sum(points.values()) == pytest.approx(1)


class TestFigures:
    """Figures in prose."""

    @pytest.mark.parametrize(
        ("title", "said"),
        [
            ("Evidence or unknown", f"at most {checklist.OBSERVED_MAX_ENTRIES} entries"),
            ("Evidence or unknown", f"at most {checklist.OBSERVED_MAX_CHARACTERS} characters"),
            ("Evidence or unknown", f"rounded to {SCORE_DECIMALS} decimals"),
            ("Net score", f"rounded to {SCORE_DECIMALS} decimals"),
            ("The metrics", f"first {card.CARD_MAX_CHARACTERS:,} characters"),
            ("The metrics", f"{card.CARD_MAX_LINES:,} lines"),
            ("The metrics", f"of a table {result_tables.ROWS_MAX:,} rows"),
            ("The metrics", f"{result_tables.CELLS_MAX} cells of each row"),
            ("The metrics", f"{result_tables.CELL_MAX_CHARACTERS} characters of each cell"),
            ("The metrics", f"together, {result_tables.LABEL_MAX_CHARACTERS:,} characters"),
            ("The metrics", f"{result_tables.CLAIMS_MAX:,} claims in tables"),
            ("The metrics", f"{claims.INDEX_MAX:,} entries, results and metrics"),
            ("The metrics", f"{DECLARED_MAX:,} declared datasets"),
            ("RAMP_UP_TIME", f"at least {ramp_up_time.CARD_MIN_WORDS} words"),
            ("RAMP_UP_TIME", f"or {ramp_up_time.SECTION_MIN_WORDS} words"),
            ("RAMP_UP_TIME", f"row of {ramp_up_time.TEXT_MIN_WORDS} words"),
            ("BUS_FACTOR", f"from {bus_factor.WINDOW_MONTHS} months"),
            ("BUS_FACTOR", f"{bus_factor.FULL_SCORE_AUTHORS} equal ones or more 1"),
            ("BUS_FACTOR", f"(N - 1) / {bus_factor.FULL_SCORE_AUTHORS - 1}"),
            ("PERFORMANCE_CLAIMS", f"best {performance_claims.BEST_CLAIMS},"),
            ("PERFORMANCE_CLAIMS", f"at most {performance_claims.TABLES_CAP},"),
            ("SIZE", f"times {size.OVERHEAD_FACTOR} for"),
            ("DATASET_AND_CODE", f"its part of {dataset_and_code.DATASETS_POINTS}."),
            ("DATASET_AND_CODE", f"code: {dataset_and_code.CODE_POINTS} if"),
            ("DATASET_AND_CODE", f"than {DATASETS_MAX}, the first {DATASETS_MAX} count"),
            ("CODE_QUALITY", f"the {code_quality.ACTIVE_MONTHS} months before"),
            ("ARTIFACT_SAFETY", f"caps the score at {artifact_safety.CODE_ON_LOAD_CAP}"),
        ],
    )
    def test_are_the_codes(self, title: str, said: str) -> None:
        assert said in prose(title)

    def test_scores_of_formats_are_the_codes(self) -> None:
        found = re.findall(r"^\| .* \| ([\d.]+) \|$", section("ARTIFACT_SAFETY"), re.MULTILINE)
        assert [float(score) for score in found] == [
            artifact_safety.DATA_ONLY_SCORE,
            artifact_safety.SCANNED_CLEAN_SCORE,
            artifact_safety.NOT_SCANNED_SCORE,
            artifact_safety.UNSAFE_SCORE,
        ]

    def test_formats_that_can_run_code_are_all_named(self) -> None:
        named = set(re.findall(r"`(\.\w+)`", section("ARTIFACT_SAFETY")))
        risky = {suffix for suffix, kind in weights.KINDS.items() if kind == "CAN_RUN_CODE"}
        assert risky <= named

    def test_bots_are_all_named(self) -> None:
        assert set(re.findall("`([a-z-]+)`", prose("BUS_FACTOR"))) >= bus_factor.BOTS

    def test_bytes_of_types_are_the_codes(self) -> None:
        table = re.findall(r"^\| ([\d.]+) \| ([A-Z].*) \|$", section("SIZE"), re.MULTILINE)
        told = {name: float(count) for count, names in table for name in names.split(", ")}
        assert told == size.PARAMETER_BYTES


def test_the_example_comes_out_as_the_page_says() -> None:
    table = rows(section("Net score"))
    assert {name: float(cells[1]) for name, cells in table.items()} == WEIGHTS
    findings = [
        (
            float(weight),
            Finding(MetricStatus(status), None if score == "none" else float(score), ()),
        )
        for status, weight, score in table.values()
    ]
    said = map(float, re.findall(r"\*\*([\d.]+)\*\*", prose("Net score")))
    score, coverage, floor, ceiling = said
    assert net_score(findings) == NetScore(score, floor, ceiling, coverage)
