"""Several runs that push one file at the same moment."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from graph.client import Client
from graph.client.files.announcement import File, announced_anew, artifact_for
from graph.client.files.source import Source
from graph.local.server import LocalServer
from models.artifacts.parts import PART_MIN_BYTES
from tests.e2e.client.faults import HASTE, FaultyNetwork, answers, mentions, sends_a_part

RUNS = 3


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "weights.bin"
    path.write_bytes(os.urandom(11 * 1024 * 1024))
    return path


def every_file(client: Client, model_id: str) -> list[str]:
    statuses = ["PENDING", "VERIFYING", "AVAILABLE", "REJECTED", "DELETED"]
    return [one.id for one in client.artifacts(model_id, statuses=statuses)]


def test_make_one_file(server: LocalServer, client: Client, model_id: str, large: Path) -> None:
    together = threading.Barrier(RUNS)

    def run(_: int) -> str:
        with Client(server.url, clock=HASTE) as own:
            together.wait()
            return own.push(large, model_id, part_size=PART_MIN_BYTES).id

    with ThreadPoolExecutor(RUNS) as threads:
        found = list(threads.map(run, range(RUNS)))
    assert every_file(client, model_id) == [*{*found}]
    actions = [entry.action for entry in client.changes(model_id, oldest_first=True)]
    assert actions == ["CREATE", "ARTIFACT_ADD"]


def test_one_that_is_overtaken_takes_what_the_other_has_made(
    server: LocalServer, client: Client, network: FaultyNetwork, model_id: str, large: Path
) -> None:
    def overtaken(inner: httpx2.BaseTransport, request: httpx2.Request) -> httpx2.Response:
        with Client(server.url, clock=HASTE) as other:
            other.push(large, model_id, part_size=PART_MIN_BYTES)
        return answers(404, b"<Code>NoSuchUpload")(inner, request)

    network.fail(sends_a_part, overtaken)
    artifact = client.push(large, model_id, part_size=PART_MIN_BYTES, workers=1)
    assert artifact.status == "AVAILABLE"
    assert every_file(client, model_id) == [artifact.id]
    assert sum(mentions("createArtifactUpload")(one) for one in network.requests) == 1


def test_what_follows_an_expired_upload_is_one_file(
    client: Client, model_id: str, large: Path
) -> None:
    file = File(large, model_id, large.name)
    with Source(large, None) as source:
        expired = artifact_for(client._api, file, source.digests)
        found = {
            announced_anew(client._api, file, source.digests, after=expired).id for _ in range(2)
        }
    assert len(found) == 1
    assert found != {expired.id}
