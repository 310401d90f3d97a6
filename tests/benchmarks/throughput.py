"""Goal 6: the local server with eight clients, over one that blocks its event loop."""

import json
from typing import Final

from tests.benchmarks.load import Call, requests_per_second
from tests.benchmarks.process import program
from tests.benchmarks.ratios import Result, interleaved
from tests.benchmarks.short import is_short
from tests.benchmarks.slow_table_server import MODEL

CLIENTS: Final = 8
_SERVER: Final = "tests.benchmarks.slow_table_server"
_QUERY: Final = "query ($id: ID!) { model(id: $id) { id name source license version updatedAt } }"
_REQUESTS: Final = 400
_SHORT_REQUESTS: Final = 100


def measure(rounds: int) -> list[Result]:
    """Measure requests a second, both servers being asked for a model by its id."""
    body = json.dumps({"query": _QUERY, "variables": {"id": MODEL.id}})
    call = Call("POST", "/graphql", body, expected=f'"name":"{MODEL.name}"')
    calls = [call] * (_SHORT_REQUESTS if is_short(rounds) else _REQUESTS)
    with program(_SERVER, "threads") as threads, program(_SERVER, "loop") as loop:
        ours, base = interleaved(
            lambda: requests_per_second(int(threads), calls, CLIENTS),
            lambda: requests_per_second(int(loop), calls, CLIENTS),
            rounds,
        )
    return [
        Result(
            goal=6,
            name=f"{CLIENTS} clients, 5 ms table latency / blocking the event loop",
            ours=ours,
            base=base,
            unit="requests/s",
            target=2.5,
            at_least=True,
            note="model(id) over HTTP; botocore included, but for its socket",
        )
    ]
