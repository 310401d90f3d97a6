"""Gates: what is unknown never passes."""

import json
import math
from dataclasses import replace
from typing import Any

import pytest

from graph.cli.gates import Gates, RequiredLicense, license_faults
from graph.cli.records import COLUMNS, record
from graph.client import Evaluation, LicenseDecision, Metric, Problem, SizeScore
from models.evaluation.finding import MetricName

DECISION = LicenseDecision(declared="mit", spdx_expression="MIT", verdict="ALLOWED", reasons=())
EVALUATION = Evaluation(
    id="e",
    url="https://huggingface.co/acme/tiny",
    canonical_url=None,
    revision="r",
    status="SUCCEEDED",
    failure=None,
    evaluator_version="1",
    net_score=0.5,
    net_score_floor=0.25,
    net_score_ceiling=0.75,
    coverage=0.5,
    latency_ms=7,
    created_at="",
    deadline="",
    completed_at=None,
    added_in_version=2,
    report_sha256=None,
    model_id="m",
    metrics=(),
    size_score=None,
    license_decision=DECISION,
)


class TestGates:
    @pytest.mark.parametrize(
        "gates",
        [
            Gates(),
            Gates(RequiredLicense.ALLOWED, 0.5, 0.25),
            Gates(RequiredLicense.REVIEW, 0.0, 0.0),
        ],
    )
    def test_let_pass_what_is_enough(self, gates: Gates) -> None:
        assert gates.faults(EVALUATION) == []

    @pytest.mark.parametrize(
        ("gates", "altered"),
        [
            (Gates(min_score=0.51), {}),
            (Gates(min_floor=0.26), {}),
            (Gates(min_score=0.0), {"net_score": None}),
            (Gates(min_floor=0.0), {"net_score_floor": None}),
            (Gates(min_score=0.0), {"net_score": math.nan}),
            (Gates(min_floor=0.0), {"net_score_floor": math.nan}),
            (Gates(min_score=math.nan), {}),
            (Gates(RequiredLicense.REVIEW), {"license_decision": None}),
            (Gates(), {"status": "FAILED", "failure": Problem("UPSTREAM_NOT_FOUND", "none")}),
            (Gates(), {"status": "RUNNING"}),
        ],
    )
    def test_stop_what_is_not_enough_or_unknown(
        self, gates: Gates, altered: dict[str, Any]
    ) -> None:
        assert len(gates.faults(replace(EVALUATION, **altered))) == 1

    @pytest.mark.parametrize(
        ("verdict", "passed"),
        [
            ("ALLOWED", {"allowed", "review"}),
            ("REVIEW", {"review"}),
            ("DENIED", set()),
            ("UNKNOWN", set()),
            ("A_NEW_ONE", set()),
        ],
    )
    def test_know_which_license_is_better(self, verdict: str, passed: set[str]) -> None:
        decision = replace(DECISION, verdict=verdict)
        assert {one for one in RequiredLicense if not license_faults(decision, one)} == passed


class TestRecord:
    def test_unknown_is_null_and_never_0(self) -> None:
        metrics = (
            Metric("SIZE", "UNKNOWN", None, 0.1, 3, ()),
            Metric("LICENSE", "MEASURED", 0.0, 0.1, 4, ()),
        )
        found = record(replace(EVALUATION, metrics=metrics, net_score=None))
        assert '"size_score": null, "size_score_latency": 3' in found
        assert '"license": 0.0, "license_latency": 4' in found
        assert '"net_score": null' in found

    @pytest.mark.parametrize("score", [math.nan, math.inf])
    def test_what_json_lacks_is_never_written(self, score: float) -> None:
        with pytest.raises(ValueError, match="JSON"):
            record(replace(EVALUATION, net_score=score))

    def test_every_line_has_every_column(self) -> None:
        failed = json.loads(record(replace(EVALUATION, status="FAILED", net_score=None)))
        columns = [name for one in COLUMNS.values() for name in (one, f"{one}_latency")]
        assert [*failed] == ["name", "category", "net_score", "net_score_latency", *columns]
        assert [failed[name] for name in columns] == [None] * len(columns)

    def test_every_metric_has_a_column(self) -> None:
        assert [*COLUMNS] == [*MetricName]

    def test_sizes_are_those_of_devices(self) -> None:
        metrics = (Metric("SIZE", "MEASURED", 0.5, 0.1, 3, ()),)
        found = record(replace(EVALUATION, metrics=metrics, size_score=SizeScore(0, 0, 1, 1)))
        assert '"size_score": {"raspberry_pi": 0, "jetson_nano": 0' in found

    @pytest.mark.parametrize(
        ("url", "name"),
        [
            ("https://huggingface.co/acme/tiny", "tiny"),
            ("https://huggingface.co/gpt2", "gpt2"),
            ("https://huggingface.co/acme/tiny/tree/main", "tiny"),
        ],
    )
    def test_the_name_is_the_models_own(self, url: str, name: str) -> None:
        assert f'"name": "{name}"' in record(replace(EVALUATION, url=url))
