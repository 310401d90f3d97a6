"""The full report of an evaluation."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.assessment import Assessment, assess
from models.evaluation.catalog import Metric
from models.evaluation.facts import Commits, Dataset, Facts, Scan
from models.evaluation.finding import Evidence, Finding, MetricName, measured, unknown
from models.evaluation.record import Claim, EvaluationRecord, EvaluationStatus
from models.evaluation.report import report_text
from models.license.decision import LicenseDecision, Verdict
from models.timestamps import Timestamp
from tests.unit.models.evaluation.evaluations import DEADLINE, EVALUATION_ID, a_job, a_request
from tests.unit.models.evaluation.facts_builder import (
    ABSENT,
    REVISION,
    UNREAD,
    a_dataset,
    a_model,
    a_repository,
    by,
    facts,
)
from tests.unit.models.strategies import json_values, plain_texts

CARD = "---\nlicense: mit\n---\n# Tiny\nmail ada@example.org"
DECISION = LicenseDecision("mit", "MIT", Verdict.ALLOWED, ("MIT: permissive",))
READ = facts(
    a_model(
        card_data={"license": "mit", "license_name": "日本語"},
        tags=["license:mit"],
        task="fill-mask",
        files={"model.safetensors": 4_000_000, "README.md": None},
        parameters={"F32": 1_000_000},
        scan=Scan(is_done=True, issues={"x.bin": "unsafe"}),
    ),
    card=CARD,
    commits=Commits(
        (by("ada", "grace", date="2026-02-03"), by("ada", date="2025-12-31")), is_cut=True
    ),
    datasets=[a_dataset("acme/data"), Dataset("acme/gone", ABSENT), Dataset("acme/late", UNREAD)],
    repository=a_repository(),
)


def score(_: Facts) -> Finding:
    return measured([Evidence("hf://acme/tiny", "seen", 0.5, "x: y")])


METRICS = (
    Metric(MetricName.RAMP_UP_TIME, 0.5, frozenset(), score),
    Metric(MetricName.SIZE, 0.5, frozenset(), lambda _: unknown("hf://acme/tiny", "not told")),
)


def assessed(read: Facts = READ, *times: float) -> Assessment:
    told = iter(times)
    return assess(read, METRICS, {}, lambda: next(told, 0.0))


def report(read: Facts = READ, job: EvaluationRecord | None = None) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(report_text(job or a_job(), read, assessed(read), DECISION))
    return fields


class TestDeterminism:
    """The same inputs give the same bytes."""

    def test_whoever_asked_whenever_and_however_often_it_was_tried(self) -> None:
        other = a_job(
            created_at=Timestamp("2027-01-01T00:00:00.000000Z"),
            status=EvaluationStatus.RUNNING,
            attempts=3,
            claim=Claim("somebody", DEADLINE),
        )
        one, two = (report_text(job, READ, assessed(), DECISION) for job in (a_job(), other))
        assert one == two

    def test_but_for_the_id_and_the_latencies(self) -> None:
        quick = report_text(a_job(), READ, assessed(), DECISION)
        slow = report_text(a_job(id="other"), READ, assessed(READ, 0.0, 1.5, 2.0, 7.25), DECISION)
        fields, others = json.loads(quick), json.loads(slow)
        assert others["latenciesMs"] == {"RAMP_UP_TIME": 1_500, "SIZE": 5_250}
        others |= {"evaluationId": EVALUATION_ID, "latenciesMs": fields["latenciesMs"]}
        assert others == fields
        assert list(others) == list(fields)

    def test_has_no_instant_in_it(self) -> None:
        text = report_text(a_job(), READ, assessed(), DECISION)
        assert "T03:04" not in text
        assert DEADLINE not in text
        assert report()["readOn"] == "2026-11-23"


class TestInputs:
    """What was read."""

    def test_has_the_card_as_its_digest_alone(self) -> None:
        text = report_text(a_job(), READ, assessed(), DECISION)
        assert "ada@example.org" not in text
        expected = {"sha256": hashlib.sha256(CARD.encode()).hexdigest(), "bytes": len(CARD)}
        assert report()["inputs"]["card"] == expected

    def test_names_no_authors(self) -> None:
        text = report_text(a_job(), READ, assessed(), DECISION)
        assert "ada" not in text.replace("metadata", "")
        assert "grace" not in text
        assert report()["inputs"]["commits"] == {
            "count": 2,
            "newest": "2026-02-03",
            "oldest": "2025-12-31",
            "isCut": True,
        }

    @pytest.mark.parametrize("popularity", ["downloads", "likes", "stars", "trending", "forks"])
    def test_tells_nothing_of_popularity(self, popularity: str) -> None:
        assert popularity not in report_text(a_job(), READ, assessed(), DECISION).lower()

    def test_tells_what_is_absent_from_what_could_not_be_read(self) -> None:
        inputs = report()["inputs"]
        gone, late = inputs["datasets"][1:]
        assert gone == {"declared": "acme/gone", "found": {"absent": ABSENT.why}}
        assert late == {"declared": "acme/late", "found": {"unread": UNREAD.why}}
        nothing = report(facts(card=UNREAD, commits=UNREAD, repository=UNREAD))["inputs"]
        assert nothing["card"] == nothing["commits"] == nothing["repository"]
        assert nothing["card"] == {"unread": UNREAD.why}
        assert report(facts(card=ABSENT))["inputs"]["card"] == {"absent": ABSENT.why}

    def test_has_long_texts_of_a_dataset_as_their_digests_alone(self) -> None:
        dataset = a_dataset(description="by Ada", citation="Hopper, G. 日本")
        text = report_text(a_job(), read := facts(datasets=[dataset]), assessed(read), DECISION)
        assert "Ada" not in text
        assert "Hopper" not in text
        found = report(read)["inputs"]["datasets"][0]["found"]
        digest = hashlib.sha256("Hopper, G. 日本".encode()).hexdigest()
        assert found["citation"] == {"sha256": digest, "characters": 13}
        assert found["description"]["characters"] == 6
        assert found["repoId"] == "acme/data"

    def test_has_the_rest_whole(self) -> None:
        inputs = report()["inputs"]
        assert inputs["model"]["cardData"] == {"license": "mit", "license_name": "日本語"}
        assert inputs["model"]["files"][0] == {
            "path": "model.safetensors",
            "sizeBytes": 4_000_000,
        }
        assert inputs["repository"]["fullName"] == "acme/code"
        assert report(facts())["inputs"]["commits"]["newest"] is None


class TestResult:
    """What was found."""

    def test_has_the_scores_with_their_evidence(self) -> None:
        fields = report()
        assert (fields["netScore"], fields["coverage"]) == (0.5, 0.5)
        assert (fields["netScoreFloor"], fields["netScoreCeiling"]) == (0.25, 0.75)
        first, second = fields["metrics"]
        assert (first["name"], first["status"], first["score"]) == ("RAMP_UP_TIME", "MEASURED", 0.5)
        assert first["evidence"][0]["note"] == "x: y"
        assert (second["status"], second["score"]) == ("UNKNOWN", None)
        assert fields["sizeScore"]["awsServer"] == 1.0
        assert fields["license"]["verdict"] == "ALLOWED"

    def test_tells_by_which_rules_at_which_commit(self) -> None:
        fields = report(
            job=a_job(request=a_request(url="https://huggingface.co/old", revision=None))
        )
        assert fields["format"] == "ml-model-evaluator/evaluation-report/v1"
        assert fields["url"] == "https://huggingface.co/old"
        assert fields["canonicalUrl"] == "https://huggingface.co/acme/tiny"
        assert fields["revision"] == REVISION
        assert fields["evaluatorVersion"] == "1.0.0+policy.abc"

    def test_keeps_other_scripts_readable_and_ends_with_a_line_break(self) -> None:
        text = report_text(a_job(), READ, assessed(), DECISION)
        assert "日本語" in text
        assert text.endswith("}\n")

    @given(st.dictionaries(plain_texts, json_values, max_size=3), plain_texts)
    def test_can_be_written_of_any_facts(self, card_data: dict[str, Any], name: str) -> None:
        model = replace(a_model(card_data=card_data, tags=[name]), library_name=name)
        read = facts(model, card=name)
        text = report_text(a_job(), read, assessed(read), DECISION)
        assert json.loads(text)["inputs"]["model"]["cardData"] == card_data
        assert text.encode()
