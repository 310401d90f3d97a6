"""What a request costs at DynamoDB: counted where botocore sends, so that retries count too."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

_log = logging.getLogger(__name__)
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
_sent_at: ContextVar[float] = ContextVar("sent_at", default=0.0)


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
    _sent_at.set(time.perf_counter())
    meter = _current.get()
    if meter is not None:
        meter.count_request(_operation_of(event_name))


def _on_response(event_name: str, parsed: dict[str, Any], **_: object) -> None:
    operation, units = _operation_of(event_name), _units(parsed)
    _log_response(operation, units, parsed)
    meter = _current.get()
    if meter is not None and units is not None:
        meter.add_units(operation, units)


def _units(parsed: dict[str, Any]) -> float | None:
    """Return the capacity units that a response reports, or None where it reports none."""
    reported = parsed.get("ConsumedCapacity")
    if not reported:
        return None
    capacities = reported if isinstance(reported, list) else [reported]
    return sum(float(capacity.get("CapacityUnits", 0.0)) for capacity in capacities)


def _log_response(operation: str, units: float | None, parsed: dict[str, Any]) -> None:
    """Log what a request took; its keys and values are nobody's business."""
    if not _log.isEnabledFor(logging.DEBUG):
        return
    told = {
        "operation": operation,
        "durationMs": round((time.perf_counter() - _sent_at.get()) * 1_000, 2),
        "units": units,
        "error": parsed.get("Error", {}).get("Code"),
    }
    _log.debug("DynamoDB %s: %s ms", operation, told["durationMs"], extra={"fields": told})


def _operation_of(event_name: str) -> str:
    return event_name.rpartition(".")[2]
