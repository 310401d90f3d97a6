"""What a request costs at DynamoDB: counted where botocore sends, so that retries count too."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

_WRITES = frozenset({"TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"})


@dataclass(slots=True)
class CostMeter:
    """Adds up what DynamoDB reports.

    Attributes:
        requests: requests sent, retries included.
        read_units: read capacity units; None until DynamoDB reports any.
        write_units: write capacity units; None until DynamoDB reports any.
        operations: the names of the operations sent, in order.
    """

    requests: int = 0
    read_units: float | None = None
    write_units: float | None = None
    operations: list[str] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def count_request(self, operation: str) -> None:
        """Count one request that is about to be sent."""
        with self._lock:
            self.requests += 1
            self.operations.append(operation)

    def add_units(self, operation: str, units: float) -> None:
        """Add the capacity units that one response reports."""
        with self._lock:
            if operation in _WRITES:
                self.write_units = (self.write_units or 0.0) + units
            else:
                self.read_units = (self.read_units or 0.0) + units


_current: ContextVar[CostMeter | None] = ContextVar("cost_meter", default=None)


@contextmanager
def metered(meter: CostMeter) -> Iterator[CostMeter]:
    """Count into `meter` whatever is sent inside the block."""
    token = _current.set(meter)
    try:
        yield meter
    finally:
        _current.reset(token)


def attach(events: Any) -> None:  # noqa: ANN401  # botocore's event emitter has no public type
    """Count the requests of the DynamoDB client whose event emitter is given."""
    events.register("before-send.dynamodb", _on_send, unique_id="cost-meter-send")
    events.register("after-call.dynamodb", _on_response, unique_id="cost-meter-response")


def _on_send(event_name: str, **_: object) -> None:
    meter = _current.get()
    if meter is not None:
        meter.count_request(_operation_of(event_name))


def _on_response(event_name: str, parsed: dict[str, Any], **_: object) -> None:
    meter = _current.get()
    reported = parsed.get("ConsumedCapacity")
    if meter is None or not reported:
        return
    for capacity in reported if isinstance(reported, list) else [reported]:
        meter.add_units(_operation_of(event_name), float(capacity.get("CapacityUnits", 0.0)))


def _operation_of(event_name: str) -> str:
    return event_name.rpartition(".")[2]
