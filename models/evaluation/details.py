"""What an evaluation says in full: its metrics with their evidence, and the text that is kept."""

from dataclasses import dataclass
from typing import Any, cast

from models import json_text
from models.evaluation.finding import Evidence, Finding, MetricName, MetricStatus
from models.evaluation.size_score import SizeScore


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one metric says, and what it took.

    Attributes:
        weight: its share in the net score.
        latency_ms: the time in which its sources were read, and that of scoring them.
    """

    name: MetricName
    weight: float
    finding: Finding
    latency_ms: int


@dataclass(frozen=True, slots=True)
class Details:
    """What an evaluation says in full: its metrics with their evidence."""

    measurements: tuple[Measurement, ...]
    size: SizeScore | None


def details_text(details: Details) -> str:
    """Write details as JSON text. Append-only: the layout is persisted."""
    size = details.size
    return json_text.dumps(
        {
            "metrics": [_metric_fields(one) for one in details.measurements],
            "sizeScore": size and size.as_json(),
        }
    )


def parse_details(text: str) -> Details:
    """Read what `details_text` wrote."""
    fields = cast("dict[str, Any]", json_text.loads(text))
    size = fields["sizeScore"]
    return Details(
        tuple(_measurement(one) for one in fields["metrics"]),
        None if size is None else SizeScore.from_json(size),
    )


def _metric_fields(one: Measurement) -> dict[str, object]:
    return {
        "name": one.name,
        "status": one.finding.status,
        "score": one.finding.score,
        "weight": one.weight,
        "latencyMs": one.latency_ms,
        "evidence": [
            {
                "source": item.source,
                "observed": item.observed,
                "points": item.points,
                "note": item.note,
            }
            for item in one.finding.evidence
        ],
    }


def _measurement(fields: dict[str, Any]) -> Measurement:
    evidence = tuple(
        Evidence(item["source"], item["observed"], float(item["points"]), item["note"])
        for item in fields["evidence"]
    )
    finding = Finding(MetricStatus(fields["status"]), fields["score"], evidence)
    return Measurement(MetricName(fields["name"]), fields["weight"], finding, fields["latencyMs"])
