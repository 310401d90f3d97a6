"""What a request costs at DynamoDB."""

import logging
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import pytest
from botocore.hooks import HierarchicalEmitter

from models import metering
from models.metering import CostMeter, metered


@pytest.fixture
def events() -> HierarchicalEmitter:
    emitter = HierarchicalEmitter()
    metering.attach(emitter)
    return emitter


def send(events: HierarchicalEmitter, operation: str, consumed: object = None) -> None:
    """Do what botocore does for one request that is answered."""
    events.emit(f"before-send.dynamodb.{operation}", request=None)
    parsed: dict[str, Any] = {} if consumed is None else {"ConsumedCapacity": consumed}
    events.emit(f"after-call.dynamodb.{operation}", parsed=parsed, http_response=None)


class TestMetered:
    """Counting inside a block."""

    def test_counts_each_request_by_its_operation(self, events: HierarchicalEmitter) -> None:
        with metered(CostMeter()) as meter:
            send(events, "Query")
            send(events, "GetItem")
        assert (meter.requests, meter.operations) == (2, ["Query", "GetItem"])

    def test_counts_a_retry(self, events: HierarchicalEmitter) -> None:
        with metered(CostMeter()) as meter:
            events.emit("before-send.dynamodb.Query", request=None)
            send(events, "Query")
        assert meter.requests == 2

    def test_counts_nothing_outside_the_block(self, events: HierarchicalEmitter) -> None:
        send(events, "Query", {"CapacityUnits": 1.0})
        with metered(CostMeter()) as meter:
            pass
        send(events, "Query", {"CapacityUnits": 1.0})
        assert (meter.requests, meter.read_units) == (0, None)

    def test_counts_in_the_innermost_block(self, events: HierarchicalEmitter) -> None:
        with metered(CostMeter()) as outer:
            with metered(CostMeter()) as inner:
                send(events, "Query")
            send(events, "Query")
        assert (outer.requests, inner.requests) == (1, 1)

    def test_counts_what_threads_send_in_its_context(self, events: HierarchicalEmitter) -> None:
        with metered(CostMeter()) as meter, ThreadPoolExecutor(8) as pool:
            contexts = [copy_context() for _ in range(200)]
            list(pool.map(lambda context: context.run(send, events, "Query"), contexts))
        assert meter.requests == 200

    def test_attached_twice_counts_once(self, events: HierarchicalEmitter) -> None:
        metering.attach(events)
        with metered(CostMeter()) as meter:
            send(events, "Query")
        assert meter.requests == 1

    def test_answers_no_request_itself(self, events: HierarchicalEmitter) -> None:
        with metered(CostMeter()):
            responses = events.emit("before-send.dynamodb.Query", request=None)
        assert [response for _, response in responses] == [None]


class TestUnits:
    """Capacity units, as DynamoDB reports them."""

    def test_are_unknown_until_any_are_reported(self, events: HierarchicalEmitter) -> None:
        with metered(CostMeter()) as meter:
            send(events, "Query")
        assert (meter.read_units, meter.write_units) == (None, None)

    def test_of_reads_add_up(self, events: HierarchicalEmitter) -> None:
        with metered(CostMeter()) as meter:
            send(events, "Query", {"CapacityUnits": 0.5})
            send(events, "GetItem", {"CapacityUnits": 1.0})
            send(events, "BatchGetItem", [{"CapacityUnits": 2.0}, {"CapacityUnits": 3.0}])
        assert (meter.read_units, meter.write_units) == (6.5, None)

    @pytest.mark.parametrize(
        "operation", ["TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"]
    )
    def test_of_writes_are_kept_apart(self, events: HierarchicalEmitter, operation: str) -> None:
        with metered(CostMeter()) as meter:
            send(events, operation, [{"CapacityUnits": 2.0}])
        assert (meter.read_units, meter.write_units) == (None, 2.0)


class TestDebugLog:
    """What a request that is looked at closely tells of each request to DynamoDB."""

    def test_tells_what_it_took(
        self, events: HierarchicalEmitter, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.DEBUG, "models.metering"):
            send(events, "Query", {"CapacityUnits": 0.5})
        (record,) = caplog.records
        told = vars(record)["fields"]
        assert 0 <= told.pop("durationMs") < 1_000
        assert told == {"operation": "Query", "units": 0.5, "error": None}

    def test_tells_the_code_of_an_error_and_not_what_it_quotes(
        self, events: HierarchicalEmitter, caplog: pytest.LogCaptureFixture
    ) -> None:
        parsed = {"Error": {"Code": "ValidationException", "Message": "of MODEL#1"}}
        with caplog.at_level(logging.DEBUG, "models.metering"):
            events.emit("after-call.dynamodb.GetItem", parsed=parsed, http_response=None)
        (record,) = caplog.records
        assert vars(record)["fields"]["error"] == "ValidationException"
        assert "MODEL#1" not in repr(vars(record))

    def test_is_not_made_in_vain(
        self, events: HierarchicalEmitter, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.INFO, "models.metering"):
            send(events, "Query", {"CapacityUnits": 0.5})
        assert caplog.records == []
