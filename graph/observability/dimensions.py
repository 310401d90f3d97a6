"""The dimensions that every metric has: which service, and which deployment of it."""

from collections.abc import Mapping

from graph.health import SERVICE
from models.settings import Settings


def dimensions_of(settings: Settings) -> Mapping[str, str]:
    """Return the dimensions of a deployment."""
    return {"Service": SERVICE, "Stage": settings.stage}
