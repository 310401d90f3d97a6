"""CloudWatch's embedded metric format, read as CloudWatch reads it: its rules, and the sums.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

Line = dict[str, Any]
Series = tuple[str, tuple[tuple[str, str], ...]]
"""The name of a metric, and its dimensions with their values."""

MAX_BYTES = 256 * 1024
MAX_METRICS = 100
MAX_DIMENSIONS = 30
MAX_CHARACTERS = 1_024
MAX_AGE_MS = 14 * 24 * 3_600 * 1_000
MAX_AHEAD_MS = 2 * 3_600 * 1_000
UNITS = {"Count", "Milliseconds"}
"""Of those that CloudWatch knows, the ones that this service uses."""


def require_valid(text: str) -> None:
    """Hold a line to the rules of the format; a line without metrics has none."""
    assert len(text.encode()) <= MAX_BYTES
    line = json.loads(text)
    assert isinstance(line, dict)
    if "_aws" not in line:
        return
    aws = line["_aws"]
    assert aws.keys() == {"Timestamp", "CloudWatchMetrics"}
    assert type(aws["Timestamp"]) is int
    age_ms = time.time() * 1_000 - aws["Timestamp"]
    assert -MAX_AHEAD_MS <= age_ms <= MAX_AGE_MS
    assert isinstance(aws["CloudWatchMetrics"], list)
    assert aws["CloudWatchMetrics"]
    for directive in aws["CloudWatchMetrics"]:
        _require_valid_directive(line, directive)


def _require_valid_directive(line: Line, directive: Line) -> None:
    assert directive.keys() == {"Namespace", "Dimensions", "Metrics"}
    assert isinstance(directive["Namespace"], str)
    assert 1 <= len(directive["Namespace"]) <= MAX_CHARACTERS
    assert not directive["Namespace"].startswith("AWS/")
    assert directive["Dimensions"]
    for names in directive["Dimensions"]:
        assert len(names) <= MAX_DIMENSIONS
        assert len({*names}) == len(names)
        for name in names:
            _require_dimension(name, line[name])
    assert 1 <= len(directive["Metrics"]) <= MAX_METRICS
    for metric in directive["Metrics"]:
        assert metric.keys() == {"Name", "Unit"}
        assert metric["Unit"] in UNITS
        assert 1 <= len(metric["Name"]) <= MAX_CHARACTERS
        assert type(line[metric["Name"]]) in {int, float}
        assert not {metric["Name"]} & {name for names in directive["Dimensions"] for name in names}


def _require_dimension(name: str, value: object) -> None:
    for text in (name, value):
        assert isinstance(text, str)
        assert 1 <= len(text) <= MAX_CHARACTERS
        assert text.isascii()
        assert text.isprintable()
        assert text.strip()
        assert not text.startswith(":")


def sums(lines: Iterable[Line], namespace: str) -> Counter[Series]:
    """Add up the metrics of a namespace."""
    found: Counter[Series] = Counter()
    for line in lines:
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", ()):
            assert directive["Namespace"] == namespace
            for names in directive["Dimensions"]:
                dimensions = tuple((name, line[name]) for name in names)
                for metric in directive["Metrics"]:
                    found[metric["Name"], dimensions] += line[metric["Name"]]
    return found
