"""Lambda, as far as a function sees it: awslambdaric, and the Runtime API that it asks for events.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import json
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any, Final

from tests.deployment.packaging import interpreter

LOCK: Final = Path(__file__).with_name("awslambdaric.lock")
PREFIX: Final = "/2018-06-01/runtime"
MAX_ANSWER_BYTES: Final = 6 * 1024 * 1024
"""Lambda's limit for the answer to one event."""
_INSTALL_TIMEOUT_SECONDS: Final = 120
_ANSWER_TIMEOUT_SECONDS: Final = 60
_PATIENCE_SECONDS: Final = 0.1

Json = dict[str, Any]


class FunctionFailed(Exception):  # noqa: N818  # what Lambda reports, told apart from our errors
    """A function raised, could not be started, or ended."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What a function told of one event, or of its start."""

    path: str
    body: bytes


@dataclass(slots=True)
class _RuntimeApi:
    """What waits for the function, and what it told."""

    events: Queue[tuple[str, int, bytes]] = field(default_factory=Queue)
    told: Queue[_Told] = field(default_factory=Queue)


class Function:
    """A running function.

    Attributes:
        log: what it wrote so far.
    """

    def __init__(self, api: _RuntimeApi, process: subprocess.Popen[bytes], log: Path) -> None:
        self._api = api
        self._process = process
        self._log = log

    @property
    def log(self) -> str:
        """Return what it wrote so far."""
        return self._log.read_text(encoding="utf-8")

    def invoke(self, event: Json, seconds_left: int = 29) -> Json:
        """Send an event, and return the answer.

        Raises:
            FunctionFailed: with the error that the function raised, and what it wrote.
        """
        answer: Json = json.loads(self.invoke_raw(event, seconds_left))
        return answer

    def invoke_raw(self, event: Json, seconds_left: int = 29) -> bytes:
        """Send an event, and return the answer as Lambda gets it."""
        request_id = str(uuid.uuid4())
        deadline_ms = int((time.time() + seconds_left) * 1_000)
        self._api.events.put((request_id, deadline_ms, json.dumps(event).encode()))
        told = self._wait()
        if told.path != f"{PREFIX}/invocation/{request_id}/response":
            raise FunctionFailed(f"{told.path}: {told.body.decode()}\n{self.log}")
        return told.body

    def _wait(self) -> _Told:
        give_up_at = time.monotonic() + _ANSWER_TIMEOUT_SECONDS
        while time.monotonic() < give_up_at:
            try:
                return self._api.told.get(timeout=_PATIENCE_SECONDS)
            except Empty:
                if self._process.poll() is not None:
                    break
        raise FunctionFailed(f"no answer (exit code {self._process.poll()})\n{self.log}")


def install(directory: Path) -> Path:
    """Make an environment that holds awslambdaric alone, as it is locked; return its Python."""
    _run(interpreter(), "-m", "venv", "--without-pip", str(directory))
    python = directory / "bin" / "python"
    _run(
        *(sys.executable, "-m", "pip", f"--python={python}", "install", "-qq"),
        *("--disable-pip-version-check", "--only-binary=:all:", "--no-deps"),
        *("--require-hashes", f"--requirement={LOCK}"),
    )
    return python


def _run(*command: str) -> None:
    done = subprocess.run(  # noqa: S603  # Python's own tools
        command, capture_output=True, check=False, text=True, timeout=_INSTALL_TIMEOUT_SECONDS
    )
    assert done.returncode == 0, done.stderr


@contextmanager
def running(
    python: Path, task: Path, handler: str, environment: Mapping[str, str], log: Path
) -> Iterator[Function]:
    """Run a function in the package that is unpacked at `task`, with no other environment."""
    api = _RuntimeApi()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(api))
    server.daemon_threads = True  # one waits with the function for the next event
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="runtime-api")
    thread.start()
    reserved = {
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
        "AWS_LAMBDA_FUNCTION_NAME": "ml-model-evaluator-test",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}",
        "LAMBDA_TASK_ROOT": str(task),
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TZ": ":UTC",
        "_HANDLER": handler,
    }
    try:
        with (
            log.open("wb") as output,
            subprocess.Popen(  # noqa: S603  # the function
                [str(python), "-m", "awslambdaric", handler],
                cwd=task,
                env={**environment, **reserved},
                stderr=subprocess.STDOUT,
                stdout=output,
            ) as process,
        ):
            try:
                yield Function(api, process, log)
            finally:
                process.kill()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler_of(api: _RuntimeApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            assert self.path == f"{PREFIX}/invocation/next", self.path
            request_id, deadline_ms, event = api.events.get()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(event)))
            self.send_header("Lambda-Runtime-Aws-Request-Id", request_id)
            self.send_header("Lambda-Runtime-Deadline-Ms", str(deadline_ms))
            self.send_header(
                "Lambda-Runtime-Invoked-Function-Arn",
                "arn:aws:lambda:us-east-1:123456789012:function:ml-model-evaluator-test",
            )
            self.end_headers()
            self.wfile.write(event)

        def do_POST(self) -> None:
            api.told.put(_Told(self.path, self._body()))
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _body(self) -> bytes:
            if self.headers.get("transfer-encoding") != "chunked":
                return self.rfile.read(int(self.headers.get("content-length", 0)))
            chunks = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                chunks.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(chunks)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    return Handler
