"""The Lambda handler as a deployment configures it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from moto import mock_aws

from graph import handler
from models import timestamps
from models.access.commands import CreateApiKey
from models.access.keys import ApiKeys
from models.access.record import new_token
from models.errors import Misconfigured
from models.ids import new_id
from models.principal import Role
from models.settings import Settings
from models.table import Table
from tests.api.access.gate import OPERATOR
from tests.api.access.guest import bearer
from tests.api.doors import Call, FunctionContext, event_loop, event_of
from tests.api.issuer import AUDIENCE, Issuer, served

BODY = b'{"query": "{ viewer { subject roles } }"}'
REFUSED = (401, None)

Ask = Callable[..., tuple[int, dict[str, Any] | None]]


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiKeys]:
    """The keys of a table that is there, and nothing configured."""
    with mock_aws():
        for name in ("OIDC_ISSUER", "OIDC_AUDIENCE", "OIDC_ROLES_CLAIM"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr(handler, "_api", None)
        monkeypatch.setattr(handler, "configure_logging", lambda _: None)
        table = Table(Settings())
        table.create()
        yield ApiKeys(table, timestamps.now)


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Asks who one is."""

    def ask(**headers: str) -> tuple[int, dict[str, Any] | None]:
        sent = {"content-type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        call = Call("POST", headers=sent, body=BODY)
        answer = handler.api(event_of(call), FunctionContext())
        return answer["statusCode"], data_of(answer["body"])

    with event_loop():
        yield ask


def data_of(body: str) -> dict[str, Any] | None:
    data: dict[str, Any] | None = json.loads(body).get("data")
    return data


class TestNothingConfigured:
    """A deployment whose operator has set nothing and made no key."""

    def test_refuses_everybody(self, ask: Ask) -> None:
        token = Issuer().token(roles=["ADMIN"])
        assert ask() == REFUSED
        assert ask(**bearer(token)) == REFUSED
        assert ask(**bearer(new_token(new_id()))) == REFUSED
        assert ask(x_api_key=new_token(new_id())) == REFUSED
        assert ask(authorization="Basic YWRtaW46YWRtaW4=") == REFUSED
        assert ask(host="localhost", x_forwarded_for="127.0.0.1") == REFUSED

    def test_lets_the_first_key_in(self, ask: Ask, keys: ApiKeys) -> None:
        created = keys.create(OPERATOR, CreateApiKey(name="first", role=Role.ADMIN))
        status, data = ask(**bearer(created.token))
        assert status == 200
        assert data
        assert data["viewer"]["subject"] == created.key.subject


class TestIssuerConfigured:
    """A deployment with OIDC_ISSUER and OIDC_AUDIENCE."""

    def test_lets_people_in(self, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
        with served(Issuer()) as issuer:
            monkeypatch.setenv("OIDC_ISSUER", issuer.url)
            monkeypatch.setenv("OIDC_AUDIENCE", AUDIENCE)
            monkeypatch.setenv("OIDC_ROLES_CLAIM", "realm_access.roles")
            token = issuer.token(realm_access={"roles": ["reader"]}, roles=["ADMIN"])
            viewer = {"subject": "user:ada", "roles": ["READER"]}
            assert ask(**bearer(token)) == (200, {"viewer": viewer})
            assert ask(**bearer(issuer.token(aud="other"))) == REFUSED
            assert ask() == REFUSED

    @pytest.mark.parametrize(
        "environment",
        [
            {"OIDC_ISSUER": "https://issuer.example"},
            {"OIDC_AUDIENCE": AUDIENCE},
            {"OIDC_ISSUER": "http://issuer.example", "OIDC_AUDIENCE": AUDIENCE},
            {"OIDC_ISSUER": "issuer.example", "OIDC_AUDIENCE": AUDIENCE},
        ],
    )
    def test_does_not_start_by_halves(
        self, ask: Ask, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
    ) -> None:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(Misconfigured, match=r"^OIDC_ISSUER "):
            ask()
