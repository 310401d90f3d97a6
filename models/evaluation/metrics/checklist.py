"""How metrics write their evidence: small, and the same bytes for the same input."""

import heapq
import math
import re
from collections.abc import Iterable

from models.evaluation.facts import Unread
from models.evaluation.finding import Evidence, Finding, unknown
from models.json_text import Json

OBSERVED_MAX_ENTRIES = 10
OBSERVED_MAX_CHARACTERS = 200
POINT_DECIMALS = 9
"""Enough for the points of a thousand datasets to sum up to their score."""

_PLAIN_NUMBER_END = 10**15
_UNSTORABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def check(item: str, points: float, source: str, observed: Json, *, share: float) -> Evidence:
    """Write down one item of a checklist.

    Args:
        item: what is looked for; the note begins with it.
        points: what it is worth.
        share: which part of that was found, 0 to 1.
    """
    answer = "found" if share >= 1 else "found in part" if share > 0 else "not found"
    return Evidence(source, observed, round(points * share, POINT_DECIMALS), f"{item}: {answer}")


def unread(source: str, what: str, found: Unread) -> Finding:
    """Say that a metric is UNKNOWN since `what` could not be read, and why."""
    return unknown(source, shown(f"{what} could not be read: {found.why}"))


def shown(text: str) -> str:
    """Return a text as evidence holds it: cut, and without what JSON stores refuse."""
    kept = _UNSTORABLE.sub("\ufffd", text[: OBSERVED_MAX_CHARACTERS + 1])
    return kept if len(kept) <= OBSERVED_MAX_CHARACTERS else kept[:-2] + "…"


def some(texts: Iterable[str]) -> list[Json]:
    """Return the first few of some texts, sorted, each once."""
    return [shown(text) for text in heapq.nsmallest(OBSERVED_MAX_ENTRIES, set(texts))]


def some_of(texts: Iterable[str]) -> dict[str, Json]:
    """Return how many distinct texts there are, and the first few of them."""
    distinct = set(texts)
    return {"count": len(distinct), "first": some(distinct)}


def shown_value(value: Json) -> Json:
    """Return a text or number as evidence holds it; None for anything else."""
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) < _PLAIN_NUMBER_END else None
    return None
