"""What a metric finds: a score with its evidence, or why there is none."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from models.json_text import Json

SCORE_DECIMALS = 4


class MetricName(StrEnum):
    """The metrics. Append-only: stored evaluations carry these words."""

    RAMP_UP_TIME = "RAMP_UP_TIME"
    BUS_FACTOR = "BUS_FACTOR"
    PERFORMANCE_CLAIMS = "PERFORMANCE_CLAIMS"
    LICENSE = "LICENSE"
    SIZE = "SIZE"
    DATASET_AND_CODE = "DATASET_AND_CODE"
    DATASET_QUALITY = "DATASET_QUALITY"
    CODE_QUALITY = "CODE_QUALITY"
    ARTIFACT_SAFETY = "ARTIFACT_SAFETY"
    REPRODUCIBILITY = "REPRODUCIBILITY"


class MetricStatus(StrEnum):
    """Whether there is a score. Append-only: stored evaluations carry these words."""

    MEASURED = "MEASURED"
    UNKNOWN = "UNKNOWN"
    NOT_APPLICABLE = "NOT_APPLICABLE"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was looked at.

    Attributes:
        source: where, pinned to its revision: an `hf://` URI, or a GitHub URL.
        observed: what was found there.
        points: what it added to the score; below 0 where it lowered it to a cap.
        note: what that means, for a person.
    """

    source: str
    observed: Json
    points: float
    note: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one metric says of a model.

    Attributes:
        score: 0 to 1, the sum of the evidence's points; None unless MEASURED.
        evidence: at least one, also of what is unknown.
    """

    status: MetricStatus
    score: float | None
    evidence: tuple[Evidence, ...]


def measured(evidence: Iterable[Evidence]) -> Finding:
    """Score what was looked at: the sum of its points."""
    kept = tuple(evidence)
    total = round(sum(item.points for item in kept), SCORE_DECIMALS)
    return Finding(MetricStatus.MEASURED, min(max(total, 0.0), 1.0), kept)


def unknown(source: str, why: str) -> Finding:
    """Say that a source that would tell could not be read."""
    return Finding(MetricStatus.UNKNOWN, None, (Evidence(source, None, 0.0, why),))


def not_applicable(source: str, why: str) -> Finding:
    """Say that there is nothing to score."""
    return Finding(MetricStatus.NOT_APPLICABLE, None, (Evidence(source, None, 0.0, why),))
