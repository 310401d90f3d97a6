"""Goal 4: a page of 100 models read and mapped to records, over boto3's query of the same items.

Both get the same JSON where botocore would send, with requests that ask for the same.
"""

from collections.abc import Callable
from typing import Any

import boto3
from boto3.dynamodb.conditions import Key

from graph.services import Services
from models.entities import ModelItem
from models.listing.plan import plan_list
from models.listing.query import ModelFilter, Order, Window
from tests.benchmarks.models import model_records
from tests.benchmarks.ratios import Result, cpu_seconds, interleaved
from tests.benchmarks.subject import SETTINGS, filled_table, play_back
from tests.benchmarks.wire import Recording

TARGET = 0.3
_MODELS = 100
_RUNS = 5
_LOW, _HIGH = "2", "3"
_ASKED: dict[str, Any] = {
    "TableName": SETTINGS.table,
    "IndexName": "by_update",
    "Limit": _MODELS + 1,
    "ScanIndexForward": False,
    "ReturnConsumedCapacity": "TOTAL",
}


def measure(rounds: int) -> list[Result]:
    """Measure against boto3's client, and against its resource, which also makes Python values."""
    with filled_table([ModelItem.of(record) for record in model_records(_MODELS)]) as services:
        play_back(services)
        ours = _our_page(services)
        return [
            _compared("a page of 100 models as records / boto3's client", ours, _client(), rounds),
            _compared("the same / boto3's resource", ours, _resource(), rounds),
        ]


def _our_page(services: Services) -> Callable[[], int]:
    plan = plan_list(ModelFilter(), Order())
    window = Window(size=_MODELS, after=None, before=None, backward=False)
    return lambda: len(services.lister.page(plan, window).models)


def _client() -> Callable[[], int]:
    client = boto3.client("dynamodb", region_name=SETTINGS.region)
    Recording().attach(client)
    asked = _ASKED | {
        "KeyConditionExpression": "#state = :state AND #place BETWEEN :low AND :high",
        "ExpressionAttributeNames": {"#state": "state", "#place": "updated_at_id"},
        "ExpressionAttributeValues": {
            ":state": {"S": "ACTIVE"},
            ":low": {"S": _LOW},
            ":high": {"S": _HIGH},
        },
    }
    return lambda: len(client.query(**asked)["Items"])


def _resource() -> Callable[[], int]:
    table = boto3.resource("dynamodb", region_name=SETTINGS.region).Table(SETTINGS.table)
    Recording().attach(table.meta.client)
    named = {name: value for name, value in _ASKED.items() if name != "TableName"}
    condition = Key("state").eq("ACTIVE") & Key("updated_at_id").between(_LOW, _HIGH)
    return lambda: len(table.query(**named, KeyConditionExpression=condition)["Items"])


def _compared(name: str, ours: Callable[[], int], base: Callable[[], int], rounds: int) -> Result:
    assert ours() == base() == _MODELS
    measured = interleaved(
        lambda: cpu_seconds(ours, _RUNS), lambda: cpu_seconds(base, _RUNS), rounds
    )
    return Result(
        *(4, name, *measured, "CPU s", TARGET),
        note="JSON of the index's items played back where botocore would send",
    )
