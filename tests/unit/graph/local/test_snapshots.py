"""When the embedded AWS is saved, and what."""

import asyncio
import logging
import time
from collections.abc import Callable

import pytest
from starlette.types import Message, Receive, Scope, Send

from graph.local import pace
from graph.local.errors import LocalError
from graph.local.pace import SnapshotPace
from graph.local.snapshots import SnapshotKeeper, changed_service


def request(method: str = "POST", path: str = "/", target: str | None = None) -> Scope:
    headers = [(b"x-amz-target", target.encode())] if target else []
    return {"type": "http", "method": method, "path": path, "headers": headers}


PUT_ITEM = request(target="DynamoDB_20120810.PutItem")
PUT_OBJECT = request("PUT", "/bucket/key")
GET_ITEM = request(target="DynamoDB_20120810.GetItem")


class TestChangedService:
    """Which requests change what."""

    @pytest.mark.parametrize(
        "operation",
        ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"],
    )
    def test_a_write_changes_the_table(self, operation: str) -> None:
        assert changed_service(request(target=f"DynamoDB_20120810.{operation}")) == "dynamodb"

    @pytest.mark.parametrize("operation", ["CreateTable", "UpdateTimeToLive", "TagResource"])
    def test_a_change_of_the_table_itself_counts(self, operation: str) -> None:
        assert changed_service(request(target=f"DynamoDB_20120810.{operation}")) == "dynamodb"

    @pytest.mark.parametrize("operation", ["ExecuteStatement", "SomethingNew", ""])
    def test_what_is_not_known_to_read_counts(self, operation: str) -> None:
        assert changed_service(request(target=f"DynamoDB_20120810.{operation}")) == "dynamodb"

    @pytest.mark.parametrize(
        "operation",
        ["GetItem", "BatchGetItem", "TransactGetItems", "Query", "Scan", "DescribeTable"],
    )
    def test_a_read_changes_nothing(self, operation: str) -> None:
        assert changed_service(request(target=f"DynamoDB_20120810.{operation}")) is None

    def test_reading_a_stream_changes_nothing(self) -> None:
        assert changed_service(request(target="DynamoDBStreams_20120810.GetRecords")) is None

    @pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
    def test_an_upload_or_a_bucket_changes_s3(self, method: str) -> None:
        assert changed_service(request(method, "/bucket")) == "s3"

    @pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
    def test_a_download_changes_nothing(self, method: str) -> None:
        assert changed_service(request(method, "/bucket/key")) is None

    def test_what_is_asked_of_ministack_itself_is_not_s3(self) -> None:
        assert changed_service(request("POST", "/_ministack/reset")) is None

    def test_only_requests_change_anything(self) -> None:
        assert changed_service({"type": "lifespan"}) is None


class Rig:
    """A keeper around an application that does nothing, and what it saved."""

    def __init__(self, save: Callable[[str], None] | None = None) -> None:
        self.saved: list[str] = []
        self.pace = SnapshotPace(time.monotonic)
        self.keeper = SnapshotKeeper(self._app, save or self.saved.append, self.pace)

    def requests(self, *scopes: Scope, wait: float = 0.0) -> None:
        """Send the requests on one event loop, which then goes on for `wait` seconds."""

        async def run() -> None:
            for scope in scopes:
                await self.keeper(scope, self._receive, self._send)
            await asyncio.sleep(wait)

        asyncio.run(run())

    async def _app(self, _scope: Scope, _receive: Receive, _send: Send) -> None:
        """Change something."""

    async def _receive(self) -> Message:
        raise AssertionError("nothing is received")

    async def _send(self, _message: Message) -> None:
        raise AssertionError("nothing is sent")


class TestSnapshotKeeper:
    """Saving while requests are answered."""

    def test_a_change_is_saved_right_after_its_request(self) -> None:
        rig = Rig()
        rig.requests(PUT_ITEM, wait=0.05)
        assert rig.saved == ["dynamodb"]

    def test_changes_until_the_snapshot_are_saved_together(self) -> None:
        rig = Rig()
        rig.requests(PUT_ITEM, PUT_OBJECT, PUT_ITEM, wait=0.05)
        assert rig.saved == ["dynamodb", "s3"]

    def test_nothing_is_saved_after_reads(self) -> None:
        rig = Rig()
        rig.requests(GET_ITEM, wait=0.05)
        assert rig.saved == []

    def test_a_request_that_failed_may_have_changed_something(self) -> None:
        async def failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
            raise RuntimeError("half done")

        rig = Rig()
        rig.keeper = SnapshotKeeper(failing, rig.saved.append, SnapshotPace(time.monotonic))
        with pytest.raises(RuntimeError, match="half done"):
            rig.requests(PUT_ITEM)
        rig.keeper.flush()
        assert rig.saved == ["dynamodb"]


class TestFlush:
    """Saving at the end."""

    def test_what_the_loop_did_not_come_to_is_saved(self) -> None:
        rig = Rig()
        with rig.pace.snapshot():
            """Make it rest."""
        rig.requests(PUT_ITEM)
        assert rig.saved == []
        rig.keeper.flush()
        assert rig.saved == ["dynamodb"]

    def test_it_saves_once(self) -> None:
        rig = Rig()
        rig.requests(PUT_ITEM, wait=0.05)
        rig.keeper.flush()
        assert rig.saved == ["dynamodb"]

    def test_a_failure_is_told_and_can_be_tried_again(self) -> None:
        saved: list[str] = []

        def full_once(service: str) -> None:
            saved.append(service)
            if len(saved) == 1:
                raise OSError("No space left on device")

        rig = Rig(full_once)
        rig.keeper._changed.add("dynamodb")
        with pytest.raises(LocalError, match="No space left on device"):
            rig.keeper.flush()
        rig.keeper.flush()
        assert saved == ["dynamodb", "dynamodb"]


class TestFailure:
    """A disk that takes no more."""

    def test_it_is_logged_once_and_tried_again(
        self, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pace, "REST_AFTER_FAILURE_S", 0.01)
        monkeypatch.setattr(pace, "REST_PER_SECOND_OF_WORK", 0.0)
        attempts: list[str] = []

        def full(service: str) -> None:
            attempts.append(service)
            raise OSError("No space left on device")

        with caplog.at_level(logging.WARNING):
            Rig(full).requests(PUT_ITEM, wait=0.1)
        assert len(attempts) > 1
        assert len(caplog.messages) == 1
        assert "No space left on device" in caplog.messages[0]
