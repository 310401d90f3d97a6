"""Requests made to take long: each refused at once, with a code.

The measure is an honest request in the same process, so that neither a slow machine nor counting
the covered lines fails it. What grows faster than its document takes seconds at these sizes.
"""

import time
from typing import Final

import pytest
from graphql import get_introspection_query

from tests.api.bombs import BOMBS, TRY, request
from tests.api.client import JSON_BODY, code
from tests.api.doors import Call, Door, Reply

HONEST_REQUESTS: Final = 8
"""Asking for the whole schema takes about as long as reading the largest body: so many of that."""
TRIES: Final = 10
SCHEMA: Final = get_introspection_query().partition("{")[2].join(["{", ""])
ANSWER_MAX_BYTES: Final = 10_000
HEADERS: Final = JSON_BODY | {"accept": "application/graphql-response+json"}


def seconds_for(door: Door, body: bytes, tries: int = TRIES) -> tuple[float, Reply]:
    """Return the shortest of a few tries, each new to every cache, and the last answer."""
    best = float("inf")
    for number in range(tries):
        call = Call("POST", headers=HEADERS, body=body.replace(TRY, b"Try%d" % number, 1))
        begin = time.process_time()
        reply = door.send(call)
        best = min(best, time.process_time() - begin)
    return best, reply


@pytest.fixture(scope="module")
def at_once_seconds(app_door: Door) -> float:
    """Return what a bomb may take at most."""
    honest, reply = seconds_for(app_door, request(f"query TRY {SCHEMA}"))
    assert reply.status == 200
    return HONEST_REQUESTS * honest


@pytest.mark.parametrize("bomb", BOMBS)
class TestBombs:
    """At the application's door."""

    def test_are_refused_at_once(self, app_door: Door, bomb: str, at_once_seconds: float) -> None:
        body, (status, expected) = BOMBS[bomb]
        seconds, reply = seconds_for(app_door, body, tries=3)
        assert reply.status == status
        assert {code(error) for error in reply.json["errors"]} == {expected}
        assert len(reply.body) < ANSWER_MAX_BYTES
        assert seconds < at_once_seconds
