"""The stand-in itself: two servers, what they were asked, and what goes wrong with them."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

from graph.local.hub.data import HubData
from graph.local.hub.faults import Fault
from graph.local.hub.github_api import answer_as_github
from graph.local.hub.hub_api import answer_as_hub
from graph.local.hub.listening import Listening
from graph.local.hub.reply import Reply


class Request(NamedTuple):
    """A request that came in.

    Attributes:
        path: without its query.
        headers: by their names in lower case.
        query: the last value of each name.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]


@dataclass(slots=True)
class _Planned:
    path_prefix: str
    fault: Fault
    times: int | None


class StandInHub:
    """Answers like the Hub at `url` and like GitHub at `github_url`, while the context lasts.

    Args:
        data_dir: what is there; `graph.local.hub.data` tells the layout.
        port: the Hub's port; 0 means any that is free. GitHub's is always a free one.
    """

    def __init__(self, data_dir: Path, port: int = 0) -> None:
        self._data = HubData(data_dir)
        self._hub = Listening(self._answer_as_hub, port, "stand-in-hub")
        self._github = Listening(self._answer_as_github, 0, "stand-in-github")
        self._lock = threading.Lock()
        self._planned: list[_Planned] = []
        self._concurrent = 0
        self._running = ExitStack()
        self.max_concurrent = 0
        self.requests: list[Request] = []

    def __enter__(self) -> Self:
        """Start.

        Raises:
            LocalError: the port is in use.
        """
        with ExitStack() as starting:
            starting.enter_context(self._hub)
            starting.enter_context(self._github)
            self._running = starting.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, in the middle of whatever is being sent."""
        self._running.close()

    @property
    def url(self) -> str:
        """Where the Hub answers: an HF_ENDPOINT."""
        return self._hub.url

    @property
    def github_url(self) -> str:
        """Where GitHub answers: a GITHUB_API_URL."""
        return self._github.url

    def fail(self, path_prefix: str, fault: Fault, times: int | None = None) -> None:
        """Spoil answers to requests whose path begins so.

        Several faults for one path come in the order of the calls, each after the ones before
        have had their times.

        Args:
            times: how many answers; all from now on unless given.
        """
        with self._lock:
            self._planned.append(_Planned(path_prefix, fault, times))

    @contextmanager
    def _answer_as_hub(
        self, path: str, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> Iterator[Reply]:
        with self._noted(Request("GET", path, headers, query)):
            yield self._spoilt(path, answer_as_hub(self._data, self.url, path, query, headers))

    @contextmanager
    def _answer_as_github(
        self, path: str, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> Iterator[Reply]:
        with self._noted(Request("GET", path, headers, query)):
            yield self._spoilt(path, answer_as_github(self._data, self.github_url, path, query))

    @contextmanager
    def _noted(self, request: Request) -> Iterator[None]:
        with self._lock:
            self.requests.append(request)
            self._concurrent += 1
            self.max_concurrent = max(self.max_concurrent, self._concurrent)
        try:
            yield
        finally:
            with self._lock:
                self._concurrent -= 1

    def _spoilt(self, path: str, reply: Reply) -> Reply:
        with self._lock:
            for planned in self._planned:
                if path.startswith(planned.path_prefix) and planned.times != 0:
                    if planned.times is not None:
                        planned.times -= 1
                    return planned.fault.spoil(reply)
        return reply
