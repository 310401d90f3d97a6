"""The line that every request leaves, which holds its metrics."""

import time
from collections.abc import Callable, Mapping
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.errors import ErrorCode
from graph.observability.emf import Measured
from graph.observability.facts import RequestFacts, begin_facts, bounded
from graph.observability.loggers import ERROR_LOGGER, REQUEST_LOGGER, logger
from graph.observability.sampling import Sampler, is_sampled, sampled
from models.metering import metered

_log, _errors_log = logger(REQUEST_LOGGER), logger(ERROR_LOGGER)


class RequestLogMiddleware:
    """Logs every request, however it is answered, and draws those that are logged from DEBUG on.

    Args:
        dimensions: those of all metrics.
        timer: tells seconds.
    """

    def __init__(
        self,
        app: ASGIApp,
        dimensions: Mapping[str, str],
        sampler: Sampler,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._app = app
        self._dimensions = dimensions
        self._sampler = sampler
        self._timer = timer
        self._is_first = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        facts, is_first, begun = begin_facts(scope), self._is_first, self._timer()
        self._is_first = False
        status = int(HTTPStatus.INTERNAL_SERVER_ERROR)

        async def watched_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with sampled(self._sampler.draws_one()), metered(facts.meter):
            try:
                await self._app(scope, receive, watched_send)
            finally:
                duration_ms = round((self._timer() - begun) * 1_000, 2)
                self._tell(scope, status, facts, duration_ms, is_first=is_first)

    def _tell(
        self, scope: Scope, status: int, facts: RequestFacts, duration_ms: float, *, is_first: bool
    ) -> None:
        method, path = bounded(scope["method"]), bounded(scope["path"])
        codes = facts.error_codes or _codes_of(status)
        fields = {
            "method": method,
            "path": path,
            "status": status,
            "operationName": facts.operation_name,
            "principal": facts.subject and bounded(facts.subject),
            "durationMs": duration_ms,
            "cost": _cost(facts),
            "errors": codes,
            "coldStart": is_first,
            "sampled": is_sampled(),
        }
        values = {
            "Requests": 1,
            "Latency": duration_ms,
            "DynamoDBRequests": facts.meter.requests,
            "ColdStarts": int(is_first),
        }
        message = " ".join([method, path, str(status), *codes, f"{duration_ms:.0f} ms"])
        extra = {"fields": fields, "measured": Measured(values, self._dimensions)}
        _log.info("%s", message, extra=extra)
        for code in codes:
            counted = Measured({"Errors": 1}, {**self._dimensions, "Code": code})
            _errors_log.info("%s", code, extra={"measured": counted})


def _codes_of(status: int) -> list[str]:
    """Return the code of an answer that gave none: that of a health check, or of no route."""
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return [ErrorCode.INTERNAL_SERVER_ERROR.value]
    return [f"HTTP_{status}"] if status >= HTTPStatus.BAD_REQUEST else []


def _cost(facts: RequestFacts) -> dict[str, float | None]:
    return {
        "complexity": facts.complexity,
        "requests": facts.meter.requests,
        "readUnits": facts.meter.read_units,
        "writeUnits": facts.meter.write_units,
    }
