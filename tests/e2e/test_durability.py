"""What `kill -9` may cost: with 1,000 items, the acknowledged writes of the last second at most."""

import logging
import signal
import threading
import time
from pathlib import Path
from typing import Any, Final

import httpx2
from botocore.exceptions import BotoCoreError

from .embedded_aws import client, create_table
from .serve_process import ServeProcess

ITEMS: Final = 1_000
ITEM_BYTES: Final = 2_000
WRITING_S: Final = 2.5
LOSS_S: Final = 1.0
TRIES: Final = 3
"""A machine that others use can stand still for longer than that."""
TABLE: Final = "durable"
QUIET: Final = 7_654_321
"""A version that nothing else in the data looks like."""

MODEL: Final = "{ id version changeHistory { nodes { hash } } }"
CREATE: Final = f"""
    mutation {{
      createModel(input: {{name: "durable", source: "internal", license: "mit"}}) {{
        model {MODEL}
        userErrors {{ message }}
      }}
    }}
"""
LIST: Final = f"{{ models {{ nodes {MODEL} }} }}"

_LOGGER: Final = logging.getLogger(__name__)


def item(number: int, version: int) -> dict[str, Any]:
    """An item of about 2 KB, as they are written by the API: short fields, and some text."""
    text = "x" * (ITEM_BYTES // 20)
    return {
        "PK": {"S": str(number)},
        "version": {"N": str(version)},
        "fields": {"M": {f"field{field}": {"S": text} for field in range(18)}},
    }


def ask(server: ServeProcess, query: str) -> Any:  # noqa: ANN401 - JSON
    """The data of the API's answer."""
    answer = httpx2.post(f"{server.url}/graphql", json={"query": query}).json()
    assert "errors" not in answer
    return answer["data"]


def fill(dynamodb: Any) -> None:  # noqa: ANN401 - what `client` gives
    """Make the table, with all its items at version 0."""
    create_table(dynamodb, TABLE)
    for start in range(0, ITEMS, 25):
        requests = [
            {"PutRequest": {"Item": item(number, 0)}} for number in range(start, start + 25)
        ]
        dynamodb.batch_write_item(RequestItems={TABLE: requests})


def write_until_killed(server: ServeProcess) -> tuple[dict[int, float], float]:
    """Write without a pause; when each version was acknowledged, and when the server was killed."""
    dynamodb = client(server.aws_url, "dynamodb")
    acknowledged: dict[int, float] = {}
    killed = threading.Timer(WRITING_S, server.stop, [signal.SIGKILL])
    killed.start()
    version = 0
    try:
        while True:
            version += 1
            dynamodb.put_item(TableName=TABLE, Item=item(version % ITEMS, version))
            acknowledged[version] = time.monotonic()
    except BotoCoreError:
        ended = time.monotonic()
    killed.join()
    return acknowledged, ended


def newest_version(server: ServeProcess) -> int:
    """The newest version that any item is at."""
    pages = client(server.aws_url, "dynamodb").get_paginator("scan").paginate(TableName=TABLE)
    versions = [int(found["version"]["N"]) for page in pages for found in page["Items"]]
    assert len(versions) == ITEMS
    return max(versions)


def seconds_lost(place: Path) -> float:
    """Kill a server while it writes; from when on the acknowledged writes are lost."""
    with ServeProcess(place) as server:
        fill(client(server.aws_url, "dynamodb"))
        acknowledged, killed = write_until_killed(server)
    with ServeProcess(place) as server:
        kept = newest_version(server)
    lost = [at for version, at in acknowledged.items() if version > kept]
    loss = killed - min(lost, default=killed)
    _LOGGER.info("Lost %d of %d writes: %.3f s", len(lost), len(acknowledged), loss)
    assert acknowledged
    return loss


def wait_until_saved(service: str, text: str, place: Path) -> None:
    """Wait until a text stands in what is kept of a service; how soon, depends on the load."""
    while text not in (place / "aws" / f"{service}.json").read_text(encoding="utf-8"):
        time.sleep(0.05)


class TestKill:
    """Killing the server while it writes."""

    def test_it_loses_the_writes_of_one_second_at_most(self, tmp_path: Path) -> None:
        places = (tmp_path / str(number) for number in range(TRIES))
        assert any(seconds_lost(place) <= LOSS_S for place in places)

    def test_a_model_comes_back_with_its_history(self, tmp_path: Path) -> None:
        with ServeProcess(tmp_path) as server:
            payload = ask(server, CREATE)["createModel"]
            assert payload["userErrors"] == []
            wait_until_saved("dynamodb", payload["model"]["id"], tmp_path)
            server.stop(signal.SIGKILL)
        with ServeProcess(tmp_path) as server:
            assert ask(server, LIST)["models"]["nodes"] == [payload["model"]]
            assert ask(server, CREATE)["createModel"]["userErrors"] == []

    def test_every_object_and_bucket_comes_back(self, tmp_path: Path) -> None:
        with ServeProcess(tmp_path) as server:
            s3 = client(server.aws_url, "s3")
            s3.create_bucket(Bucket="durable")
            s3.put_bucket_versioning(
                Bucket="durable", VersioningConfiguration={"Status": "Suspended"}
            )
            s3.put_object(Bucket="durable", Key="models/a", Body=b"weights", Metadata={"n": "1"})
            wait_until_saved("s3", "Suspended", tmp_path)
            server.stop(signal.SIGKILL)
        with ServeProcess(tmp_path) as server:
            s3 = client(server.aws_url, "s3")
            kept = s3.get_object(Bucket="durable", Key="models/a")
            assert kept["Body"].read() == b"weights"
            assert kept["Metadata"] == {"n": "1"}
            assert s3.get_bucket_versioning(Bucket="durable")["Status"] == "Suspended"

    def test_a_quiet_server_has_lost_nothing_a_moment_later(self, tmp_path: Path) -> None:
        with ServeProcess(tmp_path) as server:
            dynamodb = client(server.aws_url, "dynamodb")
            fill(dynamodb)
            dynamodb.put_item(TableName=TABLE, Item=item(0, QUIET))
            wait_until_saved("dynamodb", str(QUIET), tmp_path)
            server.stop(signal.SIGKILL)
        with ServeProcess(tmp_path) as server:
            assert newest_version(server) == QUIET
