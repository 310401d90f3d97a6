"""Measure the goals of docs/PERFORMANCE.md.

`python -m tests.benchmarks [--short] [--json FILE] [GOAL ...]`

Each goal is measured in a fresh process, so that none finds what another left behind. It ends with
0 however fast things are: what it prints is to be read.
"""

import argparse
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.benchmarks.goals import GOALS, measure_goal
from tests.benchmarks.ratios import Result
from tests.benchmarks.report import table, write_json

ROUNDS = 11
SHORT_ROUNDS = 3


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("goals", nargs="*", type=int, metavar="GOAL", help="all unless given")
    parser.add_argument("--short", action="store_true", help=f"{SHORT_ROUNDS} rounds, to try it")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write every round")
    options = parser.parse_args()
    if unknown := set(options.goals) - set(GOALS):
        parser.error(f"there is no goal {', '.join(map(str, sorted(unknown)))}")
    rounds = SHORT_ROUNDS if options.short else ROUNDS
    results = [one for goal in options.goals or GOALS for one in _measured(goal, rounds)]
    print(table(results))  # noqa: T201  # it is what the command is for
    if options.json:
        write_json(results, options.json)


def _measured(goal: int, rounds: int) -> list[Result]:
    print(f"measuring goal {goal}: {GOALS[goal]}", file=sys.stderr, flush=True)  # noqa: T201
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawning) as process:
        return process.submit(measure_goal, goal, rounds).result()


if __name__ == "__main__":
    main()
