"""From what was read to what the metrics say of it: pure, the measuring of time apart."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from models.evaluation.catalog import Metric
from models.evaluation.details import Details, Measurement
from models.evaluation.facts import Facts
from models.evaluation.metrics.size import size_score
from models.evaluation.score import NetScore, net_score
from models.license.declared import declared_license


@dataclass(frozen=True, slots=True)
class Assessment:
    """What all metrics say of a model.

    Attributes:
        declared_license: None where none is declared.
    """

    details: Details
    net: NetScore
    declared_license: str | None


def assess(
    facts: Facts,
    metrics: Sequence[Metric],
    elapsed_ms: Mapping[str, int],
    timer: Callable[[], float] = time.perf_counter,
) -> Assessment:
    """Measure a model.

    Args:
        elapsed_ms: how long it took to read each source.
        timer: tells seconds.
    """
    measurements = tuple(_measure(facts, metric, elapsed_ms, timer) for metric in metrics)
    return Assessment(
        details=Details(measurements, size_score(facts)),
        net=net_score((one.weight, one.finding) for one in measurements),
        declared_license=declared_license(facts.model.card_data, facts.model.tags),
    )


def _measure(
    facts: Facts, metric: Metric, elapsed_ms: Mapping[str, int], timer: Callable[[], float]
) -> Measurement:
    begun = timer()
    finding = metric.measure(facts)
    scoring_ms = round(1_000 * (timer() - begun))
    reading_ms = max((elapsed_ms.get(source, 0) for source in metric.sources), default=0)
    return Measurement(metric.name, metric.weight, finding, reading_ms + scoring_ms)
