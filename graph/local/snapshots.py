"""Keeps the data of the embedded AWS over `kill -9`; ministack itself saves on a clean stop."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from graph.local.errors import LocalError
from graph.local.pace import SnapshotPace

_LOGGER: Final = logging.getLogger(__name__)

_DYNAMODB_TARGET: Final = "DynamoDB_"
_DYNAMODB_READS: Final = ("BatchGet", "Describe", "Get", "List", "Query", "Scan", "TransactGet")
_S3_READS: Final = ("GET", "HEAD", "OPTIONS")


class SnapshotKeeper:
    """ASGI middleware around ministack that saves each service soon after it changed.

    A snapshot runs on the event loop of the requests, between two of them, when the pace allows
    it. Objects in S3 are written to disk with every request already; their buckets are not.

    Args:
        app: ministack.
        save: writes the state of a service, by name.
        pace: when the next snapshot may start.
    """

    def __init__(self, app: ASGIApp, save: Callable[[str], None], pace: SnapshotPace) -> None:
        self._app = app
        self._save = save
        self._pace = pace
        self._changed: set[str] = set()
        self._due: asyncio.TimerHandle | None = None
        self._failing = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as `app` does, and note what the request changed."""
        try:
            await self._app(scope, receive, send)
        finally:
            # Afterwards, when the change is made: marked before, a snapshot of another request
            # could come between and take the mark away.
            service = changed_service(scope)
            if service:
                self._changed.add(service)
                self._schedule()

    def flush(self) -> None:
        """Save what changed since the last snapshot, at once.

        Raises:
            LocalError: it could not be saved.
        """
        for service in sorted(self._changed):
            try:
                self._save(service)
            except OSError as error:
                raise LocalError(f"The local data cannot be saved: {error}.") from error
            self._changed.discard(service)

    def _schedule(self) -> None:
        if self._due is None:
            loop = asyncio.get_running_loop()
            self._due = loop.call_later(self._pace.remaining(), self._snapshot)

    def _snapshot(self) -> None:
        self._due = None
        try:
            with self._pace.snapshot():
                self.flush()
            self._failing = False
        except LocalError as error:
            if not self._failing:
                _LOGGER.warning("%s Trying again.", error)
            self._failing = True
            self._schedule()


def changed_service(scope: Scope) -> str | None:
    """Which service's state a request may have changed; what is not known to read, changes."""
    if scope["type"] != "http":
        return None
    target = _header(scope["headers"], b"x-amz-target")
    if target is None:
        reads = scope["method"] in _S3_READS or scope["path"].startswith("/_ministack/")
        return None if reads else "s3"
    if not target.startswith(_DYNAMODB_TARGET):
        return None
    operation = target.rpartition(".")[2]
    return None if operation.startswith(_DYNAMODB_READS) else "dynamodb"


def _header(headers: Sequence[tuple[bytes, bytes]], name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in headers if key == name), None)
