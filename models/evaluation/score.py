"""The net score: one number from the metrics that could be measured, and how much it hides."""

from collections.abc import Iterable
from dataclasses import dataclass

from models.evaluation.finding import SCORE_DECIMALS, Finding, MetricStatus


@dataclass(frozen=True, slots=True)
class NetScore:
    """How good a model is, 0 to 1, and how sure that is.

    Attributes:
        score: the weighted mean of the measured metrics; None where none with weight was.
        floor: what it would be with every unknown metric at 0.
        ceiling: what it would be with every unknown metric at 1.
        coverage: the measured share of the weight of all metrics that apply.
    """

    score: float | None
    floor: float | None
    ceiling: float | None
    coverage: float


def net_score(findings: Iterable[tuple[float, Finding]]) -> NetScore:
    """Weigh the findings of a model, each with its metric's weight.

    A metric that is NOT_APPLICABLE counts nowhere. Where none that counts has weight, floor and
    ceiling are None too, and the coverage is 0.
    """
    applicable = [
        (weight, finding)
        for weight, finding in findings
        if finding.status is not MetricStatus.NOT_APPLICABLE
    ]
    scored = [(weight, found.score) for weight, found in applicable if found.score is not None]
    total = sum(weight for weight, _ in applicable)
    weighed = sum(weight for weight, _ in scored)
    points = sum(weight * score for weight, score in scored)
    if not total:
        return NetScore(None, None, None, 0.0)
    return NetScore(
        score=_rounded(points / weighed) if weighed else None,
        floor=_rounded(points / total),
        ceiling=_rounded((points + total - weighed) / total),
        coverage=_rounded(weighed / total),
    )


def _rounded(share: float) -> float:
    return round(min(max(share, 0.0), 1.0), SCORE_DECIMALS)
