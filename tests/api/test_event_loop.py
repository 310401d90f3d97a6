"""Whoever waits for something does not hold up the others: a server with threads."""

import asyncio
from threading import Event

import httpx2
import pytest
from starlette.requests import Request

from graph.app import create_app
from graph.auth import LOCAL
from graph.services import Services
from models.principal import Principal

SOON_SECONDS = 30
QUERY = {"query": "{ viewer { subject } }"}


class Slow:
    """Something that takes until somebody else was answered."""

    def __init__(self) -> None:
        self.began, self.may_end = Event(), Event()

    def wait(self) -> None:
        """Wait, and fail where that is for nothing."""
        self.began.set()
        assert self.may_end.wait(SOON_SECONDS)

    def authenticate(self, _: Request) -> Principal:
        self.wait()
        return LOCAL


async def answered_meanwhile(
    services: Services, slow: Slow, method: str, path: str, body: object = None
) -> int:
    """Send a request that takes, ask for the health meanwhile, and return the first's status."""
    app = create_app(services, authenticate=slow.authenticate)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://api") as client:
        waiting = asyncio.create_task(client.request(method, path, json=body))
        while not slow.began.is_set():
            await asyncio.sleep(0.001)
        health = await asyncio.wait_for(client.get("/health"), SOON_SECONDS)
        assert health.status_code == 200
        slow.may_end.set()
        return (await waiting).status_code


def test_of_authentication(services: Services) -> None:
    assert asyncio.run(answered_meanwhile(services, Slow(), "POST", "/graphql", QUERY)) == 200


def test_of_a_resolver(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow()
    monkeypatch.setattr(slow, "authenticate", lambda _: LOCAL)
    monkeypatch.setattr(type(services.keys), "page", lambda *_: slow.wait())
    query = {"query": "{ apiKeys { nodes { id } } }"}
    assert asyncio.run(answered_meanwhile(services, slow, "POST", "/graphql", query)) == 200


def test_of_a_deep_look(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow()
    monkeypatch.setattr(type(services.table), "check", lambda _: slow.wait())
    assert asyncio.run(answered_meanwhile(services, slow, "GET", "/health?deep=1")) == 503
