"""Requests that schemathesis makes up from the schema."""

from collections.abc import Iterator

import pytest

from graph.local.server import LocalServer
from models.settings import Settings
from tests.e2e.fuzzing import Findings, findings

EXAMPLES = 15
OPERATIONS = 18


@pytest.fixture(scope="module")
def found() -> Iterator[dict[str, Findings]]:
    with LocalServer(settings=Settings(), demo=True) as server:
        yield dict(findings(server.url, EXAMPLES))


class TestMadeUpRequests:
    """Whatever is asked, the answer is data or a coded error."""

    def test_are_answered_as_agreed(self, found: dict[str, Findings]) -> None:
        assert [fault for findings in found.values() for fault in findings.faults] == []

    def test_reach_every_operation(self, found: dict[str, Findings]) -> None:
        assert len(found) == OPERATIONS
        assert all(findings.outcomes for findings in found.values())
