"""What each function may do: no less than it does, and no more."""

import ast
import hashlib
import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pkgutil import resolve_name
from typing import Any

import botocore.client
import pytest
from moto import mock_aws

from graph.bootstrap import build_services, provision
from graph.local.hub import DEMO_DATA, StandInHub
from graph.services import Services
from graph.worker import open_worker
from models.artifacts.record import ArtifactRecord, ArtifactStatus, HashingRequest
from models.entities import ArtifactItem
from models.entities.artifact import artifact_key
from models.evaluation.commands import EvaluateModel
from models.history.chain import Attribution
from models.ids import ArtifactRef, new_id
from models.principal import Principal, Role
from models.registry.commands import CreateModel, DeleteModel
from models.settings import Settings
from models.storage.object_store import ObjectStore
from models.table import Table
from models.timestamps import now
from models.transaction import Put
from tests.deployment.packaging import ROOT
from tests.deployment.template import Json, Template, text_of

FUNCTIONS = ("api", "worker", "hasher")
SENT_BY = {
    "dynamodb:BatchGetItem": "models.table:Table.get_many",
    "dynamodb:ConditionCheckItem": "models.transaction:Check",
    "dynamodb:DeleteItem": "models.transaction:Delete",
    "dynamodb:GetItem": "models.table:Table.get",
    "dynamodb:PutItem": "models.transaction:Put",
    "dynamodb:Query": "models.table:Table.query",
    "s3:DeleteObjectVersionTagging": "models.storage.object_store:ObjectStore.keep",
    "s3:GetObject": "models.storage.object_store:ObjectStore.head",
    "s3:GetObjectVersion": "models.storage.object_store:ObjectStore.chunks",
    "s3:ListBucket": "models.storage.object_store:ObjectStore.check",
    "s3:ListMultipartUploadParts": "models.storage.object_store:ObjectStore.parts",
    "s3:PutObject": "models.storage.object_store:ObjectStore.put",
    "s3:PutObjectTagging": "models.storage.object_store:ObjectStore.begin_multipart",
}
"""Which action is for what of our code."""
SENT_BY_LAMBDA = {
    "dynamodb:DescribeStream": "the stream's mapping",
    "dynamodb:GetRecords": "the stream's mapping",
    "dynamodb:GetShardIterator": "the stream's mapping",
    "dynamodb:ListStreams": "the stream's mapping",
    "logs:CreateLogStream": "every new instance of a function",
    "logs:PutLogEvents": "what a function writes",
    "sqs:SendMessage": "what the mapping gave up",
}
"""What Lambda itself does in a function's name."""
WIDE = {
    "${Table.Arn}/index/*": "the six indexes, each of which lists are read from",
    "${Table.Arn}/stream/*": "ListStreams is asked of the table's streams, not of one of them",
    "${Bucket.Arn}/*": "artifacts and reports: their keys are made at run time",
    "${Bucket.Arn}/artifacts/*": "artifacts: their keys are made at run time",
    "${Bucket.Arn}/evaluations/*": "reports: their keys are made at run time",
}
"""The only resources with a wildcard, and why."""
ACTIONS_OF = {
    "batch_get_item": {"dynamodb:BatchGetItem"},
    "get_item": {"dynamodb:GetItem"},
    "query": {"dynamodb:Query"},
    "complete_multipart_upload": {"s3:PutObject"},
    "create_multipart_upload": {"s3:PutObject", "s3:PutObjectTagging"},
    "delete_object_tagging": {"s3:DeleteObjectVersionTagging"},
    "get_object": {"s3:GetObjectVersion"},
    "head_bucket": {"s3:ListBucket"},
    "head_object": {"s3:GetObject"},
    "list_parts": {"s3:ListMultipartUploadParts"},
    "put_object": {"s3:PutObject"},
}
"""What each call of our two adapters needs."""
NOT_DEPLOYED = {"scan"}
"""Only the local server looks for jobs that way; on AWS the stream tells of them."""
OF_TRANSACTIONS = {"dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem"}
IN_A_TRANSACTION = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Put": "PutItem",
}
WRITER = Principal("user:ann", frozenset({Role.WRITER}), may_attribute=False)
_RENAMES = (DEMO_DATA / "renames.json").read_text(encoding="utf-8")
PAGES = [
    *(
        f"https://huggingface.co/{path.stem.replace('__', '/')}"
        for path in sorted((DEMO_DATA / "models").glob("*.json"))
    ),
    *(f"https://huggingface.co/{name}" for name in json.loads(_RENAMES)["models"]),
    "https://huggingface.co/acme-research/none",
]
"""Models of every kind, by their former names too, and one that there is not."""


