"""Goal 1: from the start of a process to the first answer of `model(id)`, over boto3 and one get.

Each way of starting is compared with boto3 started the same way: by awslambdaric, as Lambda does,
and by a plain process, which leaves awslambdaric out on both sides.
"""

import json
import resource
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stderr
from dataclasses import dataclass
from pathlib import Path

from models.access.record import ApiKeyRecord, new_token, token_sha256
from models.entities import ApiKeyItem, ModelItem
from models.entities.model import model_key
from models.principal import Role
from models.settings import Settings
from tests.api.client import JSON_BODY
from tests.api.doors import Call, event_of
from tests.api.issuer import Issuer, served
from tests.benchmarks.canned_table import canned_table
from tests.benchmarks.models import model_records
from tests.benchmarks.nowhere import Nowhere
from tests.benchmarks.ratios import Result, child_cpu_seconds, interleaved, spent
from tests.benchmarks.unpacked import Unpacked, unpack
from tests.deployment.lambda_runtime import Json, running
from tests.deployment.test_lambda import api_only, of_every_function

TARGET = 1.5
_QUERY = "query ($id: ID!) { model(id: $id) { id name source license state version updatedAt } }"
_MODEL = next(model_records(1))
_KEY_ID = "01890000-0000-7000-b000-000000000000"
_NOTE = (
    "CPU of one process of Lambda's Python, .pyc on both sides, boto3 started the same way; "
    "DynamoDB and issuer on loopback"
)


@dataclass(frozen=True, slots=True)
class Start:
    """A function, and the event that it is started for.

    Attributes:
        handler: as Lambda names it.
        task: the directory that it is in.
        event: makes the event, since a token lasts for minutes only.
    """

    handler: str
    task: Path
    event: Callable[[], Json]


@dataclass(frozen=True, slots=True)
class Ground:
    """Where functions are started."""

    unpacked: Unpacked
    directory: Path
    environment: Mapping[str, str]

    def plainly(self, start: Start) -> float:
        """Start a function in a process of its own; return its CPU seconds."""
        event = self.directory / "event.json"
        event.write_text(json.dumps(start.event()), encoding="utf-8")
        program = str(self.unpacked.programs / "first_answer.py")
        return child_cpu_seconds(
            [str(self.unpacked.python), program, start.handler, str(event)],
            environment=self._environment(start),
        )

    def by_awslambdaric(self, start: Start) -> float:
        """Start a function as Lambda does; return its CPU seconds."""
        before = spent(resource.getrusage(resource.RUSAGE_CHILDREN))
        event, log = start.event(), self.directory / "function.log"
        environment = self._environment(start)
        python, task = self.unpacked.python, start.task
        with running(python, task, start.handler, environment, log) as function:
            answer = function.invoke(event)
        assert answer["statusCode"] == 200, answer
        assert '"errors"' not in answer["body"], answer
        return spent(resource.getrusage(resource.RUSAGE_CHILDREN)) - before

    def _environment(self, start: Start) -> dict[str, str]:
        path = f"{start.task}:{self.unpacked.programs}"
        return {**self.environment, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


def measure(rounds: int) -> list[Result]:
    """Measure each credential, started in each way."""
    token = new_token(_KEY_ID)
    with _ground(token) as (ground, issuer):
        stock = Start("boto3_get.handler", ground.unpacked.stock, _stock_event)
        starts = {
            "no credentials to verify": ("open_door.api", dict[str, str]),
            "an API key": ("graph.handler.api", lambda: {"x-api-key": token}),
            "a JWT": ("graph.handler.api", lambda: {"authorization": f"Bearer {issuer.token()}"}),
        }
        return [
            _compared(f"cold start, {credential}, {way}", measured, start, stock, rounds)
            for way, measured in (
                ("by awslambdaric", ground.by_awslambdaric),
                ("by a plain process", ground.plainly),
            )
            for credential, (handler, headers) in starts.items()
            for start in [Start(handler, ground.unpacked.api, _event_with(headers))]
        ]


def _compared(
    name: str, measured: Callable[[Start], float], start: Start, stock: Start, rounds: int
) -> Result:
    ours, base = interleaved(lambda: measured(start), lambda: measured(stock), rounds)
    return Result(1, name, ours, base, "CPU s", TARGET, note=_NOTE)


def _event_with(headers: Callable[[], dict[str, str]]) -> Callable[[], Json]:
    body = json.dumps({"query": _QUERY, "variables": {"id": _MODEL.id}}).encode()
    return lambda: event_of(Call("POST", headers=JSON_BODY | headers(), body=body))


def _stock_event() -> Json:
    key = model_key(_MODEL.id)
    return {"key": {"PK": {"S": key.pk}, "SK": {"S": key.sk}}}


@contextmanager
def _ground(token: str) -> Iterator[tuple[Ground, Issuer]]:
    key = ApiKeyRecord(
        id=_KEY_ID,
        name="benchmark",
        role=Role.READER,
        token_sha256=token_sha256(token),
        created_at=_MODEL.created_at,
        created_by="user:ada",
    )
    with ExitStack() as stack:
        # Servers tell there of each client that ends without a word, as those do that are measured.
        stack.enter_context(redirect_stderr(Nowhere()))
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        items = [ModelItem.of(_MODEL), ApiKeyItem.of(key)]
        endpoint = stack.enter_context(canned_table(items))
        issuer = stack.enter_context(served(Issuer()))
        environment = of_every_function(Settings(endpoint_url=endpoint)) | api_only(issuer)
        environment |= {"AWS_DEFAULT_REGION": environment["AWS_REGION"]}
        yield Ground(unpack(directory), directory, environment), issuer
