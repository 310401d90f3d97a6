"""Goal 2: a small query that was asked before, over graphql-core doing all of it on dicts.

Ours is everything from API Gateway's event to the answer for Lambda: routing, an API key that is
known, limits, the log line with its metrics; but no table. The other side parses, validates and
executes the same text, and writes no JSON.
"""

from graphql import graphql_sync

from graph.services import Services
from models.entities import ModelItem
from models.registry.reader import Reader
from tests.benchmarks.models import model_records
from tests.benchmarks.ratios import Result, cpu_seconds, interleaved
from tests.benchmarks.stock import stock_schema
from tests.benchmarks.subject import SETTINGS, KeptTable, asker, filled_table, replaced

TARGET = 0.18
_RUNS = 100
_MODEL = "query ($id: ID!) { model(id: $id) { id name source license state version updatedAt } }"
_VIEWER = "{ viewer { subject roles } }"


def measure(rounds: int) -> list[Result]:
    """Measure a query that reads one model, and one that reads nothing."""
    (record,) = model_records(1)
    with filled_table([ModelItem.of(record)]) as services:
        kept = replaced(services, reader=Reader(KeptTable(SETTINGS)))
        return [
            _compared(kept, rounds, "small query: model(id) with 7 fields", _MODEL, id=record.id),
            _compared(kept, rounds, "smaller query: viewer with 2 fields", _VIEWER),
        ]


def _compared(
    services: Services, rounds: int, name: str, document: str, **variables: object
) -> Result:
    client, schema = asker(services), stock_schema()
    event = client.event(document, **variables)
    data = client.answer(event)["data"]

    def by_graphql_core() -> object:
        return graphql_sync(schema, document, root_value=data, variable_values=variables)

    assert by_graphql_core() == (data, None)
    ours, base = interleaved(
        lambda: cpu_seconds(lambda: client.send(event), _RUNS),
        lambda: cpu_seconds(by_graphql_core, _RUNS),
        rounds,
    )
    note = "through the Lambda handler with a known API key and its log line; Table's reads kept"
    return Result(2, name, ours, base, "CPU s", TARGET, note=note)
