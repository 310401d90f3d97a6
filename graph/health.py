"""The health check, open to everyone."""

import logging
from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus
from importlib.metadata import version

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

SERVICE = "ml-model-evaluator"
_log = logging.getLogger(__name__)


@cache
def service_version() -> str:
    """Return the installed version of this service."""
    return version(SERVICE)


class Health:
    """Says that the service answers, and which version it is.

    Args:
        checks: what `?deep=1` also looks at, by its name; a check raises where something is wrong.
        in_threads: see `graph.execution.Executor`.
    """

    def __init__(self, checks: Mapping[str, Callable[[], None]], *, in_threads: bool) -> None:
        self._checks = checks
        self._in_threads = in_threads

    async def answer(self, request: Request) -> Response:
        """Answer one request: with 503 where something that was looked at is unavailable."""
        told = {"status": "ok", "service": SERVICE, "version": service_version()}
        if request.query_params.get("deep") != "1":
            return JSONResponse(told)
        found = await to_thread.run_sync(self._look) if self._in_threads else self._look()
        if all(state == "ok" for state in found.values()):
            return JSONResponse(told | found)
        return JSONResponse(
            told | {"status": "unavailable"} | found, HTTPStatus.SERVICE_UNAVAILABLE
        )

    def _look(self) -> dict[str, str]:
        return {name: _state(name, check) for name, check in self._checks.items()}


def _state(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except Exception:  # noqa: BLE001  # whatever it is, it is what was asked for, and logged whole
        _log.exception("the health check of the %s failed", name)
        return "unavailable"
    return "ok"
