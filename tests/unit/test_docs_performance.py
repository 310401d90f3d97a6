"""docs/PERFORMANCE.md tells of every goal that is measured, and why one is missed."""

import re
from pathlib import Path

from tests.benchmarks.goals import GOALS

TEXT = (Path(__file__).parents[2] / "docs" / "PERFORMANCE.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d) +\|.*\| (yes|NO) +\|", TEXT, re.MULTILINE)


def test_every_goal_has_its_figures() -> None:
    assert {int(goal) for goal, _ in ROWS} == set(GOALS)


def test_why_a_goal_is_missed_is_told() -> None:
    for goal in {goal for goal, met in ROWS if met == "NO"}:
        assert f"**Goal {goal}" in TEXT, goal
