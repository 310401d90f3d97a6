"""LICENSE: what the policy says of the declared license."""

from typing import Protocol

from models.evaluation.facts import Facts
from models.evaluation.finding import Evidence, Finding, MetricStatus, measured
from models.evaluation.metrics.checklist import shown
from models.evaluation.sources import model_source
from models.license.decision import LicenseDecision, Verdict
from models.license.declared import declared_license

SCORES = {Verdict.ALLOWED: 1.0, Verdict.REVIEW: 0.5, Verdict.DENIED: 0.0}
"""UNKNOWN has none: then the metric is UNKNOWN too."""


class Policy(Protocol):
    """Says what may be done with a model under a license."""

    def decide(self, declared: str | None) -> LicenseDecision:
        """Judge a license as it was declared; None where none was."""


def measure(facts: Facts, policy: Policy) -> Finding:
    """Score the policy's verdict."""
    declared = declared_license(facts.model.card_data, facts.model.tags)
    decision = policy.decide(declared)
    score = SCORES.get(decision.verdict)
    expression = decision.spdx_expression
    evidence = Evidence(
        source=model_source(facts.model, "README.md"),
        observed={
            "declared": None if declared is None else shown(declared),
            "spdxExpression": None if expression is None else shown(expression),
            "verdict": decision.verdict.value,
        },
        points=score or 0.0,
        note=shown("; ".join(decision.reasons)),
    )
    if score is None:
        return Finding(MetricStatus.UNKNOWN, None, (evidence,))
    return measured([evidence])
