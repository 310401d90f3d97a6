"""Which module of this package measures which goal of docs/PERFORMANCE.md."""

import importlib
from collections.abc import Callable

from tests.benchmarks.ratios import Result

GOALS = {
    1: "cold_start",
    2: "small_query",
    3: "model_list",
    4: "item_mapping",
    5: "combined_read",
    6: "throughput",
    7: "registry_server",
    8: "growth",
    9: "memory",
}


def measure_goal(goal: int, rounds: int) -> list[Result]:
    """Measure one goal, in this process."""
    module = importlib.import_module(f"tests.benchmarks.{GOALS[goal]}")
    measure: Callable[[int], list[Result]] = module.measure
    return measure(rounds)
