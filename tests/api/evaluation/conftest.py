"""The doors of the API, with a worker behind them that runs when a test lets it."""

from collections.abc import Iterator

import pytest

from graph.services import Services
from tests.api.client import Api
from tests.api.conftest import Caller
from tests.api.doors import Door
from tests.api.evaluation.bench import Bench, bench_on_moto
from tests.api.evaluation.evaluator import Evaluator
from tests.api.stored import Stored


@pytest.fixture(scope="module")
def module_bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """What all tests of a module share; `bench` is its clean form for one of them."""
    with bench_on_moto(tmp_path_factory.mktemp("hub")) as bench:
        Stored().stop_stream()
        yield bench


@pytest.fixture(scope="module")
def services(module_bench: Bench) -> Services:
    return module_bench.services


@pytest.fixture
def bench(module_bench: Bench, stored: Stored) -> Bench:  # noqa: ARG001  # empty for each test
    module_bench.reset()
    return module_bench


@pytest.fixture
def client(app_door: Door) -> Door:
    return app_door


@pytest.fixture
def api(client: Door, bench: Bench, caller: Caller) -> Api:  # noqa: ARG001  # fresh for each test
    return Api(client)


@pytest.fixture
def evaluator(api: Api, bench: Bench) -> Evaluator:
    return Evaluator(api, bench)
