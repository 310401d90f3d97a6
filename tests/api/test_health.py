"""GET /health, which monitors ask, and which nobody needs credentials for."""

import logging

import pytest

from graph.bootstrap import provision
from graph.services import Services
from models.settings import AwsCredentials, Settings
from tests.api.conftest import OpenDoor
from tests.api.doors import Call, Door, Reply

SETTINGS = Settings(credentials=AwsCredentials("test", "test"))
DEEP = Call("GET", "/health", query_string="deep=1")


@pytest.fixture
def door(open_door: OpenDoor) -> Door:
    return open_door(SETTINGS)


def states(reply: Reply) -> dict[str, str]:
    return {name: reply.json[name] for name in ("status", "table", "bucket") if name in reply.json}


def test_says_that_the_service_answers(door: Door) -> None:
    reply = door.send(Call("GET", "/health"))
    assert reply.status == 200
    assert set(reply.json) == {"status", "service", "version"}
    assert states(reply) == {"status": "ok"}


def test_looks_at_the_table_and_the_bucket_where_it_is_asked_to(
    door: Door, services: Services
) -> None:
    provision(SETTINGS)
    try:
        reply = door.send(DEEP)
    finally:
        services.store._client.delete_bucket(Bucket=SETTINGS.bucket)
    assert reply.status == 200
    assert states(reply) == {"status": "ok", "table": "ok", "bucket": "ok"}
    assert reply.json["version"]


def test_tells_what_cannot_be_read_and_logs_why(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        reply = door.send(DEEP)
    assert reply.status == 503
    assert states(reply) == {"status": "unavailable", "table": "ok", "bucket": "unavailable"}
    assert "NoSuchBucket" not in reply.body.decode()
    (record,) = caplog.records
    assert record.getMessage() == "the health check of the bucket failed"
    assert record.exc_info


@pytest.mark.parametrize("query_string", ["deep=0", "deep=", "shallow=1"])
def test_looks_no_deeper_unless_asked(door: Door, query_string: str) -> None:
    reply = door.send(Call("GET", "/health", query_string=query_string))
    assert (reply.status, states(reply)) == (200, {"status": "ok"})
