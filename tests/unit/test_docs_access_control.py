"""docs/ACCESS.md: its tables, and what it says of tokens, web pages and switches."""

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.testclient import TestClient
from strawberry.types import get_object_definition

import graph.auth.issuer
import graph.auth.tokens
import models.access.keyring
from graph.app import create_app
from graph.auth import local_admin
from graph.auth.issuer import IssuerKeys
from graph.auth.tokens import ALGORITHMS, TokenVerifier
from graph.authorization import Requires
from graph.bootstrap import build_services
from graph.mutations import Mutation
from graph.queries import Query
from graph.security_headers import HEADERS
from models.limits import API_KEY_NAME_MAX_CHARACTERS
from models.principal import Role
from models.settings import AwsCredentials, Settings
from tests.unit.docs_bench import table_rows

PAGE: Final = (Path(__file__).parents[2] / "docs" / "ACCESS.md").read_text()


def section(heading: str) -> str:
    """Return what stands under a heading, up to the next one of its level or above."""
    after = PAGE.partition(f"\n{heading}\n")[2]
    assert after, heading
    level = len(heading.partition(" ")[0])
    return re.split(rf"^#{{1,{level}}} ", after, maxsplit=1, flags=re.MULTILINE)[0]


class TestRoles:
    @pytest.mark.parametrize("root", [Query, Mutation], ids=lambda root: root.__name__)
    def test_every_root_field_is_there_with_its_role(self, root: type) -> None:
        told = {name: row[0].split()[0].rstrip(";") for name, row in self._rows().items()}
        required = required_roles(root)
        assert {name: told[name] for name in required} == required

    def test_nothing_else_is_there(self) -> None:
        assert {*self._rows()} == {*required_roles(Query), *required_roles(Mutation)}

    def _rows(self) -> dict[str, list[str]]:
        return table_rows(section("## Roles").partition("\n### ")[0])


def required_roles(root: type) -> dict[str, str]:
    """Return what each root field of a type takes, by its name in the schema."""
    definition = get_object_definition(root, strict=True)
    required = {}
    for field in definition.fields:
        (requires,) = (one for one in field.extensions if isinstance(one, Requires))
        words = field.python_name.split("_")
        name = words[0] + "".join(word.title() for word in words[1:])
        required[name] = str(requires.role or "anybody")
    return required


