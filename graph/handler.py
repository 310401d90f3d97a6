"""The Lambda entry points."""

import logging
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

from graph.start import quick_start

with quick_start():
    from mangum import Mangum

    from graph.app import create_app
    from graph.auth import Authenticate
    from graph.bootstrap import build_authenticator, build_services
    from graph.gateway import HttpApi
    from graph.negotiation import GRAPHQL_RESPONSE
    from graph.observability import configure_logging
    from graph.playground.assets import SHIPPED, find_assets
    from graph.playground.routes import Playground
    from graph.services import Services
    from models.artifacts.hasher import Hasher
    from models.settings import Settings
    from models.table import Table

if TYPE_CHECKING:  # the API's function never needs it
    from models.evaluation.worker import Worker

Event = dict[str, Any]
_LOGGER = logging.getLogger(__name__)
_TEXT_MEDIA_TYPES = ["text/", "application/json", "application/javascript", GRAPHQL_RESPONSE]
"""What Mangum must not encode in base64."""


class LambdaContext(Protocol):
    """What of Lambda's context object is used."""

    def get_remaining_time_in_millis(self) -> int:
        """Tell how long the invocation may still take."""


def build_api(
    services: Services,
    authenticate: Authenticate,
    settings: Settings | None = None,
    playground: Playground | None = None,
) -> Mangum:
    """Build the handler of API Gateway's HTTP API events (payload 2.0)."""
    app = create_app(
        services,
        authenticate=authenticate,
        playground=playground,
        in_threads=False,
        settings=settings,
    )
    return Mangum(app, lifespan="off", custom_handlers=[HttpApi], text_mime_types=_TEXT_MEDIA_TYPES)


def api(event: Event, context: object) -> Event:
    """Answer one event; builds what is needed with the first."""
    global _api  # noqa: PLW0603  # a warm Lambda keeps its module, and nothing else
    if _api is None:
        with quick_start():
            _api = _built_api(_configured())
    answer: Event = _api(event, context)  # type: ignore[arg-type]  # awslambdaric's context
    return answer


def _built_api(settings: Settings) -> Mangum:
    services = build_services(settings)
    playground = Playground(find_assets(SHIPPED)) if settings.playground else None
    authenticate = build_authenticator(settings, services)
    return build_api(services, authenticate, settings, playground)


def worker(event: Event, context: LambdaContext) -> Event:
    """Run the evaluations that records of the table's stream tell of.

    What has not ended is answered as a failure of its record (`ReportBatchItemFailures`), so that
    Lambda sends it again. Running a job that has ended does nothing.
    """
    from graph.worker import build_worker, new_jobs, run_all  # noqa: PLC0415  # slow to import

    global _worker  # noqa: PLW0603  # see `api`
    if _worker is None:
        settings = _configured()
        _worker = build_worker(settings, Table(settings))
    open_jobs = run_all(
        _worker,
        new_jobs(event["Records"]),
        lambda: context.get_remaining_time_in_millis() / 1_000,
    )
    return _to_send_again(job.sequence_number for job in open_jobs)


def hasher(event: Event, _context: object) -> Event:
    """Hash the large files that records of the table's stream tell of.

    What could not be hashed is answered as `worker` answers what has not ended.
    """
    from graph.hashing import files_to_hash  # noqa: PLC0415  # the other functions never need it

    global _hasher  # noqa: PLW0603  # see `api`
    if _hasher is None:
        _hasher = build_services(_configured()).hasher
    failed = []
    for file in files_to_hash(event["Records"]):
        try:
            _hasher.run(file.ref)
        except Exception:
            _LOGGER.exception("artifact %s could not be hashed", file.ref.artifact_id)
            failed.append(file.sequence_number)
    return _to_send_again(failed)


def _to_send_again(sequence_numbers: Iterable[str]) -> Event:
    """Answer which of the stream's records have not ended (`ReportBatchItemFailures`)."""
    return {"batchItemFailures": [{"itemIdentifier": number} for number in sequence_numbers]}


def _configured() -> Settings:
    settings = Settings.from_env(os.environ)
    configure_logging(settings)
    return settings


_api: Mangum | None = None
_worker: "Worker | None" = None
_hasher: Hasher | None = None
