"""Serves the API with times of its own, until it is killed: `ml-evaluator serve` has no option.

Which Hub it asks, the environment tells as usual. Arguments: the state directory, and the times
of evaluations as JSON.
"""

import json
import sys
from pathlib import Path

from graph.local.server import LocalServer
from models.evaluation.times import Times


def announce(message: str) -> None:
    """Tell whoever started the process."""
    sys.stdout.write(f"{message}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    directory, times = sys.argv[1:]
    LocalServer(
        state_dir=Path(directory), times=Times(**json.loads(times)), announce=announce
    ).run()
