"""Requests that schemathesis makes up from /openapi.json."""

import re

import pytest

from graph.rest.routes import ROUTES
from tests.e2e.rest_fuzzing import guarded_server, hunt

EXAMPLES = 5


@pytest.fixture(scope="module")
def told() -> str:
    """What schemathesis says."""
    with guarded_server() as (url, token):
        done = hunt(url, token, EXAMPLES)
    assert done.returncode == 0, done.stdout
    return done.stdout


class TestMadeUpRequests:
    """Whatever is asked, the answer is as the document says."""

    def test_are_answered_as_agreed(self, told: str) -> None:
        (made, passed) = re.findall(r"(\d+) generated, (\d+) passed", told)[0]
        assert made == passed
        assert "No issues found" in told

    def test_reach_every_route(self, told: str) -> None:
        assert f"Tested: {len(ROUTES) + 1}\n" in told  # and /health
