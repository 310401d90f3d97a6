"""DynamoDB with a few items, on a port of this machine: it knows GetItem, and takes no time."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from zlib import crc32

from models.entities.item import Item, Key

_GET_ITEM = "DynamoDB_20120810.GetItem"


@contextmanager
def canned_table(items: Iterable[Item]) -> Iterator[str]:
    """Serve these items, and give the URL to find them at."""
    answers = {item.key: json.dumps({"Item": item.serialize()}).encode() for item in items}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def handle(self) -> None:
            with suppress(ConnectionResetError):  # whoever has the answer, and ends
                super().handle()

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.headers["X-Amz-Target"] != _GET_ITEM:
                return self.send_error(400, self.headers["X-Amz-Target"])
            key = Key(asked["Key"]["PK"]["S"], asked["Key"]["SK"]["S"])
            self._answer(answers.get(key, b"{}"))
            return None

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("x-amz-crc32", str(crc32(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="dynamodb")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
