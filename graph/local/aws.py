"""An AWS inside this process: ministack's DynamoDB and S3 on a loopback port."""

import http.client
import threading
import time
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Final, Self

from graph.local import emulator
from graph.local.background import BackgroundServer
from graph.local.errors import LocalError
from graph.local.guard import LoopbackGuard
from graph.local.listener import listen, port_of
from graph.local.overrides import ResponseOverrides
from graph.local.pace import SnapshotPace
from graph.local.snapshots import SnapshotKeeper
from models.settings import AwsCredentials, Settings

_HOST: Final = "127.0.0.1"
_REQUEST_TIMEOUT_S: Final = 10.0
_READY_WITHIN_S: Final = 30.0
_POLL_S: Final = 0.01

_in_use = threading.Lock()


class EmbeddedAws:
    """DynamoDB and S3 for as long as the context lasts.

    ministack belongs to the whole process, so there is one at a time. Its port takes nothing from
    the pages of other sites: ministack checks no signature but that of presigned URLs.

    Args:
        state_dir: where the data are kept; None keeps them in memory, and starts empty.
        port: the port to listen on; 0 means any that is free.
        enforce_iam: refuse access keys that ministack does not know.
        page_ports: ports whose loopback pages may use presigned URLs from a browser.
    """

    def __init__(
        self,
        state_dir: Path | None = None,
        *,
        port: int = 0,
        enforce_iam: bool = True,
        page_ports: Collection[int] = (),
    ) -> None:
        self._state_dir = state_dir
        self._wanted_port = port
        self._enforce_iam = enforce_iam
        self._page_ports = page_ports
        self._port = 0
        self._running = ExitStack()

    def __enter__(self) -> Self:
        """Start, and wait until it answers.

        Raises:
            LocalError: another one runs in this process, the port is in use, or saved data
                cannot be read.
        """
        if not _in_use.acquire(blocking=False):
            raise LocalError("An embedded AWS runs in this process already: there is only one.")
        with ExitStack() as starting:
            starting.callback(_in_use.release)
            listener = starting.enter_context(listen(_HOST, self._wanted_port))
            self._port = port_of(listener)
            environment = emulator.environment(self._port)
            starting.enter_context(emulator.patched_environment(environment))
            app = emulator.load(self._state_dir, enforce_iam=self._enforce_iam)
            if self._state_dir:
                save = partial(emulator.save, self._state_dir)
                keeper = SnapshotKeeper(app, save, SnapshotPace(time.monotonic))
                starting.callback(keeper.flush)
                app = keeper
            guard = LoopbackGuard(
                ResponseOverrides(app), port=self._port, page_ports=self._page_ports
            )
            starting.enter_context(BackgroundServer(guard, listener, name="embedded-aws"))
            self._await_ready()
            self._running = starting.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, with everything saved if there is a `state_dir`."""
        self._running.close()

    @property
    def endpoint_url(self) -> str:
        """Where its services answer."""
        return f"http://{_HOST}:{self._port}"

    def settings(self, base: Settings) -> Settings:
        """`base`, with this in the place of AWS."""
        credentials = AwsCredentials(emulator.ACCESS_KEY, emulator.ACCESS_KEY)
        return replace(base, endpoint_url=self.endpoint_url, credentials=credentials)

    def reset(self) -> None:
        """Empty it: no table, no bucket. Only for what is in memory alone."""
        if self._state_dir:
            raise RuntimeError(f"{self._state_dir} holds somebody's data: delete it instead.")
        status = self._request("POST", "/_ministack/reset")
        if status != HTTPStatus.OK:
            raise RuntimeError(f"The embedded AWS could not be emptied: status {status}.")

    def _await_ready(self) -> None:
        deadline = time.monotonic() + _READY_WITHIN_S
        while self._request("GET", "/_ministack/ready") != HTTPStatus.OK:
            if time.monotonic() > deadline:
                raise LocalError("The embedded AWS did not become ready: the log tells why.")
            time.sleep(_POLL_S)

    def _request(self, method: str, path: str) -> int:
        connection = http.client.HTTPConnection(_HOST, self._port, timeout=_REQUEST_TIMEOUT_S)
        try:
            connection.request(method, path)
            response = connection.getresponse()
            response.read()
            return response.status
        finally:
            connection.close()
