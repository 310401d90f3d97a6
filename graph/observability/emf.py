"""CloudWatch's embedded metric format: metrics inside a line of the log.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

NAMESPACE = "ML-Evaluator"


class Unit(StrEnum):
    """What a metric is counted in, as CloudWatch calls it."""

    COUNT = "Count"
    MILLISECONDS = "Milliseconds"


UNITS: Mapping[str, Unit] = {
    "Requests": Unit.COUNT,
    "Latency": Unit.MILLISECONDS,
    "DynamoDBRequests": Unit.COUNT,
    "ColdStarts": Unit.COUNT,
    "Errors": Unit.COUNT,
    "Evaluations": Unit.COUNT,
    "EvaluationDuration": Unit.MILLISECONDS,
}
"""Every metric of the service."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Values of metrics, and the dimensions that all of them have.

    Each set of dimension values is a metric of its own to CloudWatch, with a price: dimensions take
    few values, and never one that a client makes.
    """

    values: Mapping[str, float]
    dimensions: Mapping[str, str]

    def document(self, at_seconds: float) -> dict[str, object]:
        """Return the members that make a line a document of the format.

        Args:
            at_seconds: the instant that was measured, since 1970.
        """
        directive = _directive(tuple(self.dimensions), tuple(self.values))
        aws = {"Timestamp": int(at_seconds * 1_000), "CloudWatchMetrics": [directive]}
        return {"_aws": aws, **self.dimensions, **self.values}


@lru_cache(maxsize=16)
def _directive(dimensions: tuple[str, ...], metrics: tuple[str, ...]) -> Mapping[str, object]:
    """Return what tells CloudWatch which members of a line are metrics, and by what they differ."""
    return {
        "Namespace": NAMESPACE,
        "Dimensions": [list(dimensions)],
        "Metrics": [{"Name": name, "Unit": UNITS[name].value} for name in metrics],
    }