def allowed(template: Template, function: str) -> set[str]:
    return {action for one in template.statements(function) for action in one["Action"]}


def calls(path: str, client: str) -> set[str]:
    """Return the names of what a module calls of its client."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Attribute)
        and node.func.value.attr == client
    }


class TestRoles:
    def test_each_function_has_its_own(self, template: Template) -> None:
        roles = {
            function: text_of(template[f"{function.title()}LambdaFunction"]["Role"])
            for function in FUNCTIONS
        }
        names = {function: f"{function.title()}Role" for function in FUNCTIONS}
        assert roles == {function: f"${{{name}.Arn}}" for function, name in names.items()}
        assert template.of_type("AWS::IAM::Role").keys() == {*names.values()}

    @pytest.mark.parametrize("function", FUNCTIONS)
    def test_lambda_alone_takes_it(self, template: Template, function: str) -> None:
        role = f"{function.title()}Role"
        (statement,) = template[role]["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}
        assert not template[role].keys() & {"ManagedPolicyArns"}

    @pytest.mark.parametrize("function", FUNCTIONS)
    def test_no_action_is_a_wildcard(self, template: Template, function: str) -> None:
        assert [action for action in allowed(template, function) if "*" in action] == []

    @pytest.mark.parametrize("function", FUNCTIONS)
    def test_no_resource_is_a_wildcard_without_a_reason(
        self, template: Template, function: str
    ) -> None:
        resources = {
            text_of(resource)
            for one in template.statements(function)
            for resource in one["Resource"]
        }
        assert {resource for resource in resources if "*" in resource} <= WIDE.keys()

    def test_every_reason_is_for_something(self, template: Template) -> None:
        text = json.dumps(template.raw)
        assert [resource for resource in WIDE if resource not in text] == []

    @pytest.mark.parametrize("function", FUNCTIONS)
    def test_each_writes_its_own_log_alone(self, template: Template, function: str) -> None:
        logs = [
            one for one in template.statements(function) if "logs:PutLogEvents" in one["Action"]
        ]
        assert [text_of(resource) for one in logs for resource in one["Resource"]] == [
            f"${{{function.title()}LogGroup.Arn}}"
        ]


class TestUsed:
    def test_every_action_is_for_something(self, template: Template) -> None:
        used = {action for function in FUNCTIONS for action in allowed(template, function)}
        assert used == SENT_BY.keys() | SENT_BY_LAMBDA.keys()

    @pytest.mark.parametrize("name", sorted(set(SENT_BY.values())))
    def test_what_sends_it_is_there(self, name: str) -> None:
        assert resolve_name(name)

    def test_the_api_does_nothing_for_the_stream(self, template: Template) -> None:
        logs = {"logs:CreateLogStream", "logs:PutLogEvents"}
        assert allowed(template, "api") & SENT_BY_LAMBDA.keys() == logs

    def test_the_apis_role_covers_what_the_adapters_call_and_nothing_else(
        self, template: Template
    ) -> None:
        called = calls("models/table.py", "_connection")
        called |= calls("models/storage/object_store.py", "_client")
        assert called - NOT_DEPLOYED == ACTIONS_OF.keys()
        needed = {action for call in called - NOT_DEPLOYED for action in ACTIONS_OF[call]}
        assert allowed(template, "api") - SENT_BY_LAMBDA.keys() == needed | OF_TRANSACTIONS

    def test_nothing_deployed_scans(self) -> None:
        callers = {
            path.relative_to(ROOT).parts[:2]
            for folder in ("graph", "models")
            for path in (ROOT / folder).rglob("*.py")
            if ".left_open(" in path.read_text(encoding="utf-8")
        }
        assert callers == {("graph", "local")}


def actions_of(operation: str, arguments: Json) -> set[str]:
    """Return what DynamoDB or S3 asks of who sends an operation."""
    if operation == "TransactWriteItems":
        kinds = {kind for item in arguments["TransactItems"] for kind in item}
        return {f"dynamodb:{IN_A_TRANSACTION[kind]}" for kind in kinds}
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()
    return ACTIONS_OF[name]


class Recorder:
    """Notes the actions of everything that is sent."""

    def __init__(self) -> None:
        self.actions: set[str] = set()
        self._send: Any = vars(botocore.client.BaseClient)["_make_api_call"]

    def patched(self) -> Any:  # noqa: ANN401  # botocore has no types
        """Return what takes the place of botocore's sending."""

        def send(client: Any, operation: str, arguments: Json) -> Any:  # noqa: ANN401
            self.actions |= actions_of(operation, arguments)
            return self._send(client, operation, arguments)

        return send


