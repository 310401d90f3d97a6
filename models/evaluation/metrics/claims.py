"""Claims of performance in a model-index, by the Hub's schema.

Whoever wrote the front matter wrote these, so that any JSON can stand there: what is not of the
schema is no claim.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from models.evaluation.metrics.checklist import shown, shown_value
from models.json_text import Json

POINTS = {
    "metricAndValue": 0.3,
    "dataset": 0.2,
    "splitOrRevision": 0.2,
    "source": 0.2,
    "verifyToken": 0.1,
}
"""What each part of a claim is worth, by its name in the evidence."""

INDEX_MAX = 10_000
"""So many entries, results and metrics of a model-index are looked at: the first ones."""

_TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_URL = re.compile(r"https?://\S+")
_TEXT_WITH_DIGIT = re.compile(r"[^\d]{0,100}\d")


@dataclass(frozen=True, slots=True)
class Claim:
    """One number that somebody states of a model.

    Attributes:
        points: 0 to 1.
        observed: its parts, as evidence holds them.
    """

    points: float
    observed: dict[str, Json]


def score_of(parts: set[str]) -> float:
    """Return the points of a claim that has these parts."""
    return round(sum(points for name, points in POINTS.items() if name in parts), 4)


def index_claims(model_index: Json) -> list[Claim]:
    """Return the claims of a model-index: one for each metric of each result."""
    claims = (claim for result in _results(model_index) for claim in _of_result(result))
    return [claim for claim in islice(claims, INDEX_MAX) if claim]


def dataset_revisions(model_index: Json) -> list[str]:
    """Return the revisions of datasets that a model-index states."""
    datasets = (_object(result.get("dataset")) for result in _results(model_index))
    found = (_text(dataset.get("revision")) for dataset in datasets)
    return [revision for revision in found if revision]


def _results(model_index: Json) -> Iterator[dict[str, Json]]:
    entries = _objects(model_index)
    return islice((one for entry in entries for one in _objects(entry.get("results"))), INDEX_MAX)


def _of_result(result: dict[str, Json]) -> Iterator[Claim | None]:
    """Yield for each metric of a result its claim, or None where it states nothing."""
    dataset, source = _object(result.get("dataset")), _object(result.get("source"))
    url = _text(source.get("url"))
    said: dict[str, Json] = {
        "dataset": _text(dataset.get("type")) or _text(dataset.get("name")),
        "splitOrRevision": _text(dataset.get("split")) or _text(dataset.get("revision")),
        "source": url if url and _URL.fullmatch(url) else None,
    }
    for metric in _objects(result.get("metrics")):
        metric_name = _text(metric.get("type")) or _text(metric.get("name"))
        value = metric.get("value")
        if not metric_name or not _is_value(value):
            yield None
            continue
        found: dict[str, Json] = {**said, "verifyToken": _is_verified(metric) or None}
        parts = {"metricAndValue", *(part for part, content in found.items() if content)}
        shortened = {part: _short(content) for part, content in found.items()}
        observed = {"metric": shown(metric_name), "value": shown_value(value), **shortened}
        yield Claim(score_of(parts), observed)


def _is_value(value: Json) -> bool:
    if isinstance(value, str):
        return _TEXT_WITH_DIGIT.match(value) is not None
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _is_verified(metric: dict[str, Json]) -> bool:
    """Tell whether there is a token, and `verified`, which the Hub writes, says that it holds."""
    token = metric.get("verifyToken")
    is_signed = isinstance(token, str) and _TOKEN.fullmatch(token) is not None
    return is_signed and metric.get("verified") is True


def _short(content: Json) -> Json:
    return shown(content) if isinstance(content, str) else content


def _text(value: Json) -> str | None:
    return (value.strip() or None) if isinstance(value, str) else None


def _object(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _objects(value: Json) -> list[dict[str, Json]]:
    values = value[:INDEX_MAX] if isinstance(value, list) else []
    return [item for item in values if isinstance(item, dict)]
