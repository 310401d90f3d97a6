"""PERFORMANCE_CLAIMS: claims and what it takes to check them."""

from typing import cast

import pytest
from hypothesis import given

from models.evaluation.card import parse
from models.evaluation.facts import Absent, Unread
from models.evaluation.finding import Finding, MetricStatus
from models.evaluation.metrics.claims import (
    INDEX_MAX,
    POINTS,
    dataset_revisions,
    index_claims,
)
from models.evaluation.metrics.performance_claims import BEST_CLAIMS, TABLES_CAP, measure
from models.evaluation.metrics.result_tables import (
    CELLS_MAX,
    CLAIMS_MAX,
    ROWS_MAX,
    table_claims,
)
from models.json_text import Json
from tests.unit.models.evaluation.facts_builder import ABSENT, UNREAD, a_model, facts
from tests.unit.models.strategies import json_values

TABLE = "## Evaluation\n\n| Dataset | Accuracy |\n|-|-|\n| SST-2 | 91.3 |\n"
VERIFIED: Json = {"type": "f1", "value": 0.9, "verified": True, "verifyToken": "a.b-c.d_e"}


def an_index(*metrics: Json, dataset: Json = None, source: Json = None) -> Json:
    result: Json = {"dataset": dataset, "metrics": list(metrics), "source": source}
    return [{"name": "tiny", "results": [result]}]


def of(model_index: Json, card: str | Absent | Unread = "") -> Finding:
    return measure(facts(a_model(model_index=model_index), card=card))


def a_metric(value: Json = 0.9, name: Json = "f1") -> Json:
    return {"type": name, "value": value}


class TestModelIndex:
    """Claims in the front matter."""

    def test_a_claim_with_everything_scores_1(self) -> None:
        dataset: Json = {"type": "glue", "split": "validation"}
        source: Json = {"url": "https://leaderboard.example"}
        assert of(an_index(VERIFIED, dataset=dataset, source=source)).score == 1

    @pytest.mark.parametrize(
        ("dataset", "source", "parts"),
        [
            (None, None, {"metricAndValue"}),
            ({"name": "GLUE"}, None, {"metricAndValue", "dataset"}),
            ({"type": "glue", "split": "test"}, None, POINTS.keys() - {"source", "verifyToken"}),
            ({"revision": "abc"}, None, {"metricAndValue", "splitOrRevision"}),
            (None, {"url": "https://x.example"}, {"metricAndValue", "source"}),
            (None, {"name": "us", "url": "ask us"}, {"metricAndValue"}),
        ],
    )
    def test_each_part_has_its_points(self, dataset: Json, source: Json, parts: set[str]) -> None:
        expected = round(sum(POINTS[part] for part in parts), 4)
        assert of(an_index(a_metric(), dataset=dataset, source=source)).score == expected

    @pytest.mark.parametrize("value", [None, "high", True, [], {}, float("inf"), float("nan")])
    def test_what_has_no_value_is_no_claim(self, value: Json) -> None:
        assert index_claims(an_index(a_metric(value))) == []

    @pytest.mark.parametrize("name", [None, "", 3, []])
    def test_what_has_no_metric_is_no_claim(self, name: Json) -> None:
        assert index_claims(an_index(a_metric(name=name))) == []

    @pytest.mark.parametrize("value", [0, 19.06, "84.5", "20.0 ± 1.2"])
    def test_numbers_and_texts_with_a_number_are_values(self, value: Json) -> None:
        assert len(index_claims(an_index(a_metric(value)))) == 1

    @pytest.mark.parametrize(
        "changed",
        [{"verifyToken": "yes"}, {"verifyToken": None}, {"verified": False}, {"verified": None}],
    )
    def test_verified_is_what_the_hub_signed(self, changed: dict[str, Json]) -> None:
        metric = {**cast("dict[str, Json]", VERIFIED), **changed}
        assert of(an_index(metric)).score == POINTS["metricAndValue"]

    def test_the_best_claims_count(self) -> None:
        good = an_index(*[VERIFIED] * BEST_CLAIMS)
        more = an_index(a_metric(), *[VERIFIED] * BEST_CLAIMS, a_metric())
        assert of(more).score == of(good).score
        assert len(of(more).evidence) == BEST_CLAIMS

    @pytest.mark.parametrize("before", [0, 1])
    def test_so_many_metrics_are_looked_at(self, before: int) -> None:
        no_claims: list[Json] = [a_metric(None)] * (INDEX_MAX - before)
        assert len(index_claims(an_index(*no_claims, a_metric()))) == before

    @pytest.mark.parametrize("before", [0, 1])
    def test_so_many_results_are_looked_at(self, before: int) -> None:
        entry: Json = {"results": [{}]}
        found: Json = {"results": [{"dataset": {"revision": "v1"}}]}
        index: Json = [*[entry] * (INDEX_MAX - before), found]
        assert len(dataset_revisions(index)) == before

    def test_fewer_claims_are_no_worse(self) -> None:
        assert of(an_index(VERIFIED)).score == of(an_index(VERIFIED, VERIFIED)).score

    @given(json_values)
    def test_any_json_is_read(self, value: Json) -> None:
        wrapped: Json = [{"results": value}]
        for model_index in (value, [value], wrapped, an_index(value, dataset=value)):
            assert all(0 < claim.points <= 1 for claim in index_claims(model_index))
            dataset_revisions(model_index)


