"""API Gateway, as far as clients see it: HTTP in front of the Lambda handler."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Final

from tests.api.doors import Call, Door

_METHODS: Final = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


@contextmanager
def gateway(door: Door) -> Iterator[str]:
    """Serve what is behind `door` on this machine, and give its URL.

    One request after the other, as a Lambda takes them.
    """
    server = HTTPServer(("127.0.0.1", 0), _handler_of(door))
    thread = threading.Thread(target=_serve, args=[server], name="gateway")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _serve(server: HTTPServer) -> None:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)  # Mangum's
    server.serve_forever(poll_interval=0.05)
    asyncio.set_event_loop(None)
    loop.close()


def _handler_of(door: Door) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            path, _, query_string = self.path.partition("?")
            length = int(self.headers.get("content-length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(length)
            reply = door.send(Call(self.command, path, query_string, headers, body))
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its own name
            """Say nothing: the tests look at answers."""

    for method in _METHODS:
        setattr(Handler, f"do_{method}", Handler.answer)
    return Handler
