"""An HTTP server of the standard library, in a thread, that sends replies as they say."""

import contextlib
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Self
from urllib.parse import parse_qsl, urlsplit

from graph.local.hub.reply import Reply
from graph.local.listener import listen, port_of

Answer = Callable[[str, Mapping[str, str], Mapping[str, str]], AbstractContextManager[Reply]]
"""From a path, its query and the request's headers, by their names in lower case.

The reply is sent inside the context.
"""

_Request = socket.socket | tuple[bytes, socket.socket]

_HOST: Final = "127.0.0.1"
_POLL_SECONDS: Final = 0.02
"""How soon a stop is noticed."""


class Listening:
    """Answers on a port of this machine, for as long as the context lasts."""

    def __init__(self, answer: Answer, port: int, name: str) -> None:
        self._answer = answer
        self._wanted_port = port
        self._name = name
        self._server: _Server | None = None
        self.url = ""

    def __enter__(self) -> Self:
        """Start.

        Raises:
            LocalError: the port is in use.
        """
        listener = listen(_HOST, self._wanted_port)
        self.url = f"http://{_HOST}:{port_of(listener)}"
        self._server = _Server(listener, self._answer)
        threading.Thread(
            target=self._server.serve_forever, args=(_POLL_SECONDS,), name=self._name, daemon=True
        ).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, in the middle of whatever is being sent."""
        if self._server is not None:
            self._server.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, listener: socket.socket, answer: Answer) -> None:
        # Not bound here: HTTPServer would look up the host's name in the DNS.
        super().__init__((_HOST, port_of(listener)), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.answer = answer
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()

    def process_request(self, request: _Request, client_address: object) -> None:
        if isinstance(request, socket.socket):
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Request) -> None:
        if isinstance(request, socket.socket):
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, *_: object) -> None:
        """Keep quiet: a client that hangs up is no news."""

    def stop(self) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()
        for connection in tuple(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        with self.server.answer(asked.path, dict(parse_qsl(asked.query)), headers) as reply:
            self.server.stopping.wait(reply.delay_seconds)
            if reply.is_hung_up:
                self.close_connection = True
            else:
                self._send(reply)

    def log_message(self, *_: object) -> None:
        """Keep quiet: requests are recorded by the stand-in."""

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body) + reply.missing_bytes))
        self.end_headers()
        if reply.drip_seconds:
            self._drip(reply)
        else:
            self.wfile.write(reply.body)
        self.wfile.flush()
        self.close_connection = self.close_connection or reply.missing_bytes > 0

    def _drip(self, reply: Reply) -> None:
        for byte in reply.body:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            if self.server.stopping.wait(reply.drip_seconds):
                self.close_connection = True
                return
