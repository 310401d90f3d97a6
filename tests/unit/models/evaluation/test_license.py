"""LICENSE: the policy's verdict."""

import pytest

from models.evaluation.finding import Finding, MetricStatus
from models.evaluation.metrics.license import measure
from models.license.decision import LicenseDecision, Verdict
from tests.unit.models.evaluation.facts_builder import a_model, facts


class Saying:
    """A policy that always says the same."""

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict

    def decide(self, declared: str | None) -> LicenseDecision:
        return LicenseDecision(declared, "MIT", self._verdict, ("one", "two"))


def of(verdict: Verdict) -> Finding:
    model = a_model(card_data={"license": "mit"})
    return measure(facts(model), Saying(verdict))


class TestLicense:
    """Scoring a verdict."""

    @pytest.mark.parametrize(
        ("verdict", "score"), [(Verdict.ALLOWED, 1), (Verdict.REVIEW, 0.5), (Verdict.DENIED, 0)]
    )
    def test_each_verdict_has_its_score(self, verdict: Verdict, score: float) -> None:
        assert of(verdict).score == score

    def test_an_unknown_verdict_makes_it_unknown(self) -> None:
        found = of(Verdict.UNKNOWN)
        assert found.status is MetricStatus.UNKNOWN
        assert found.score is None

    @pytest.mark.parametrize("verdict", Verdict)
    def test_the_policys_reasons_are_told(self, verdict: Verdict) -> None:
        (evidence,) = of(verdict).evidence
        assert evidence.note == "one; two"
        assert evidence.observed == {
            "declared": "mit",
            "spdxExpression": "MIT",
            "verdict": verdict.value,
        }
