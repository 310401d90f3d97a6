"""Goal 3: a page of 100 models with 12 fields, over graphql-core executing the same on dicts.

Ours is everything from API Gateway's event to the answer for Lambda. The other side only executes:
its document is parsed and validated, and it writes no JSON.
"""

from graphql import execute_sync, parse

from models.entities import ModelItem
from models.listing.lister import Lister
from tests.benchmarks.models import model_records
from tests.benchmarks.ratios import Result, cpu_seconds, interleaved
from tests.benchmarks.stock import stock_schema
from tests.benchmarks.subject import (
    SETTINGS,
    Asker,
    Json,
    KeptTable,
    asker,
    filled_table,
    play_back,
    replaced,
)

TARGET = 0.6
STRETCH = 0.3
_MODELS = 100
_RUNS = 5
_QUERY = """{
  models(first: 100) {
    nodes {
      id uuid name source sourceUrl license state version createdAt updatedAt netScore sourceAliases
    }
    pageInfo { hasNextPage endCursor }
  }
}"""


def measure(rounds: int) -> list[Result]:
    """Measure on a table that is nothing but its items, and on one that answers in JSON."""
    with filled_table([ModelItem.of(record) for record in model_records(_MODELS)]) as services:
        kept = replaced(services, lister=Lister(KeptTable(SETTINGS)))
        without_table = _compared(asker(kept), rounds)
        play_back(services)
        with_table = _compared(asker(services), rounds)
    return [
        Result(
            *(3, "models(first: 100) with 12 fields", *without_table, "CPU s", TARGET),
            note=f"through the Lambda handler; Table's reads kept; stretch: {STRETCH}",
        ),
        Result(
            *(3, "the same, with DynamoDB's answer to read", *with_table, "CPU s", None),
            note="told beside it, with the answer's JSON played back where botocore would send",
        ),
    ]


def _compared(client: Asker, rounds: int) -> tuple[list[float], list[float]]:
    event = client.event(_QUERY)
    data: Json = client.answer(event)["data"]
    assert len(data["models"]["nodes"]) == _MODELS
    schema, document = stock_schema(), parse(_QUERY)

    def by_graphql_core() -> object:
        return execute_sync(schema, document, root_value=data)

    assert by_graphql_core() == (data, None)
    return interleaved(
        lambda: cpu_seconds(lambda: client.send(event), _RUNS),
        lambda: cpu_seconds(by_graphql_core, _RUNS),
        rounds,
    )
