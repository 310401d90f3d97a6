"""Evaluations through the client, of the models of the stand-in Hub."""

import json
from collections.abc import Iterator

import pytest

from graph.client import Client, EvaluationFailed, InvalidInput, NotFound
from graph.client.calls import evaluations
from graph.local.hub import DEMO_DATA
from graph.local.server import LocalServer
from models.evaluation.times import Times
from tests.e2e.client.faults import HASTE, FaultyNetwork, is_cut_after, mentions

PAGE = "https://huggingface.co/northwind/harbor-tides-small"
NOWHERE = "https://huggingface.co/nobody/nothing"


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with LocalServer(demo=True, times=Times(pause_seconds=0.01)) as running:
        yield running


class TestOne:
    """Evaluate."""

    def test_is_scored_with_evidence(self, client: Client) -> None:
        found = client.evaluate(PAGE, reason="candidate")
        assert (found.status, found.url, found.canonical_url) == ("SUCCEEDED", PAGE, PAGE)
        assert found.net_score is not None
        assert 0.5 < found.net_score <= 1
        assert found.size_score is not None
        assert found.license_decision is not None
        assert {metric.status for metric in found.metrics} == {"MEASURED"}
        assert all(metric.evidence for metric in found.metrics)
        assert found.model_id is not None
        model = client.model(found.model_id)
        assert (model.source_url, model.net_score) == (PAGE, found.net_score)
        assert client.evaluation(found.id) == found
        newest = next(client.evaluations(found.model_id))
        assert (newest.url, newest.net_score) == (found.url, found.net_score)

    def test_is_polled_for_where_the_service_does_not_hold_the_request(
        self, client: Client, network: FaultyNetwork, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(evaluations, "WAIT_MAX_SECONDS", 0)
        assert client.evaluate(PAGE).status == "SUCCEEDED"
        assert len(network.requests) > 1

    def test_is_returned_as_it_is_when_the_time_is_over(self, client: Client) -> None:
        found = client.evaluate(PAGE, wait=0)
        assert found.status in {"QUEUED", "RUNNING"}
        assert not found.has_ended
        assert client.evaluate(PAGE).id == found.id

    def test_a_lost_answer_makes_one_evaluation(
        self, client: Client, network: FaultyNetwork
    ) -> None:
        network.fail(mentions("evaluateModel"), is_cut_after)
        found = client.evaluate(PAGE)
        assert found.model_id is not None
        newest = next(client.changes(found.model_id))
        assert newest.version == found.added_in_version

    def test_a_failure_is_raised(self, client: Client) -> None:
        with pytest.raises(EvaluationFailed) as raised:
            client.evaluate(NOWHERE)
        assert raised.value.code == "UPSTREAM_NOT_FOUND"
        assert raised.value.evaluation.url == NOWHERE

    def test_a_page_of_something_else_is_refused(self, client: Client) -> None:
        with pytest.raises(InvalidInput) as raised:
            client.evaluate("https://example.com")
        assert raised.value.field == ("url",)

    def test_what_is_not_there_is_not_found(self, client: Client) -> None:
        with pytest.raises(NotFound):
            client.evaluation("nothing")


class TestMany:
    """evaluate_many."""

    @pytest.fixture
    def pages(self) -> list[str]:
        files = sorted(DEMO_DATA.glob("models/*.json"))
        return [f"https://huggingface.co/{json.loads(file.read_text())['id']}" for file in files]

    def test_each_is_yielded_as_it_ends(
        self, server: LocalServer, pages: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(evaluations, "BATCH_MAX_URLS", 2)
        monkeypatch.setattr(evaluations, "NODES_MAX_IDS", 1)
        network = FaultyNetwork()
        with Client(server.url, transport=network, clock=HASTE) as client:
            asked = iter([*pages, NOWHERE])
            found = list(client.evaluate_many(asked, idempotency_key="nightly"))
        assert sorted(one.url for one in found) == sorted([*pages, NOWHERE])
        (failed,) = [one for one in found if one.status == "FAILED"]
        assert failed.failure is not None
        assert failed.failure.code == "UPSTREAM_NOT_FOUND"
        batches = [
            json.loads(request.content)["variables"]["input"]["idempotencyKey"]
            for request in network.requests
            if mentions("evaluateModels")(request)
        ]
        assert batches == [f"nightly/{n}" for n in range(1, len(batches) + 1)]
        assert len(batches) > 1

    def test_a_page_that_is_given_twice_is_scored_once(self, client: Client) -> None:
        assert len(list(client.evaluate_many([PAGE, PAGE]))) == 1

    def test_nothing_is_asked_for_nothing(self, client: Client, network: FaultyNetwork) -> None:
        assert list(client.evaluate_many([])) == []
        assert network.requests == []
