"""What a run prints, and what it writes down."""

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.benchmarks.ratios import Result

_HEADINGS = ("goal", "what", "ratio", "quartiles", "target", "met", "ours", "base", "unit")


def table(results: Sequence[Result]) -> str:
    """Return the results as a table of Markdown, with the notes below."""
    rows = [_HEADINGS, *map(_row, results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    head, *body = (_line(row, widths) for row in rows)
    rule = _line(["-" * width for width in widths], widths)
    notes = dict.fromkeys(f"goal {one.goal}: {one.note}" for one in results if one.note)
    return "\n".join([head, rule, *body, "", *notes])


def write_json(results: Iterable[Result], path: Path) -> None:
    """Write down every round, and on what machine it was measured."""
    told = {
        "machine": {
            "python": platform.python_version(),
            "platform": platform.platform(),
            "cores": os.cpu_count(),
        },
        "results": [_as_json(result) for result in results],
    }
    path.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _row(result: Result) -> tuple[str, ...]:
    low, high = result.spread
    return (
        str(result.goal),
        result.name,
        f"{result.ratio:.3g}",
        f"{low:.3g} to {high:.3g}",
        _target(result),
        {True: "yes", False: "NO", None: "-"}[result.met],
        f"{result.typical(result.ours):.4g}",
        f"{result.typical(result.base):.4g}",
        result.unit,
    )


def _target(result: Result) -> str:
    if result.target is None:
        return "-"
    return f"{'>=' if result.at_least else '<='} {result.target:.3g}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def _as_json(result: Result) -> dict[str, Any]:
    derived = {"ratio": result.ratio, "spread": result.spread, "met": result.met}
    return {**asdict(result), **derived}
