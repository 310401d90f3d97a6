"""Requests that fail on their way: what is sent again, and what comes of it."""

import json

import httpx2
import pytest

from graph.client import Client, InvalidInput, Throttled, UnexpectedAnswer, Unreachable
from graph.local.server import LocalServer
from tests.e2e.client.faults import (
    HASTE,
    FaultyNetwork,
    answers,
    is_cut_after,
    is_cut_before,
    mentions,
)

THROTTLED = json.dumps(
    {"errors": [{"message": "busy", "extensions": {"code": "THROTTLED"}}]}
).encode()


def keys_of(network: FaultyNetwork, mutation: str) -> list[str]:
    return [
        json.loads(request.content)["variables"]["input"].get("idempotencyKey")
        for request in network.requests
        if mentions(mutation)(request)
    ]


class TestAMutation:
    """Every change has a key, under which it is sent again."""

    @pytest.mark.parametrize(
        "fails",
        [
            answers(503),
            answers(502, b"<html>"),
            answers(504),
            answers(429, retry_after="1"),
            answers(200, THROTTLED),
            is_cut_before,
            is_cut_after,
        ],
    )
    def test_is_made_once(
        self, client: Client, network: FaultyNetwork, model_id: str, fails: object
    ) -> None:
        network.fail(mentions("updateModel"), fails, times=2)  # type: ignore[arg-type]
        made = client.update_model(model_id, name="renamed")
        assert made.model.name == "renamed"
        assert [entry.action for entry in client.changes(model_id)] == ["UPDATE", "CREATE"]
        sent = keys_of(network, "updateModel")
        assert len(sent) == 3
        assert len({*sent}) == 1
        assert sent[0]

    def test_answers_what_the_lost_answer_said(
        self, client: Client, network: FaultyNetwork, model_id: str
    ) -> None:
        network.fail(mentions("updateModel"), is_cut_after)
        made = client.update_model(model_id, expected_version=1, risk_notes="x")
        assert made.entry == next(client.changes(model_id))

    def test_two_calls_have_two_keys(
        self, client: Client, network: FaultyNetwork, model_id: str
    ) -> None:
        client.update_model(model_id, name="a")
        client.update_model(model_id, name="b")
        assert len({*keys_of(network, "updateModel")}) == 2

    def test_a_refusal_is_not_sent_again(
        self, client: Client, network: FaultyNetwork, model_id: str
    ) -> None:
        with pytest.raises(InvalidInput):
            client.update_model(model_id, name="")
        assert len(keys_of(network, "updateModel")) == 1


class TestWithoutAKey:
    """createApiKey takes none."""

    def test_what_may_have_been_executed_is_not_sent_again(
        self, client: Client, network: FaultyNetwork
    ) -> None:
        network.fail(mentions("createApiKey"), is_cut_after)
        with pytest.raises(Unreachable):
            client.create_api_key(name="job", role="READER")
        assert keys_of(network, "createApiKey") == [None]

    def test_what_was_never_sent_is(self, client: Client, network: FaultyNetwork) -> None:
        network.fail(mentions("createApiKey"), is_cut_before)
        made = client.create_api_key(name="job 2", role="READER")
        assert made.api_key in client.api_keys()
        assert made.secret not in repr(made)


class TestGivingUp:
    """What ends every persistence."""

    def test_an_overload_that_stays(self, client: Client, network: FaultyNetwork) -> None:
        network.fail(mentions("viewer"), answers(429), times=99)
        with pytest.raises(Throttled):
            client.viewer()
        assert len(network.requests) == 6

    def test_nobody_there(self) -> None:
        with Client("http://127.0.0.1:9", clock=HASTE) as client, pytest.raises(Unreachable):
            client.viewer()

    @pytest.mark.parametrize(
        "fails",
        [
            answers(200, b"<html>hello"),
            answers(404),
            answers(302, location="https://elsewhere.example"),
            answers(500, b"[]"),
            answers(200, b'{"data": null}'),
        ],
    )
    def test_another_service_is_told_at_once(
        self, client: Client, network: FaultyNetwork, fails: object
    ) -> None:
        network.fail(mentions("viewer"), fails)  # type: ignore[arg-type]
        with pytest.raises(UnexpectedAnswer):
            client.viewer()
        assert len(network.requests) == 1


class TestHealth:
    """Health needs no GraphQL."""

    def test_an_unavailable_table_is_an_answer(
        self, client: Client, network: FaultyNetwork
    ) -> None:
        told = {"status": "unavailable", "service": "s", "version": "1", "table": "unavailable"}
        network.fail(lambda _: True, answers(503, json.dumps(told).encode()))
        health = client.health(deep=True)
        assert (health.is_ok, health.checks) == (False, {"table": "unavailable"})

    def test_another_service_is_not_well(self, client: Client, network: FaultyNetwork) -> None:
        network.fail(lambda _: True, answers(200, b'{"status": "ok"}'))
        with pytest.raises(UnexpectedAnswer):
            client.health()


class TestCredentials:
    """A key goes to the service, and nowhere else."""

    def test_s3_gets_none(
        self, server: LocalServer, network: FaultyNetwork, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        path = tmp_path_factory.mktemp("f") / "f.bin"
        path.write_bytes(b"abc")
        with Client(server.url, "mle_secret", transport=network, clock=HASTE) as client:
            model_id = client.create_model(name="m", source="s", license="mit").model.id
            artifact = client.push(path, model_id)
            client.pull(artifact.id, path)
            assert "mle_secret" not in repr(client)
        by_host: dict[bool, list[httpx2.Request]] = {True: [], False: []}
        for request in network.requests:
            by_host["authorization" in request.headers].append(request)
        assert {str(request.url) for request in by_host[True]} == {f"{server.url}/graphql"}
        assert [request.method for request in by_host[False]] == ["PUT", "GET"]
        assert not any("mle_secret" in str(request.headers) for request in by_host[False])
