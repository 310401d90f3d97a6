"""The API on an embedded AWS: what `ml-evaluator serve` runs, and a whole server for tests."""

import os
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Self

from graph.app import create_app
from graph.auth import local_admin
from graph.bootstrap import build_services, provision
from graph.local.aws import EmbeddedAws
from graph.local.background import BackgroundServer
from graph.local.guard import LOOPBACK_NAMES, LoopbackGuard
from graph.local.jobs import BackgroundJobs
from graph.local.listener import listen, port_of
from graph.local.lock import DirectoryLock
from graph.local.playground import open_playground
from graph.local.signals import stop_signals_interrupt
from graph.observability import audit_file
from graph.playground.routes import Playground
from models.settings import Settings

AUDIT_FILE = "audit.log"
"""In the state directory: a line for every change, which nothing here ever takes back."""


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
        announce: told what a person at a terminal wants to know.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        state_dir: Path | None = None,
        playground_dir: Path | None = None,
        announce: Callable[[str], None] = _say_nothing,
    ) -> None:
        self._host = host
        self._wanted_port = port
        self._state_dir = state_dir
        self._playground_dir = playground_dir or (state_dir and state_dir / "playground")
        self._announce = announce
        self._port = 0
        self._aws_url = ""
        self._running = ExitStack()

    def __enter__(self) -> Self:
        """Start, and wait until it answers.

        Raises:
            LocalError: the port or the directory is in use, or what is kept cannot be read.
        """
        with ExitStack() as starting:
            if self._state_dir:
                starting.enter_context(DirectoryLock(self._state_dir))
                starting.enter_context(audit_file(self._state_dir / AUDIT_FILE))
            listener = starting.enter_context(listen(self._host, self._wanted_port))
            self._port = port_of(listener)
            aws_dir = self._state_dir / "aws" if self._state_dir else None
            aws = starting.enter_context(EmbeddedAws(aws_dir, page_ports=[self._port]))
            self._aws_url = aws.endpoint_url
            settings = aws.settings(self._settings())
            provision(settings)
            background = starting.enter_context(BackgroundJobs())
            app = create_app(
                build_services(settings, background=background),
                authenticate=local_admin,
                playground=self._playground(),
            )
            guard = LoopbackGuard(app, port=self._port, page_ports=[self._port])
            starting.enter_context(BackgroundServer(guard, listener, name="api"))
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
        with stop_signals_interrupt() as ignore_stop_signals:
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
        settings = Settings.from_env(os.environ)
        own = tuple(f"http://{name}:{self._port}" for name in LOOPBACK_NAMES)
        return replace(settings, cors_origins=(*settings.cors_origins, *own))

    def _playground(self) -> Playground | None:
        if self._playground_dir is None:
            return None
        return open_playground(self._playground_dir, self._announce)

    def _welcome(self) -> str:
        kept = f"kept in {self._state_dir}" if self._state_dir else "kept in memory only"
        return (
            f"GraphiQL and GraphQL  {self.url}/graphql\n"
            f"DynamoDB and S3       {self.aws_url} (access key and secret: test)\n"
            f"Data                  {kept}\n"
            f"Stop                  Ctrl-C"
        )