class TestTables:
    """Claims in the card."""

    def test_alone_they_are_capped(self) -> None:
        found = of(None, TABLE)
        assert found.score == TABLES_CAP
        assert found.evidence[-1].points == -0.1

    @pytest.mark.parametrize(
        ("table", "values"),
        [
            ("| Metric | Value |\n|-|-|\n| Accuracy | 91 % |", ["91 %"]),
            ("| | MNLI | QQP |\n|-|-|-|\n| | 84.6/83.4 | 71.2 |", ["84.6/83.4", "71.2"]),
            ("| LAMBADA | CBT |\n|-|-|\n| (PPL) | (ACC) |\n| 35.1 | 87,6 |", ["35.1", "87,6"]),
            ("| Benchmark | Ours |\n|-|-|\n| MMLU (5-shot) | **68.4** |", ["68.4"]),
            ("| Epoch | Step | F1 |\n|-|-|-|\n| 1.0 | 500 | 0.8 |", ["0.8"]),
            ("<table><tr><td>F1<td>n</tr><tr><td>0.8<td>x</tr></table>", ["0.8"]),
        ],
    )
    def test_are_the_numbers_that_a_metric_or_dataset_labels(
        self, table: str, values: list[str]
    ) -> None:
        claims = table_claims(parse(f"## Results\n\n{table}\n"))
        assert [claim.observed["value"] for claim in claims] == values

    @pytest.mark.parametrize(
        "table",
        [
            "| Size | Parameters |\n|-|-|\n| tiny | 39 |",
            "| Dataset | Number of pairs |\n|-|-|\n| Reddit | 726,484,430 |",
            "| Role | Text |\n|-|-|\n| User | 42 |",
        ],
    )
    def test_other_numbers_are_none(self, table: str) -> None:
        assert list(table_claims(parse(f"## Model\n\n{table}\n"))) == []

    @pytest.mark.parametrize("before", [0, 1])
    def test_so_many_cells_of_a_row_are_looked_at(self, before: int) -> None:
        empty = "<td>" * (CELLS_MAX - before)
        html = f"<table><tr>{empty}<td>F1<tr>{empty}<td>0.8</table>"
        assert len(list(table_claims(parse(f"## Results\n\n{html}\n")))) == before

    @pytest.mark.parametrize("before", [0, 1])
    def test_so_many_rows_are_looked_at(self, before: int) -> None:
        empty = "<tr><td>x" * (ROWS_MAX - 1 - before)
        html = f"<table><tr><td>F1{empty}<tr><td>0.8</table>"
        assert len(list(table_claims(parse(f"## Results\n\n{html}\n")))) == before

    def test_so_many_claims_are_looked_at(self) -> None:
        html = "<table><tr><td>F1" + "<tr><td>0.8" * (ROWS_MAX - 1) + "</table>"
        assert len(list(table_claims(parse(html * 3)))) == CLAIMS_MAX

    def test_a_dataset_is_named_by_a_column_of_them_or_by_the_numbers_own(self) -> None:
        cards = ("| Task | F1 |\n|-|-|\n| QA | 0.8 |", "| SQuAD F1 | x |\n|-|-|\n| 0.8 | y |")
        for card in cards:
            (claim,) = table_claims(parse(card))
            assert claim.points == POINTS["metricAndValue"] + POINTS["dataset"]

    def test_the_better_of_both_counts(self) -> None:
        weak = an_index(a_metric())
        assert of(weak).score == 0.3
        assert of(weak, TABLE).score == TABLES_CAP
        strong = an_index(a_metric(), dataset={"type": "glue", "split": "test"})
        assert of(strong, TABLE).score == of(strong).score == 0.7


class TestPerformanceClaims:
    """What is there at all."""

    @pytest.mark.parametrize("card", ["", ABSENT, "It is the best model of all."])
    def test_without_a_claim_it_is_0_and_says_so(self, card: str | Absent) -> None:
        found = of(None, card)
        assert found.score == 0
        assert "No claim" in found.evidence[0].note

    def test_a_card_that_could_not_be_read_makes_it_unknown(self) -> None:
        assert of(None, UNREAD).status is MetricStatus.UNKNOWN
        assert of(an_index(a_metric()), UNREAD).status is MetricStatus.UNKNOWN

    def test_unless_its_tables_could_not_change_the_score(self) -> None:
        index = an_index(a_metric(), dataset={"type": "glue"})
        assert of(index, UNREAD).score == of(index, TABLE).score == 0.5
