"""The packages, run as Lambda runs them: by awslambdaric, on real events, with nothing else there.

Built for this machine: what differs from the arm64 packages are the compiled files alone.
"""

import json
import platform
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from graph.bootstrap import provision
from graph.local.aws import EmbeddedAws
from graph.local.emulator import ACCESS_KEY
from graph.local.hub import DEMO_DATA, StandInHub
from models.access.commands import CreateApiKey
from models.access.keys import ApiKeys
from models.entities import ArtifactItem
from models.entities.evaluation import evaluation_key
from models.ids import EvaluationRef, parse_node_id
from models.principal import Principal, Role
from models.settings import Settings
from models.table import Table
from models.timestamps import now
from tests.api.doors import Call, Reply, event_of
from tests.api.evaluation.test_worker_handler import record, sequence_number
from tests.api.issuer import AUDIENCE, Issuer, served
from tests.deployment.lambda_runtime import (
    MAX_ANSWER_BYTES,
    Function,
    Json,
    install,
    running,
)
from tests.deployment.packaging import Build, build_all
from tests.unit.graph.test_hashing import ASKED, record_of

PAGE: Final = "https://huggingface.co/northwind/harbor-tides-small"
CREATE: Final = """mutation ($input: CreateModelInput!) {
  createModel(input: $input) { model { id name version } userErrors { code message } }
}"""
MODEL: Final = "query ($id: ID!) { model(id: $id) { name historyVerification { intact } } }"
VIEWER: Final = "{ viewer { subject } }"
EVALUATE: Final = """mutation ($input: EvaluateModelInput!) {
  evaluateModel(input: $input) { evaluation { id status } userErrors { code message } }
}"""
EVALUATION: Final = """query ($id: ID!) {
  node(id: $id) { ... on Evaluation { status coverage netScore failure { code message } } }
}"""


@dataclass(frozen=True)
class Deployed:
    """The functions, each in a process of its own, and what they talk with."""

    api: Function
    worker: Function
    hasher: Function
    issuer: Issuer
    key: str
    tasks: tuple[Path, Path]

    def send(self, call: Call) -> Reply:
        """Send a request through the gateway."""
        answer = self.api.invoke(event_of(call))
        assert not answer["isBase64Encoded"]
        return Reply(answer["statusCode"], answer["headers"], answer["body"].encode())

    def ask(self, document: str, variables: Json | None = None, **headers: str) -> Reply:
        """Send a GraphQL request."""
        body = json.dumps({"query": document, "variables": variables or {}}).encode()
        sent = {"content-type": "application/json", "accept": "application/json", **headers}
        return self.send(Call("POST", headers=sent, body=body))

    def data(self, document: str, **variables: Any) -> Any:  # noqa: ANN401  # JSON can be anything
        """Ask with the API key, and return the answer's only field."""
        reply = self.ask(document, variables, **{"x-api-key": self.key})
        assert reply.status == 200, reply.body
        assert "errors" not in reply.json, reply.json
        (answer,) = reply.json["data"].values()
        return answer


@dataclass(frozen=True)
class Unpacked:
    """What a machine of Lambda's has before a function is started."""

    api: Path
    worker: Path
    python: Path


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Unpacked:
    """Build and unpack: once a process, since xdist spreads the classes of a module."""
    out = tmp_path_factory.mktemp("lambda")
    machine = platform.machine().replace("arm64", "aarch64")
    packages = build_all(*(Build(function, out, machine) for function in ("api", "worker")))
    for package in packages:
        with zipfile.ZipFile(package) as archive:
            archive.extractall(package.with_suffix(""))
    return Unpacked(out / "api", out / "worker", install(out / "runtime"))


