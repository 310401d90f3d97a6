"""Someone who must never be contacted, and who would tell."""

import socketserver
import threading
from typing import Self

from graph.local.listener import listen, port_of


class Recorder:
    """Counts the connections to a port of this machine, and says nothing to anybody."""

    def __init__(self) -> None:
        self.contacts = 0
        self.url = ""
        self._server: socketserver.TCPServer | None = None

    def __enter__(self) -> Self:
        listener = listen("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{port_of(listener)}"
        server = socketserver.TCPServer(
            ("127.0.0.1", port_of(listener)), self._count, bind_and_activate=False
        )
        server.socket.close()
        server.socket = listener
        self._server = server
        threading.Thread(
            target=server.serve_forever, args=(0.01,), name="recorder", daemon=True
        ).start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def _count(self, *_: object) -> socketserver.BaseRequestHandler:
        self.contacts += 1
        raise ConnectionAbortedError
