"""An ASGI application, served by uvicorn in a thread of its own."""

import socket
import threading
import time
from typing import Final, Self

import uvicorn
from starlette.types import ASGIApp

_STARTING_S: Final = 30.0
_POLL_S: Final = 0.005
_GRACE_S: Final = 3
_STOPPING_S: Final = 30.0
_KEEP_ALIVE_S: Final = 75
"""Longer than clients keep a connection idle: else they write to one that is being closed."""


class BackgroundServer:
    """A context manager within which `app` answers on `listener`.

    A thread of its own, and not one event loop for all, keeps an application that blocks its
    loop from stopping the others; and uvicorn leaves signals alone outside the main thread.
    """

    def __init__(self, app: ASGIApp, listener: socket.socket, *, name: str) -> None:
        self._listener = listener
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                access_log=False,
                lifespan="on",
                log_config=None,
                log_level="warning",
                server_header=False,
                timeout_graceful_shutdown=_GRACE_S,
                timeout_keep_alive=_KEEP_ALIVE_S,
                ws="none",
            )
        )
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        deadline = time.monotonic() + _STARTING_S
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError(f"{self._thread.name} did not start: the log tells why.")
            time.sleep(_POLL_S)
        return self

    def __exit__(self, *_: object) -> None:
        """Let what is under way finish, then run the application's shutdown."""
        self._server.should_exit = True
        self._thread.join(_STOPPING_S)

    def _run(self) -> None:
        self._server.run(sockets=[self._listener])