@pytest.fixture(scope="session")
def sent_by_a_worker() -> set[str]:
    """Return the actions that evaluations take: of every kind of model, renamed ones, and none."""
    with mock_aws(), StandInHub(DEMO_DATA) as hub, pytest.MonkeyPatch.context() as patch:
        settings = Settings(
            table=f"test-{uuid.uuid4()}",
            bucket=f"test-{uuid.uuid4()}",
            hub_endpoint=hub.url,
            github_api_url=hub.github_url,
        )
        provision(settings)
        services = build_services(settings)
        recorder = Recorder()
        with open_worker(settings, Table(settings)) as worker:
            for _ in range(2):
                for url in PAGES:
                    command = EvaluateModel(url=url, wait_seconds=0)
                    queued = services.evaluations.evaluate(WRITER, command).evaluation
                    with patch.context() as recording:
                        method = "_make_api_call"
                        recording.setattr(botocore.client.BaseClient, method, recorder.patched())
                        assert worker.run(queued.id) is None
    return recorder.actions


class TestWorkersRole:
    def test_covers_what_evaluations_take_and_nothing_else(
        self, template: Template, sent_by_a_worker: set[str]
    ) -> None:
        assert allowed(template, "worker") - SENT_BY_LAMBDA.keys() == sent_by_a_worker


def file_to_hash(services: Services, content: bytes = b"abc") -> ArtifactRecord:
    """Return a file that is to be hashed, and declared to hold `abc`; nothing is written of it."""
    command = CreateModel(name="harbor", source="hf", license="mit")
    model_id = services.registry.create(WRITER, command).model.id
    file = ArtifactRecord(
        id=new_id(),
        model_id=model_id,
        filename="weights.bin",
        content_type="text/plain",
        size_bytes=3,
        sha256=hashlib.sha256(b"abc").hexdigest(),
        status=ArtifactStatus.VERIFYING,
        created_at=now(),
        created_by=WRITER.subject,
        part_size_bytes=3,
        hashing=HashingRequest(now(), Attribution(WRITER.subject, WRITER.subject)),
    )
    return replace(file, object_version=services.store.put(file.object_key, content, "text/plain"))


def run_meanwhile(patch: pytest.MonkeyPatch, store: ObjectStore, other: Callable[[], None]) -> None:
    """Let another one end the same while the next object is read."""
    read = store.chunks

    def chunks(key: str, version: str) -> Iterator[bytes]:
        patch.setattr(store, "chunks", read)
        other()
        return read(key, version)

    patch.setattr(store, "chunks", chunks)


@pytest.fixture(scope="session")
def sent_by_a_hasher() -> set[str]:
    """Return the actions that hashing takes: of what is right, wrong, gone, or comes too late."""
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        settings = Settings(table=f"test-{uuid.uuid4()}", bucket=f"test-{uuid.uuid4()}")
        provision(settings)
        services = build_services(settings)
        right, wrong = file_to_hash(services), file_to_hash(services, b"abd")
        gone = replace(file_to_hash(services), filename="gone.bin")
        late = file_to_hash(services)
        twice = file_to_hash(services)
        services.registry.delete(WRITER, DeleteModel(id=late.model_id))
        ended = {
            right: "AVAILABLE",
            twice: "AVAILABLE",
            wrong: "REJECTED",
            gone: "VERIFYING",
            late: "VERIFYING",
        }
        recorder = Recorder()
        for file, status in ended.items():
            services.table.transact([Put(ArtifactItem.of(file))])
            ref = ArtifactRef(file.model_id, file.id)
            with patch.context() as recording:
                method = "_make_api_call"
                recording.setattr(botocore.client.BaseClient, method, recorder.patched())
                if file is twice:
                    run_meanwhile(recording, services.store, partial(services.hasher.run, ref))
                services.hasher.run(ref)
            item = services.table.get(artifact_key(file.model_id, file.id))
            assert isinstance(item, ArtifactItem)
            assert item.status == status
    return recorder.actions


class TestHashersRole:
    def test_covers_what_hashing_takes_and_nothing_else(
        self, template: Template, sent_by_a_hasher: set[str]
    ) -> None:
        asked_of_what_is_gone = {"s3:ListBucket"}
        needed = sent_by_a_hasher | asked_of_what_is_gone
        assert allowed(template, "hasher") - SENT_BY_LAMBDA.keys() == needed
