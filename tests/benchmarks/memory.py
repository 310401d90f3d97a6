"""Goal 9: what the API's function holds in memory, as Lambda runs it.

The package is unpacked and run by awslambdaric on Lambda's Python; the table is the emulator's, in
another process. Documents are never twice the same for long, so that every bounded cache is full.
"""

import itertools
import json
import platform
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from graph.bootstrap import provision
from models.settings import Settings
from models.table import Table
from tests.api.client import JSON_BODY
from tests.api.doors import Call, event_of
from tests.benchmarks.bulk import items_of_model, model_id, write
from tests.benchmarks.emulator import emulated
from tests.benchmarks.operations import CREATE, GET, HISTORY, LIST, UPDATE, Variables
from tests.benchmarks.ratios import Result
from tests.benchmarks.short import is_short
from tests.deployment.lambda_runtime import Function, install, running
from tests.deployment.packaging import Build, build_all
from tests.deployment.test_lambda import api_key, of_every_function

LIMIT_MB: Final = 128.0
_GROWTH_TARGET: Final = 1.02
_KB: Final = 1_024
_MODELS: Final = 120
_VERSIONS: Final = 25
_STEPS: Final = 10
_VARIED: Final = 1_000
"""So many texts of each document: several times what the caches of documents hold."""
_UNSET: Final = ("CORS_ORIGINS", "OIDC_ISSUER", "OIDC_AUDIENCE", "OIDC_ROLES_CLAIM")
_OFF: Final = ("GRAPHQL_INTROSPECTION", "GRAPHQL_GET", "GRAPHQL_PLAYGROUND")
_SETTINGS: Final = dict.fromkeys(_UNSET, "") | dict.fromkeys(_OFF, "off")


@dataclass(frozen=True, slots=True)
class Served:
    """The function, and a key to ask it with."""

    function: Function
    key: str

    def send(self, document: str, variables: Variables) -> None:
        """Send a request that must succeed."""
        body = json.dumps({"query": document, "variables": variables}).encode()
        call = Call("POST", headers=JSON_BODY | {"x-api-key": self.key}, body=body)
        answer = self.function.invoke(event_of(call))
        read: dict[str, Any] = json.loads(answer["body"])
        assert answer["statusCode"] == 200, read
        assert "errors" not in read, read

    @property
    def resident_mb(self) -> float:
        """What it holds of the machine's memory."""
        status = Path(f"/proc/{self.function._process.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found is not None, status
        return int(found[1]) / _KB


def measure(rounds: int) -> list[Result]:
    """Send some requests, and ten times as many more."""
    first, more = (200, 1_000) if is_short(rounds) else (1_000, 10_000)
    with _served() as served:
        requests = _requests()
        fresh = served.resident_mb
        _send(served, requests, first)
        samples = [served.resident_mb]
        for _ in range(_STEPS):
            _send(served, requests, more // _STEPS)
            samples.append(served.resident_mb)
    note = f"MB when it started: {fresh:.1f}, then: " + ", ".join(f"{mb:.1f}" for mb in samples)
    return [
        Result(
            goal=9,
            name=f"resident after {first:,} requests / {LIMIT_MB:.0f} MB",
            ours=[samples[0]],
            base=[LIMIT_MB],
            unit="MB",
            target=1.0,
            note=note,
        ),
        Result(
            goal=9,
            name=f"resident after {more:,} more requests / before them",
            ours=[samples[-1]],
            base=[samples[0]],
            unit="MB",
            target=_GROWTH_TARGET,
        ),
    ]


def _send(served: Served, requests: Iterator[tuple[str, Variables]], count: int) -> None:
    for document, variables in itertools.islice(requests, count):
        served.send(document, variables)


def _requests() -> Iterator[tuple[str, Variables]]:
    """Yield requests of all kinds in turn: half of the texts are new, half were sent before."""
    for number in itertools.count():
        for document, variables in _turn(number):
            yield document, variables
            yield _reworded(document, number % _VARIED), variables


def _turn(number: int) -> Iterator[tuple[str, Variables]]:
    asked = {"id": model_id(number % _MODELS)}
    newest = {"field": "UPDATED_AT", "direction": "DESC"}
    yield GET, asked
    yield LIST, {"first": 100, **newest}
    yield HISTORY, {**asked, "first": 20}
    yield UPDATE, {"input": {**asked, "riskNotes": f"looked at {number} times"}}
    yield CREATE, {"input": {"name": f"new {number}", "source": "zoo", "license": "mit"}}


def _reworded(document: str, number: int) -> str:
    """Return another text that asks for the same."""
    return re.sub(r"^(query|mutation) ", rf"\1 Q{number} ", document)


@contextmanager
def _served() -> Iterator[Served]:
    """Build, unpack and run the function on a table with models."""
    machine = platform.machine().replace("arm64", "aarch64")
    with tempfile.TemporaryDirectory() as directory, emulated() as empty:
        out = Path(directory)
        (package,) = build_all(Build("api", out, machine))
        task = out / "api"
        with zipfile.ZipFile(package) as archive:
            archive.extractall(task)
        settings = replace(empty, table="memory", bucket="memory")
        key = _provisioned(settings)
        environment = of_every_function(settings) | _SETTINGS
        python, log = install(out / "runtime"), out / "api.log"
        with running(python, task, "graph.handler.api", environment, log) as function:
            served = Served(function, key)
            served.send("{ viewer { subject } }", {})
            yield served


def _provisioned(settings: Settings) -> str:
    """Make the table with models in it, and return an API key."""
    provision(settings)
    write(
        Table(settings),
        (item for number in range(_MODELS) for item in items_of_model(number, _VERSIONS)),
    )
    return api_key(settings)
