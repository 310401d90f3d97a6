"""Metric: what one metric says of a model, with the evidence for its score."""

from typing import Self

import strawberry

from graph.types.enums import MetricName, MetricStatus
from graph.types.scalars import JSON
from models.evaluation import finding, size_score
from models.evaluation.details import Measurement


@strawberry.type(description="One thing that a metric looked at")
class Evidence:
    """What was found, and what it added."""

    source: str = strawberry.field(
        description=(
            "What was looked at, pinned to its revision where it has one: an hf:// URI or a URL"
        )
    )
    observed: JSON | None = strawberry.field(description="What was found there")
    points: float = strawberry.field(
        description="What it added to the score; below 0 where it lowered the score to a cap"
    )
    note: str = strawberry.field(description="What that means, for a person")

    @classmethod
    def of(cls, found: finding.Evidence) -> Self:
        """Show a piece of evidence."""
        observed = None if found.observed is None else JSON(found.observed)
        return cls(source=found.source, observed=observed, points=found.points, note=found.note)


@strawberry.type(description="What one metric says of a model")
class Metric:
    """A score with its evidence, or why there is none."""

    name: MetricName = strawberry.field(description="Which metric")
    status: MetricStatus = strawberry.field(description="Whether there is a score")
    score: float | None = strawberry.field(description="0 to 1; null unless MEASURED")
    weight: float = strawberry.field(description="Share in the net score, 0 to 1")
    evidence: list[Evidence] = strawberry.field(
        description="What was looked at: at least one thing, also where there is no score"
    )
    latency_ms: int = strawberry.field(
        description="How long it took to read what the metric needs, and to score it"
    )

    @classmethod
    def of(cls, measured: Measurement) -> Self:
        """Show what a metric says."""
        return cls(
            name=measured.name,
            status=measured.finding.status,
            score=measured.finding.score,
            weight=measured.weight,
            evidence=[Evidence.of(item) for item in measured.finding.evidence],
            latency_ms=measured.latency_ms,
        )


@strawberry.type(description="How well the weights fit each device's memory, 0 to 1")
class SizeScore:
    """A score for each device."""

    raspberry_pi: float = strawberry.field(description="With 1 GiB")
    jetson_nano: float = strawberry.field(description="With 4 GiB")
    desktop_pc: float = strawberry.field(description="With 16 GiB")
    aws_server: float = strawberry.field(description="With 64 GiB")

    @classmethod
    def of(cls, score: size_score.SizeScore) -> Self:
        """Show the scores."""
        return cls(
            raspberry_pi=score.raspberry_pi,
            jetson_nano=score.jetson_nano,
            desktop_pc=score.desktop_pc,
            aws_server=score.aws_server,
        )
