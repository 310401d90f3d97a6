"""Goal 5: a model with its history and its files in one request, over three requests for them."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from models.artifacts.record import (
    ArtifactRecord,
    ArtifactStatus,
    Verification,
    VerificationMethod,
)
from models.entities import ArtifactItem, ChangeItem, ModelItem
from models.entities.item import Item
from models.records import ChangeAction, ChangeRecord, ModelRecord
from models.timestamps import Timestamp
from tests.benchmarks.models import model_records
from tests.benchmarks.ratios import Result, cpu_seconds, interleaved
from tests.benchmarks.subject import Asker, Json, asker, filled_table, play_back

TARGET = 0.5
_CHANGES = 20
_FILES = 10
_RUNS = 10
_DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_MODEL = "id name source sourceUrl license state version createdAt updatedAt netScore"
_HISTORY = """changeHistory(first: 10) {
  nodes { version action timestamp changedBy reason fieldsChanged } pageInfo { hasNextPage }
}"""
_ARTIFACTS = """artifacts(first: 10) {
  nodes { id filename contentType sizeBytes sha256 status } pageInfo { hasNextPage }
}"""


def measure(rounds: int) -> list[Result]:
    """Measure the CPU time, and count the requests to DynamoDB."""
    record = replace(next(model_records(1)), version=_CHANGES)
    with filled_table(list(_items(record))) as services:
        play_back(services)
        client = asker(services)
        whole = _event(client, record, _MODEL, _HISTORY, _ARTIFACTS)
        parts = [_event(client, record, part) for part in (_MODEL, _HISTORY, _ARTIFACTS)]
        ours, base = _requests(client, whole), sum(_requests(client, part) for part in parts)
        cpu = interleaved(
            lambda: cpu_seconds(lambda: client.send(whole), _RUNS),
            lambda: cpu_seconds(lambda: [client.send(part) for part in parts], _RUNS),
            rounds,
        )
    read = "model, 10 changes and 10 files in one request / in three"
    return [
        Result(
            *(5, f"{read}: CPU", *cpu, "CPU s", TARGET),
            note="through the Lambda handler; DynamoDB's JSON played back",
        ),
        Result(5, f"{read}: DynamoDB", [ours] * rounds, [base] * rounds, "requests", 1 / 3),
    ]


def _event(client: Asker, model: ModelRecord, *selections: str) -> Json:
    document = f"query ($id: ID!) {{ model(id: $id) {{ {' '.join(selections)} }} }}"
    return client.event(document, id=model.id)


def _requests(client: Asker, event: Json) -> int:
    """Tell how many requests to DynamoDB a request takes, by its own account."""
    client.answer(event)  # the first of all also reads the API key
    requests: int = client.answer(event)["extensions"]["cost"]["dynamodb"]["requests"]
    return requests


def _items(model: ModelRecord) -> Iterator[Item]:
    yield ModelItem.of(model)
    for version in range(1, _CHANGES + 1):
        yield ChangeItem.of(_change(model, version))
    for number in range(_FILES):
        yield ArtifactItem.of(_artifact(model, number))


def _change(model: ModelRecord, version: int) -> ChangeRecord:
    return ChangeRecord(
        model_id=model.id,
        version=version,
        action=ChangeAction.UPDATE,
        timestamp=Timestamp(f"2025-12-31T23:00:{version:02}.000000Z"),
        changed_by="user:ada",
        authenticated_as="user:ada",
        reason="the license was cleared",
        changes='[{"field":"license","before":"mit","after":"apache-2.0"}]',
        snapshot_sha256=_DIGEST,
        previous_hash=_DIGEST,
        hash=_DIGEST,
    )


def _artifact(model: ModelRecord, number: int) -> ArtifactRecord:
    instant = Timestamp(f"2026-01-01T00:00:{number:02}.000000Z")
    return ArtifactRecord(
        id=str(UUID(int=0x01890000_0000_7000_A000_000000000000 + number)),
        model_id=model.id,
        filename=f"model-{number:05}-of-00010.safetensors",
        content_type="application/octet-stream",
        size_bytes=438_000_000,
        sha256=_DIGEST,
        status=ArtifactStatus.AVAILABLE,
        created_at=instant,
        created_by="user:ada",
        verification=Verification(VerificationMethod.REHASH, instant),
        added_in_version=1,
        added_at=instant,
    )
