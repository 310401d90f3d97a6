"""The health check, open to everyone."""

from functools import cache
from importlib.metadata import version

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

SERVICE = "ml-model-evaluator"


@cache
def service_version() -> str:
    """Return the installed version of this service."""
    return version(SERVICE)


async def health(_: Request) -> Response:
    """Say that the service answers, and which version it is."""
    return JSONResponse({"status": "ok", "service": SERVICE, "version": service_version()})
