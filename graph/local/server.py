"""The API on an embedded AWS: what `ml-evaluator serve` runs, and a whole server for tests."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Self

from starlette.middleware import Middleware

from graph.app import create_app
from graph.auth import Authenticate, local_admin
from graph.bootstrap import build_authenticator, build_services, provision
from graph.hashing import files_to_hash
from graph.local.aws import EmbeddedAws
from graph.local.background import BackgroundServer
from graph.local.errors import LocalError
from graph.local.guard import LOOPBACK_NAMES, LoopbackGuard
from graph.local.hub import DEMO_DATA, StandInHub
from graph.local.jobs import StreamJobs, Work
from graph.local.listener import listen, port_of
from graph.local.lock import DirectoryLock
from graph.local.playground import open_playground
from graph.local.signals import stop_signals_interrupt
from graph.local.stream import TableStream
from graph.observability import audit_file, terminal_logging
from graph.playground.routes import Playground
from graph.services import Services
from graph.worker import JOBS_AT_ONCE, new_jobs, open_worker
from models.errors import Misconfigured
from models.evaluation.times import Times
from models.evaluation.worker import Worker
from models.settings import Settings

FILES_AT_ONCE = 2
"""So many large files are hashed beside one another."""
AUDIT_FILE = "audit.log"
"""In the state directory: a line for every change, which nothing here ever takes back."""

_FIRST_KEY = (
    "AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test "
    "ml-evaluator keys create --role admin --endpoint-url {url}"
)
_DEMO_EXAMPLE = "https://huggingface.co/northwind/harbor-tides-small"


def _say_nothing(_message: str) -> None:
    """Keep quiet: tests look at answers."""


class LocalServer:
    """The API for this machine, for as long as the context lasts.

    Args:
        host: a loopback host to listen on.
        port: the port to listen on; 0 means any that is free.
        state_dir: where the data are kept; None keeps them in memory.
        playground_dir: where GraphiQL's files are kept: under `state_dir` unless given, and
            without either there is no GraphiQL.
        settings: in place of those in the environment.
        times: how long evaluations may take.
        auth: ask everybody for credentials; without, whoever reaches the server is the admin.
        demo: evaluate the models of the stand-in Hub, which needs no network.
        announce: told what a person at a terminal wants to know.
    """

    def __init__(  # noqa: PLR0913  # all by name
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        state_dir: Path | None = None,
        playground_dir: Path | None = None,
        settings: Settings | None = None,
        times: Times | None = None,
        auth: bool = False,
        demo: bool = False,
        announce: Callable[[str], None] = _say_nothing,
    ) -> None:
        self._host = host
        self._wanted_port = port
        self._state_dir = state_dir
        self._playground_dir = playground_dir or (state_dir and state_dir / "playground")
        self._given_settings = settings
        self._times = times
        self._auth = auth
        self._demo = demo
        self._announce = announce
        self._port = 0
        self._aws_url = ""
        self._running = ExitStack()

    def __enter__(self) -> Self:
        """Start, and wait until it answers.

        Raises:
            LocalError: the port or the directory is in use, what is kept cannot be read, or a
                setting makes no sense.
        """
        with _configuration_errors(), ExitStack() as starting:
            if self._state_dir:
                starting.enter_context(DirectoryLock(self._state_dir))
                starting.enter_context(audit_file(self._state_dir / AUDIT_FILE))
            listener = starting.enter_context(
                listen(self._host, self._wanted_port, anywhere=self._auth)
            )
            self._port = port_of(listener)
            aws_dir = self._state_dir / "aws" if self._state_dir else None
            aws = starting.enter_context(EmbeddedAws(aws_dir, page_ports=[self._port]))
            self._aws_url = aws.endpoint_url
            settings = aws.settings(self._settings())
            if self._demo:
                hub = starting.enter_context(StandInHub(DEMO_DATA))
                settings = _with_hub(settings, hub)
            provision(settings)
            services = build_services(settings, times=self._times)
            worker = starting.enter_context(open_worker(settings, services.table, self._times))
            starting.enter_context(_stream_jobs(settings, services, worker))
            app = create_app(
                services,
                authenticate=self._authenticate(settings, services),
                playground=self._playground() if settings.playground else None,
                middleware=self._guard(),
                settings=settings,
            )
            starting.enter_context(BackgroundServer(app, listener, name="api"))
            self._running = starting.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop: finish what is under way, and save everything."""
        self._running.close()

    @property
    def url(self) -> str:
        """Where the API answers, without a path."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    @property
    def aws_url(self) -> str:
        """Where the embedded AWS answers."""
        return self._aws_url

    def run(self) -> None:
        """Serve until SIGINT or SIGTERM.

        Raises:
            LocalError: see `__enter__`, or what was changed last cannot be saved.
        """
        with _configuration_errors():
            log_level = (self._given_settings or Settings.from_env(os.environ)).log_level
        with terminal_logging(log_level), stop_signals_interrupt() as ignore_stop_signals:
            try:
                with self:
                    try:
                        self._announce(self._welcome())
                        threading.Event().wait()
                    finally:
                        ignore_stop_signals()
            except KeyboardInterrupt:
                return

    def _settings(self) -> Settings:
        """Read the settings, and let our own pages use the bucket."""
        settings = self._given_settings or Settings.from_env(os.environ)
        own = tuple(f"http://{name}:{self._port}" for name in LOOPBACK_NAMES)
        return replace(settings, cors_origins=(*settings.cors_origins, *own))

    def _authenticate(self, settings: Settings, services: Services) -> Authenticate:
        return build_authenticator(settings, services) if self._auth else local_admin

    def _guard(self) -> list[Middleware]:
        """Keep everybody else out of a server that asks for no credentials."""
        if self._auth:
            return []
        return [Middleware(LoopbackGuard, port=self._port, page_ports=[self._port])]

    def _playground(self) -> Playground | None:
        if self._playground_dir is None:
            return None
        return open_playground(self._playground_dir, self._announce)

    def _welcome(self) -> str:
        kept = f"kept in {self._state_dir}" if self._state_dir else "kept in memory only"
        shown = [
            f"GraphiQL and GraphQL  {self.url}/graphql",
            f"DynamoDB and S3       {self.aws_url} (access key and secret: test)",
            f"Data                  {kept}",
        ]
        if self._auth:
            shown.append(f"A first key           {_FIRST_KEY.format(url=self.aws_url)}")
        if self._demo:
            shown.append(f"Hub                   a stand-in, with {_DEMO_EXAMPLE} and others")
        return "\n".join([*shown, "Stop                  Ctrl-C"])


def _stream_jobs(settings: Settings, services: Services, worker: Worker) -> StreamJobs:
    """Make what runs the jobs: beginning to look comes first, so that none is missed."""
    stream = TableStream(settings)
    evaluations = Work(
        name="evaluation",
        run=worker.run,
        found_in=lambda records: [job.evaluation_id for job in new_jobs(records)],
        left_open=services.evaluation_reader.left_open(),
        at_once=JOBS_AT_ONCE,
    )
    hashing = Work(
        name="hashing",
        run=services.hasher.run,
        found_in=lambda records: [file.ref for file in files_to_hash(records)],
        left_open=services.hasher.left_open(),
        at_once=FILES_AT_ONCE,
    )
    return StreamJobs(stream.read, [evaluations, hashing])


def _with_hub(settings: Settings, hub: StandInHub) -> Settings:
    return replace(
        settings,
        hub_endpoint=hub.url,
        github_api_url=hub.github_url,
        hub_token=None,
        github_token=None,
    )


@contextmanager
def _configuration_errors() -> Iterator[None]:
    """Turn what settings raise into what a person at a terminal is told."""
    try:
        yield
    except Misconfigured as error:
        raise LocalError(str(error)) from error
