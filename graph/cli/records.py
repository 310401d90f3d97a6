"""An evaluation in the record format of the original tool: one line of JSON a model. Pure."""

import dataclasses
import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from graph.client import Evaluation

CATEGORY: Final = "MODEL"
COLUMNS: Final = {
    "RAMP_UP_TIME": "ramp_up_time",
    "BUS_FACTOR": "bus_factor",
    "PERFORMANCE_CLAIMS": "performance_claims",
    "LICENSE": "license",
    "SIZE": "size_score",
    "DATASET_AND_CODE": "dataset_and_code_score",
    "DATASET_QUALITY": "dataset_quality",
    "CODE_QUALITY": "code_quality",
    "ARTIFACT_SAFETY": "artifact_safety",
    "REPRODUCIBILITY": "reproducibility",
}
"""What the record calls each metric, in its order; the original had all but the last two."""


def record(evaluation: "Evaluation") -> str:
    """Write a line: name, category, net_score, each metric, and each one's latency in ms.

    Every line has every column. What is unknown is null and never 0; so is each metric of an
    evaluation that FAILED.
    """
    path = urlsplit(evaluation.canonical_url or evaluation.url).path.split("/")
    fields: dict[str, Any] = {
        "name": path[2] if len(path) > 2 else path[-1],  # noqa: PLR2004 - /owner/name
        "category": CATEGORY,
        "net_score": evaluation.net_score,
        "net_score_latency": evaluation.latency_ms,
    }
    metrics = {metric.name: metric for metric in evaluation.metrics}
    for name, column in COLUMNS.items():
        metric = metrics.get(name)
        fields[column] = metric.score if metric else None
        fields[f"{column}_latency"] = metric.latency_ms if metric else None
    size = evaluation.size_score  # the original's is an object, of a score for each device
    fields[COLUMNS["SIZE"]] = dataclasses.asdict(size) if size else None
    return json.dumps(fields, ensure_ascii=False, allow_nan=False)
