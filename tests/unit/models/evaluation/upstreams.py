"""Servers that misbehave more than an HTTP server of the library can, and figures for all."""

import contextlib
import shutil
import socket
import ssl
import threading
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, Self

from graph.local.hub import DEMO_DATA
from graph.local.hub.faults import Delay, Drip, Fault
from graph.local.listener import listen, port_of
from models.evaluation.upstream.deadline import time_limit
from models.evaluation.upstream.pacing import Pacing

WELL_DOCUMENTED: Final = "northwind/harbor-tides-small"
GATED: Final = "acme-research/Kestrel-8B-Instruct"
TEMPLATE: Final = "acme-research/probe-7"
OLD_NAME: Final = "tern-base"
NEW_NAME: Final = "northwind/tern-base-uncased"
TOKEN: Final = "hf_secretsecretsecret"  # noqa: S105  # of nobody

LONG_SECONDS: Final = 20
"""Far more than a limit of a test, and far less than what the other side would go on for."""

QUICK: Final = Pacing(
    connect_seconds=2.0, silence_seconds=2.0, request_seconds=10.0, first_pause_seconds=0.002
)


def copy_of_demo_data(directory: Path) -> Path:
    """Copy the demo's data, to be changed."""
    return Path(shutil.copytree(DEMO_DATA, directory / "data"))


def time_limit_for(fault: Fault) -> AbstractContextManager[None]:
    """Wait for what never comes for a moment, for everything else as long as a loaded CI takes."""
    return time_limit(0.3 if isinstance(fault, Delay | Drip) else 30)


def walk_causes(error: BaseException) -> Iterable[BaseException]:
    """Yield an error, its cause, and so on."""
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__


class RawServer:
    """Sends the same bytes to everybody, piece by piece, whatever they ask."""

    def __init__(
        self,
        pieces: Sequence[bytes],
        pause_seconds: float = 0.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._pieces = pieces
        self._pause_seconds = pause_seconds
        self._tls = tls
        self._listener = listen("127.0.0.1", 0)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.url = f"http://127.0.0.1:{port_of(self._listener)}"

    def __enter__(self) -> Self:
        self._listener.settimeout(0.02)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while not self._stopping.is_set():
            with contextlib.suppress(OSError):
                connection, _ = self._listener.accept()
                connection.setblocking(True)
                if self._tls:
                    connection = self._tls.wrap_socket(connection, server_side=True)
                with connection:
                    self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        connection.recv(65_536)
        for piece in self._pieces:
            if self._stopping.is_set():
                return
            connection.sendall(piece)
            self._stopping.wait(self._pause_seconds)
