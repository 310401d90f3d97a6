"""The metrics with their weights: a new one is a file in `metrics/` and a line here."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from models.evaluation.facts import Facts
from models.evaluation.finding import Finding, MetricName
from models.evaluation.metrics import (
    artifact_safety,
    bus_factor,
    code_quality,
    dataset_and_code,
    dataset_quality,
    performance_claims,
    ramp_up_time,
    reproducibility,
    size,
)
from models.evaluation.metrics import license as license_metric


class Source(StrEnum):
    """What is read of a model: each is one read, or some that belong together."""

    MODEL = "MODEL"
    CARD = "CARD"
    COMMITS = "COMMITS"
    DATASETS = "DATASETS"
    REPOSITORY = "REPOSITORY"


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric.

    Attributes:
        weight: its share in the net score; the shares of all sum up to 1.
        sources: what must have been read before it can be measured.
        measure: a pure function.
    """

    name: MetricName
    weight: float
    sources: frozenset[Source]
    measure: Callable[[Facts], Finding]


def metrics(policy: license_metric.Policy) -> tuple[Metric, ...]:
    """Return all metrics in the order of `MetricName`, LICENSE by `policy`."""
    model, card, data = Source.MODEL, Source.CARD, Source.DATASETS
    rows = (
        (MetricName.RAMP_UP_TIME, 0.20, (model, card), ramp_up_time.measure),
        (MetricName.BUS_FACTOR, 0.10, (Source.COMMITS,), bus_factor.measure),
        (MetricName.PERFORMANCE_CLAIMS, 0.15, (model, card), performance_claims.measure),
        (MetricName.LICENSE, 0.15, (model,), partial(license_metric.measure, policy=policy)),
        (MetricName.SIZE, 0.0, (model,), size.measure),
        (
            MetricName.DATASET_AND_CODE,
            0.20,
            (model, data, Source.REPOSITORY),
            dataset_and_code.measure,
        ),
        (MetricName.DATASET_QUALITY, 0.10, (data,), dataset_quality.measure),
        (MetricName.CODE_QUALITY, 0.10, (Source.REPOSITORY,), code_quality.measure),
        (MetricName.ARTIFACT_SAFETY, 0.0, (model,), artifact_safety.measure),
        (MetricName.REPRODUCIBILITY, 0.0, (model, card), reproducibility.measure),
    )
    return tuple(
        Metric(name, weight, frozenset(sources), measure) for name, weight, sources, measure in rows
    )
