"""An evaluation with its metrics and their evidence."""

from dataclasses import dataclass, field
from typing import Any, Final, Self

from graph.client.values.license_decision import LICENSE_FIELDS, LicenseDecision
from graph.client.values.problem import Problem
from graph.client.values.value import Value, called
from models.json_text import Json

EVALUATION_FIELDS: Final = f"""id url canonicalUrl revision status failure {{ code message field }}
evaluatorVersion netScore netScoreFloor netScoreCeiling coverage latencyMs createdAt deadline
completedAt addedInVersion reportSha256 model {{ uuid }}
metrics {{
  name status score weight latencyMs evidence {{ source observed points note }}
}}
sizeScore {{ raspberryPi jetsonNano desktopPc awsServer }}
licenseDecision {{ {LICENSE_FIELDS} }}"""

ENDED: Final = frozenset({"SUCCEEDED", "FAILED"})
"""The statuses after which nothing changes any more."""


@dataclass(frozen=True, slots=True)
class Evidence(Value):
    """One thing that a metric looked at.

    Attributes:
        source: what was looked at: an hf:// URI or a URL, pinned to its revision where it has one.
        observed: what was found there.
        points: what it added to the score; below 0 where it lowered the score to a cap.
        note: what that means, for a person.
    """

    source: str
    observed: Json
    points: float
    note: str

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Self:
        """Read an Evidence."""
        return cls(answer["source"], answer["observed"], answer["points"], answer["note"])


@dataclass(frozen=True, slots=True)
class Metric(Value):
    """What one metric says of a model.

    Attributes:
        name: docs/EVALUATION.md has the rules of each.
        status: MEASURED, UNKNOWN or NOT_APPLICABLE.
        score: 0 to 1; None unless MEASURED.
        weight: its share in the net score.
    """

    name: str
    status: str
    score: float | None
    weight: float
    latency_ms: int
    evidence: tuple[Evidence, ...]

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Self:
        """Read a Metric."""
        return cls(
            name=answer["name"],
            status=answer["status"],
            score=answer["score"],
            weight=answer["weight"],
            latency_ms=answer["latencyMs"],
            evidence=tuple(Evidence.of(one) for one in answer["evidence"]),
        )


@dataclass(frozen=True, slots=True)
class SizeScore(Value):
    """How well the weights fit each device's memory, 0 to 1."""

    raspberry_pi: float
    jetson_nano: float
    desktop_pc: float
    aws_server: float

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Self:
        """Read a SizeScore."""
        return cls(
            raspberry_pi=answer["raspberryPi"],
            jetson_nano=answer["jetsonNano"],
            desktop_pc=answer["desktopPc"],
            aws_server=answer["awsServer"],
        )


@dataclass(frozen=True, slots=True)
class Evaluation(Value):
    """One scoring of a model, pinned to an upstream revision.

    Attributes:
        url: the page that was asked for, with the revision if any.
        canonical_url: the page after renames; None unless SUCCEEDED.
        revision: the upstream commit that was read.
        status: QUEUED, RUNNING, SUCCEEDED or FAILED.
        failure: why it FAILED.
        net_score: weighted mean of the metrics that could be measured, 0 to 1.
        net_score_floor: the same with every unknown metric at 0; the ceiling has them at 1.
        coverage: share of the total weight that could be measured.
        deadline: when it has ended at the latest.
        added_in_version: the model's version that it made; None unless SUCCEEDED.
        model_id: the model's UUID; None as long as it is not known.
    """

    id: str
    url: str
    canonical_url: str | None
    revision: str | None
    status: str
    failure: Problem | None
    evaluator_version: str
    net_score: float | None
    net_score_floor: float | None
    net_score_ceiling: float | None
    coverage: float | None
    latency_ms: int | None
    created_at: str
    deadline: str
    completed_at: str | None
    added_in_version: int | None
    report_sha256: str | None
    model_id: str | None = field(metadata=called("model.uuid"))
    metrics: tuple[Metric, ...]
    size_score: SizeScore | None
    license_decision: LicenseDecision | None

    @property
    def has_ended(self) -> bool:
        """Whether it will not change any more."""
        return self.status in ENDED

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Self:
        """Read an Evaluation."""
        failure, model = answer["failure"], answer["model"]
        size, decision = answer["sizeScore"], answer["licenseDecision"]
        return cls(
            id=answer["id"],
            url=answer["url"],
            canonical_url=answer["canonicalUrl"],
            revision=answer["revision"],
            status=answer["status"],
            failure=Problem.of(failure) if failure else None,
            evaluator_version=answer["evaluatorVersion"],
            net_score=answer["netScore"],
            net_score_floor=answer["netScoreFloor"],
            net_score_ceiling=answer["netScoreCeiling"],
            coverage=answer["coverage"],
            latency_ms=answer["latencyMs"],
            created_at=answer["createdAt"],
            deadline=answer["deadline"],
            completed_at=answer["completedAt"],
            added_in_version=answer["addedInVersion"],
            report_sha256=answer["reportSha256"],
            model_id=model["uuid"] if model else None,
            metrics=tuple(Metric.of(one) for one in answer["metrics"]),
            size_score=SizeScore.of(size) if size else None,
            license_decision=LicenseDecision.of(decision) if decision else None,
        )
