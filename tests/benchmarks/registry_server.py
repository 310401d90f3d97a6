"""Goal 7: requests a second against MLflow's registry server, both as one starts them.

Ours is `ml-evaluator serve` with its data on disk: the API and the embedded AWS (ministack) in one
process. MLflow's is `mlflow server` on SQLite, with its four workers, and with one. Both hold as
many models, and the same of each: name, source, license and two times. Ours writes the history,
too, which MLflow has not.
"""

import itertools
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from tests.benchmarks.load import HOST, Call, requests_per_second
from tests.benchmarks.mlflow_server import mlflow
from tests.benchmarks.ratios import Result, interleaved
from tests.benchmarks.short import is_short
from tests.e2e.serve_process import ServeProcess

_PAGE: Final = 100
_CLIENTS: Final = (1, 8)
_API: Final = "/api/2.0/mlflow/registered-models"
_GET: Final = "query ($id: ID!) { model(id: $id) { name source license createdAt updatedAt } }"
_SEARCH: Final = f"""{{ models(first: {_PAGE}) {{
  nodes {{ name source license createdAt updatedAt }} pageInfo {{ hasNextPage endCursor }}
}} }}"""
_CREATE: Final = """mutation ($input: CreateModelInput!) { createModel(input: $input) {
  model { name source license createdAt updatedAt } userErrors { code message }
} }"""
_IDS: Final = "{ models(first: 1) { nodes { id } } }"
_STORED_CREATED: Final = '"userErrors":[]'


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured.

    Attributes:
        stored: models in both registries before the first measurement.
        requests: of each operation in a measurement with one client; with several, twice that.
        worker_options: of `mlflow server`, for each time that everything is measured.
    """

    stored: int
    requests: dict[str, int]
    worker_options: Sequence[tuple[str, ...]]


SHORT: Final = Size(200, {"get": 20, "search": 10, "create": 20}, [()])
LONG: Final = Size(1_000, {"get": 60, "search": 30, "create": 60}, [(), ("--workers=1",)])


@dataclass(frozen=True, slots=True)
class Registry:
    """A running registry.

    Attributes:
        calls: gives so many requests of an operation.
    """

    port: int
    calls: dict[str, Callable[[int], list[Call]]]

    def rate(self, operation: str, count: int, clients: int) -> float:
        """Return how many requests of an operation it answers a second."""
        return requests_per_second(self.port, self.calls[operation](count), clients)


def measure(rounds: int) -> list[Result]:
    """Measure get, search and create with one client and with eight."""
    size = SHORT if is_short(rounds) else LONG
    results = []
    for options in size.worker_options:
        with _ours() as ours, _mlflow(options) as base:
            for registry in (ours, base):
                registry.rate("create", size.stored, 1)
            for operation, clients in itertools.product(size.requests, _CLIENTS):
                results.append(_result(ours, base, operation, clients, size, options, rounds))
    return results


def _result(
    ours: Registry,
    base: Registry,
    operation: str,
    clients: int,
    size: Size,
    options: tuple[str, ...],
    rounds: int,
) -> Result:
    count = size.requests[operation] * min(clients, 2)
    rates = interleaved(
        lambda: ours.rate(operation, count, clients),
        lambda: base.rate(operation, count, clients),
        rounds,
    )
    workers = " ".join(options) or "as it starts: 4 workers"
    return Result(
        goal=7,
        name=f"{operation}, {clients} client{'s' * (clients > 1)} / MLflow ({workers})",
        ours=rates[0],
        base=rates[1],
        unit="requests/s",
        target=2.0,
        at_least=True,
        note=f"{size.stored} models and those created meanwhile; data on disk",
    )


@contextmanager
def _ours() -> Iterator[Registry]:
    names = (f"model {number}" for number in itertools.count())
    with (
        tempfile.TemporaryDirectory() as directory,
        ServeProcess(Path(directory)) as server,
    ):
        port = urlsplit(server.url).port
        assert port is not None
        some_id = cache(lambda: _some_id(port))
        yield Registry(
            port,
            {
                "get": lambda count: [_asked(_GET, '"name"', id=some_id())] * count,
                "search": lambda count: [_asked(_SEARCH, '"hasNextPage":true')] * count,
                "create": lambda count: [
                    _asked(_CREATE, _STORED_CREATED, input=_fields(next(names)))
                    for _ in range(count)
                ],
            },
        )


def _some_id(port: int) -> str:
    """Return the id of a model that is stored."""
    body = json.dumps({"query": _IDS}).encode()
    headers = {"content-type": "application/json"}
    request = Request(f"http://{HOST}:{port}/graphql", body, headers)
    with urlopen(request) as answer:  # noqa: S310  # our own server
        found: str = json.load(answer)["data"]["models"]["nodes"][0]["id"]
    return found


@contextmanager
def _mlflow(options: tuple[str, ...]) -> Iterator[Registry]:
    names = (f"model {number}" for number in itertools.count())
    with tempfile.TemporaryDirectory() as directory, mlflow(Path(directory), *options) as port:
        found = Call("GET", f"{_API}/get?name=model%200", expected='"model 0"')
        searched = Call("GET", f"{_API}/search?max_results={_PAGE}", expected='"next_page_token"')
        yield Registry(
            port,
            {
                "get": lambda count: [found] * count,
                "search": lambda count: [searched] * count,
                "create": lambda count: [_created(next(names)) for _ in range(count)],
            },
        )


def _asked(document: str, expected: str, **variables: object) -> Call:
    body = json.dumps({"query": document, "variables": variables})
    return Call("POST", "/graphql", body, expected)


def _fields(name: str) -> dict[str, str]:
    return {"name": name, "source": "huggingface", "license": "apache-2.0"}


def _created(name: str) -> Call:
    fields = _fields(name)
    tags = [{"key": key, "value": value} for key, value in fields.items() if key != "name"]
    body = json.dumps({"name": name, "tags": tags})
    return Call("POST", f"{_API}/create", body, expected=f'"{name}"')
