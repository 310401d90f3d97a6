"""What a deployment's settings mean for the routes."""

import json
from dataclasses import replace

import pytest
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from graph.app import create_app
from graph.auth import local_admin
from graph.local.guard import LoopbackGuard
from graph.rest.routes import ROUTES
from graph.services import Services
from models.settings import Settings
from tests.api.conftest import Caller, OpenDoor
from tests.api.doors import Call


class TestIntrospection:
    """GRAPHQL_INTROSPECTION."""

    def test_switches_the_document_off(self, open_door: OpenDoor) -> None:
        door = open_door(replace(Settings(), introspection=False))
        assert door.send(Call("GET", "/openapi.json")).status == 404


class TestCors:
    """Pages of configured origins."""

    def test_may_use_every_method(self, open_door: OpenDoor, caller: Caller) -> None:
        assert caller.principal
        origin = "https://models.example.com"
        door = open_door(replace(Settings(), cors_origins=(origin,)))
        for route in ROUTES:
            asked = {
                "origin": origin,
                "access-control-request-method": route.method,
                "access-control-request-headers": "content-type, idempotency-key",
            }
            reply = door.send(Call("OPTIONS", route.path, headers=asked))
            assert (reply.status, reply.headers["access-control-allow-origin"]) == (200, origin)
        reply = door.send(Call("GET", "/models", headers={"origin": origin}))
        assert (reply.status, reply.headers["access-control-allow-origin"]) == (200, origin)
        assert json.loads(reply.body)["success"] is True


class TestLocalServer:
    """A server that lets its own machine in without credentials."""

    @pytest.mark.parametrize(
        "headers", [{"origin": "https://evil.example"}, {"host": "evil.example"}]
    )
    def test_answers_no_other_site(self, services: Services, headers: dict[str, str]) -> None:
        guard = Middleware(LoopbackGuard, port=8000, page_ports=[8000])
        app = create_app(services, authenticate=local_admin, middleware=[guard])
        with TestClient(app, base_url="http://localhost:8000") as client:
            assert client.get("/models").status_code == 200
            for route in ROUTES:
                answer = client.request(route.method, route.path, headers=headers)
                assert answer.status_code == 403