@pytest.fixture(scope="module")
def deployed(unpacked: Unpacked, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """Start all: there is one embedded AWS at a time, so that other modules get theirs."""
    logs = tmp_path_factory.mktemp("logs")
    python = unpacked.python
    with ExitStack() as stack:
        aws = stack.enter_context(EmbeddedAws(state_dir=None))
        hub = stack.enter_context(StandInHub(DEMO_DATA))
        issuer = stack.enter_context(served(Issuer()))
        names = Settings(table=f"test-{uuid.uuid4()}", bucket=f"test-{uuid.uuid4()}")
        settings = aws.settings(names)
        provision(settings)
        common = of_every_function(settings)
        api, worker, hasher = (
            stack.enter_context(
                running(python, task, f"graph.handler.{name}", common | own, logs / f"{name}.log")
            )
            for name, task, own in (
                ("api", unpacked.api, api_only(issuer)),
                ("worker", unpacked.worker, worker_only(hub)),
                ("hasher", unpacked.api, {}),
            )
        )
        tasks = (unpacked.api, unpacked.worker)
        yield Deployed(api, worker, hasher, issuer, api_key(settings), tasks)


def of_every_function(settings: Settings) -> dict[str, str]:
    """Return what serverless.yml and Lambda set for each, and where this AWS is."""
    return {
        "STAGE": "test",
        "LOG_LEVEL": "1",
        "LOG_SAMPLE_RATE": "0",
        "DYNAMODB_TABLE": settings.table,
        "S3_BUCKET": settings.bucket,
        "AWS_REGION": settings.region,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
        "AWS_ENDPOINT_URL": settings.endpoint_url or "",
    }


def api_only(issuer: Issuer) -> dict[str, str]:
    return {
        "CORS_ORIGINS": "",
        "OIDC_ISSUER": issuer.url,
        "OIDC_AUDIENCE": AUDIENCE,
        "OIDC_ROLES_CLAIM": "roles",
        "GRAPHQL_INTROSPECTION": "on",
        "GRAPHQL_GET": "off",
        "GRAPHQL_PLAYGROUND": "on",
    }


def worker_only(hub: StandInHub) -> dict[str, str]:
    upstream = {"HF_ENDPOINT": hub.url, "GITHUB_API_URL": hub.github_url}
    return {"HF_TOKEN": "", "GITHUB_TOKEN": ""} | upstream


def api_key(settings: Settings) -> str:
    """Make an API key, as an admin does."""
    admin = Principal("user:ada", frozenset({Role.ADMIN}), may_attribute=False)
    command = CreateApiKey(name="deployment", role=Role.WRITER)
    return ApiKeys(Table(settings), now).create(admin, command).token


class TestApi:
    def test_is_healthy(self, deployed: Deployed) -> None:
        reply = deployed.send(Call("GET", "/health"))
        assert (reply.status, reply.json["status"]) == (200, "ok")

    def test_lets_nobody_in_without_credentials(self, deployed: Deployed) -> None:
        assert deployed.ask(VIEWER).status == 401

    def test_creates_a_model_and_finds_it(self, deployed: Deployed) -> None:
        given = {"name": "harbor", "source": "hf", "license": "mit"}
        created = deployed.data(CREATE, input=given)
        assert created["userErrors"] == []
        found = deployed.data(MODEL, id=created["model"]["id"])
        assert found == {"name": "harbor", "historyVerification": {"intact": True}}

    def test_verifies_a_token(self, deployed: Deployed) -> None:
        """With the compiled part of cryptography."""
        reply = deployed.ask(VIEWER, authorization=f"Bearer {deployed.issuer.token()}")
        assert reply.json["data"]["viewer"]["subject"].endswith("ada")

    def test_refuses_a_token_of_another_key(self, deployed: Deployed) -> None:
        token = deployed.issuer.token()
        forged = token[:-8] + ("AAAAAAAA" if token[-8:] != "AAAAAAAA" else "BBBBBBBB")
        assert deployed.ask(VIEWER, authorization=f"Bearer {forged}").status == 401

    def test_serves_graphiql(self, deployed: Deployed) -> None:
        page = deployed.send(Call("GET", headers={"accept": "text/html"}))
        assert page.status == 200
        assert b'src="graphql/assets/graphiql.js' in page.body
        for name in ("boot.js", "react.js"):
            script = deployed.send(Call("GET", f"/graphql/assets/{name}"))
            assert (script.status, len(script.body) > 1_000) == (200, True)

    def test_graphiqls_largest_file_is_under_lambdas_limit(self, deployed: Deployed) -> None:
        call = Call("GET", "/graphql/assets/graphiql.js")
        answer = deployed.api.invoke_raw(event_of(call))
        assert json.loads(answer)["statusCode"] == 200
        assert len(answer) < MAX_ANSWER_BYTES


class TestWorker:
    def test_does_nothing_for_no_records(self, deployed: Deployed) -> None:
        assert deployed.worker.invoke({"Records": []}, 300) == {"batchItemFailures": []}

    def test_runs_the_evaluation_that_the_stream_tells_of(self, deployed: Deployed) -> None:
        """Every library that it needs is imported on the way."""
        queued = deployed.data(EVALUATE, input={"url": PAGE, "waitSeconds": 0})
        assert queued["userErrors"] == []
        node_id = queued["evaluation"]["id"]
        ref = parse_node_id(node_id)
        assert isinstance(ref, EvaluationRef)
        key = evaluation_key(ref.evaluation_id)
        answer = deployed.worker.invoke({"Records": [record(key.pk, key.sk)]}, 300)
        assert answer == {"batchItemFailures": []}
        ended = deployed.data(EVALUATION, id=node_id)
        assert (ended["status"], ended["failure"]) == ("SUCCEEDED", None)
        assert ended["netScore"] is not None

    def test_asks_for_a_job_again_where_there_is_no_time(self, deployed: Deployed) -> None:
        key = evaluation_key("01890000-0000-7000-8000-000000000000")
        answer = deployed.worker.invoke({"Records": [record(key.pk, key.sk)]}, 5)
        assert answer == {"batchItemFailures": [{"itemIdentifier": sequence_number(1)}]}


class TestHasher:
    def test_does_nothing_for_no_records(self, deployed: Deployed) -> None:
        assert deployed.hasher.invoke({"Records": []}, 900) == {"batchItemFailures": []}

    def test_answers_what_it_could_not_hash(self, deployed: Deployed) -> None:
        """Here a file that is not there: everything is imported on the way."""
        told = record_of(ArtifactItem.of(ASKED))
        answer = deployed.hasher.invoke({"Records": [told]}, 900)
        number = told["dynamodb"]["SequenceNumber"]
        assert answer == {"batchItemFailures": [{"itemIdentifier": number}]}


class TestPackage:
    def test_nothing_is_compiled_at_run_time(self, deployed: Deployed) -> None:
        """Else that would take its time at every cold start: Lambda's disk is read-only."""
        deployed.send(Call("GET", "/health"))
        deployed.worker.invoke({"Records": []}, 300)
        for task in deployed.tasks:
            with zipfile.ZipFile(task.with_suffix(".zip")) as archive:
                shipped = set(archive.namelist())
            there = {
                path.relative_to(task).as_posix() for path in task.rglob("*") if path.is_file()
            }
            assert there == shipped