class AskedFor(dict[str, str]):
    """An environment that knows what was looked up in it."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401  # dict's signature
        self.names.add(name)
        return default


class TestSettings:
    def test_every_setting_is_there(self) -> None:
        environment = AskedFor()
        Settings.from_env(environment)
        assert {*table_rows(section("## Settings"))} == environment.names

    def test_every_default_is_right(self) -> None:
        rows, defaults = table_rows(section("## Settings")), Settings()
        attributes = dict(
            re.findall(r"^ +(\w+): [^:]*?\(`([A-Z0-9_]+)`", Settings.__doc__ or "", re.MULTILINE)
        )
        assert {*attributes} == {one.name for one in fields(Settings)} - {"credentials"}
        for attribute, name in attributes.items():
            default = getattr(defaults, attribute)
            nothing = default is None or default == ()
            said = "none" if nothing else "`on`" if default is True else f"`{default}`"
            assert rows[name][0] == said

    @pytest.mark.parametrize("name", ["GRAPHQL_INTROSPECTION", "GRAPHQL_GET", "GRAPHQL_PLAYGROUND"])
    def test_a_switch_takes_the_words_that_are_named(self, name: str) -> None:
        words = re.findall(
            r"`(\w+)`", table_rows(section("## Settings"))["GRAPHQL_INTROSPECTION"][1]
        )
        settings = [Settings.from_env({name: word}) for word in words]
        assert settings == [Settings()] * 4 + [settings[-1]] * 4
        assert settings[-1] != Settings()
        assert name in table_rows(section("## Introspection, GET and GraphiQL"))


class TestFigures:
    def test_every_time_is_there(self) -> None:
        constants = {
            name: f"{value:,.0f}"
            for module in (graph.auth.issuer, graph.auth.tokens, models.access.keyring)
            for name, value in vars(module).items()
            if name.isupper() and name.endswith("_SECONDS")
        }
        rows = table_rows(section("### The issuer's keys"))
        assert {name: row[0] for name, row in rows.items()} == constants

    def test_the_promise_of_60_seconds_leaves_room(self) -> None:
        assert "We promise 60 seconds" in PAGE
        assert models.access.keyring.CACHE_SECONDS < 60

    def test_the_algorithms_are_those_of_the_code(self) -> None:
        row = table_rows(section("## Tokens of an issuer"))["alg"][0]
        assert tuple(re.findall(r"`([A-Z]\w+)`", row)) == ALGORITHMS

    def test_the_security_headers_are_those_of_the_code(self) -> None:
        rows = table_rows(section("## Web pages"))
        assert {name: row[0].strip("`") for name, row in rows.items()} == HEADERS

    def test_the_longest_name_is_that_of_the_code(self) -> None:
        assert f"1 to {API_KEY_NAME_MAX_CHARACTERS} characters" in PAGE


class TestRolesClaim:
    """What the page says of the claim with the roles."""

    @pytest.mark.parametrize(
        ("name", "claims", "roles"),
        [
            ("roles", {"roles": ["READER"]}, {Role.READER}),
            ("roles", {"roles": "openid writer"}, {Role.READER, Role.WRITER}),
            ("roles", {"roles": ["Admin", "auditor"]}, {*Role}),
            ("realm_access.roles", {"realm_access": {"roles": ["reader"]}}, {Role.READER}),
            ("https://x.example/roles", {"https://x.example/roles": ["READER"]}, {Role.READER}),
            ("roles", {"roles": ["owner"]}, set()),
            ("roles", {}, set()),
        ],
    )
    def test_gives_these_roles(self, name: str, claims: dict[str, Any], roles: set[Role]) -> None:
        issuer = "https://issuer.example"
        verifier = TokenVerifier(IssuerKeys(issuer), issuer, "audience", name)
        assert verifier._roles(claims) == roles


ALLOWED_HEADERS: Final = "authorization, content-type, x-api-key, x-request-id"


class TestWebPages:
    """CORS, as the page tells it, and the switches."""

    @pytest.fixture
    def client(self) -> TestClient:
        return client_of(
            {
                "CORS_ORIGINS": "https://app.example https://other.example",
                "GRAPHQL_GET": "off",
                "GRAPHQL_INTROSPECTION": "off",
            }
        )

    def test_a_page_of_a_named_origin_may_ask(self, client: TestClient) -> None:
        asked = {
            "Origin": "https://other.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": ALLOWED_HEADERS,
        }
        preflight = client.options("/graphql", headers=asked)
        headers = preflight.headers
        assert preflight.status_code == 200
        assert headers["access-control-allow-origin"] == "https://other.example"
        assert headers["access-control-allow-methods"] == "DELETE, GET, POST, PUT"
        assert f"{int(headers['access-control-max-age']):,} seconds" in section("## Web pages")
        answer = client.post("/graphql", headers=asked).headers
        assert answer["access-control-expose-headers"] == "x-request-id"
        assert "access-control-allow-credentials" not in answer

    def test_another_may_not(self, client: TestClient) -> None:
        asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
        refused = client.options("/graphql", headers=asked)
        assert refused.status_code == 400
        assert refused.headers["content-type"] == "text/plain; charset=utf-8"
        assert "access-control-allow-origin" not in refused.headers
        assert "access-control-allow-origin" not in client.post("/graphql", headers=asked).headers

    def test_a_get_that_is_switched_off_is_refused(self, client: TestClient) -> None:
        refused = client.get("/graphql", params={"query": "{ __typename }"})
        assert (refused.status_code, refused.headers["allow"]) == (405, "POST")

    def test_introspection_that_is_switched_off_is_refused(self, client: TestClient) -> None:
        for query in ("{ __schema { types { name } } }", '{ __type(name: "Model") { name } }'):
            errors = client.post("/graphql", json={"query": query}).json()["errors"]
            codes = {error["extensions"]["code"] for error in errors}
            assert codes == {"GRAPHQL_VALIDATION_FAILED"}
        answer = client.post("/graphql", json={"query": "{ __typename }"}).json()
        assert answer["data"] == {"__typename": "Query"}


def client_of(environment: Mapping[str, str]) -> TestClient:
    """Return a client of an application with these settings, who may do everything."""
    settings = replace(Settings.from_env(environment), credentials=AwsCredentials("test", "test"))
    services = build_services(settings)
    app = create_app(services, authenticate=local_admin, settings=settings, in_threads=False)
    return TestClient(app)
