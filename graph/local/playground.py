"""GraphiQL for the local server: fetched the first time, without keeping the API waiting."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from graph.playground.assets import Assets, ensure_assets, find_assets
from graph.playground.routes import Playground

_PATIENCE_S: Final = 5.0
"""A fetch takes two seconds; where the network swallows packets it takes minutes."""


@dataclass(frozen=True, slots=True)
class _ArrivingPlayground(Playground):
    """GraphiQL as soon as its files are there."""

    arrival: Future[Assets]

    def page(self, request: Request) -> Response:
        """Answer with what has arrived, or say that it has not yet."""
        assets = self.arrival.result() if self.arrival.done() else self.assets
        return Playground(assets).page(request)


def open_playground(
    directory: Path,
    announce: Callable[[str], None],
    *,
    ensure: Callable[[Path], Assets] = ensure_assets,
) -> Playground:
    """GraphiQL with its files in `directory`, which are fetched unless they are there.

    Returns within a few seconds in any case; a fetch that takes longer goes on meanwhile.
    """
    if find_assets(directory).problem:
        announce("Fetching GraphiQL, this once ...")
    arrival = _start(ensure, directory.resolve())
    try:
        assets = arrival.result(_PATIENCE_S)
    except TimeoutError:
        waiting = "GraphiQL's files are still being fetched: reload this page in a minute."
        return _ArrivingPlayground(Assets(directory, waiting), arrival)
    if assets.problem:
        announce(f"{assets.problem} The API works without.")
    return Playground(assets)


def _start(ensure: Callable[[Path], Assets], directory: Path) -> Future[Assets]:
    """Fetch in a thread that a stop need not wait for, as it would for an executor's."""
    arrival: Future[Assets] = Future()
    threading.Thread(
        target=lambda: arrival.set_result(ensure(directory)), name="graphiql", daemon=True
    ).start()
    return arrival
