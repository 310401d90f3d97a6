"""The Lambda entry points."""

import os
from typing import Any

from mangum import Mangum

from graph.app import create_app
from graph.auth import Authenticate, nobody
from graph.bootstrap import build_services
from graph.negotiation import GRAPHQL_RESPONSE
from graph.observability import configure_logging
from graph.services import Services
from models.settings import Settings

Event = dict[str, Any]
_TEXT_MEDIA_TYPES = ["text/", "application/json", "application/javascript", GRAPHQL_RESPONSE]
"""What Mangum must not encode in base64."""


def build_api(services: Services, authenticate: Authenticate) -> Mangum:
    """Build the handler of API Gateway's HTTP API events (payload 2.0)."""
    app = create_app(services, authenticate=authenticate, in_threads=False)
    return Mangum(app, lifespan="off", text_mime_types=_TEXT_MEDIA_TYPES)


def api(event: Event, context: object) -> Event:
    """Answer one event; builds what is needed with the first."""
    global _api  # noqa: PLW0603  # a warm Lambda keeps its module, and nothing else
    if _api is None:
        settings = Settings.from_env(os.environ)
        configure_logging(settings.log_level)
        _api = build_api(build_services(settings), nobody)
    answer: Event = _api(event, context)  # type: ignore[arg-type]  # awslambdaric's context
    return answer


_api: Mangum | None = None
