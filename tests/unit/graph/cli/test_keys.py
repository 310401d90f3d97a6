"""`ml-evaluator keys`: what is printed where, and what a person is told of a mistake."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from moto import mock_aws
from typer.testing import CliRunner

from graph.cli.app import app
from graph.cli.keys import KeyRole, list_keys
from graph.client.values.access import API_KEY_FIELDS
from models import timestamps
from models.access.commands import CreateApiKey
from models.access.keys import ApiKeys
from models.access.record import key_id_in
from models.ids import api_key_node_id
from models.principal import Principal, Role
from models.settings import Settings
from models.table import Table
from models.timestamps import shifted
from tests.api.stored import Stored

OPERATOR = Principal("operator", frozenset(Role), may_attribute=True)
HOSTILE = "\x1b]0;x\x07\u202eb\tc"
NO_KEY = api_key_node_id("00000000-0000-7000-8000-000000000000")


@pytest.fixture(scope="module", autouse=True)
def _table() -> Iterator[None]:
    with mock_aws():
        Table(Settings()).create()
        Stored().stop_stream()
        yield


@pytest.fixture(autouse=True)
def _empty(monkeypatch: pytest.MonkeyPatch) -> None:
    Stored().clear()
    for name in ("DYNAMODB_TABLE", "AWS_REGION", "OIDC_ISSUER", "OIDC_AUDIENCE"):
        monkeypatch.delenv(name, raising=False)


def keys(*arguments: str) -> tuple[int, str, str]:
    """Run the command, and return its exit code and what it wrote where."""
    result = CliRunner().invoke(app, ["keys", *arguments])
    return result.exit_code, result.stdout, result.stderr


def told(*arguments: str) -> str:
    """Return the one line that is told of a mistake, without a traceback."""
    code, out, err = keys(*arguments)
    assert (code, out, err.count("\n")) == (1, "", 1)
    return err.removesuffix("\n")


def mistaken(*arguments: str) -> str:
    """Return what is told of a command that makes no sense."""
    code, out, err = keys(*arguments)
    assert (code, out) == (2, "")
    return err


def created(*options: str) -> str:
    code, out, _ = keys("create", "--name=nightly", *options)
    assert code == 0
    return out.removesuffix("\n")


def lines() -> list[list[str]]:
    code, out, err = keys("list")
    assert (code, err) == (0, "")
    return [line.split("\t") for line in out.splitlines()]


class TestCreate:
    """keys create."""

    def test_knows_every_role(self) -> None:
        assert [role.name for role in KeyRole] == [role.value for role in Role]

    def test_writes_the_secret_alone_to_standard_output(self) -> None:
        code, out, err = keys("create", "--name=nightly")
        key_id = key_id_in(out.removesuffix("\n"))
        assert code == 0
        assert key_id
        assert out.strip() not in err
        assert api_key_node_id(key_id) in err

    @pytest.mark.parametrize("role", ["reader", "Writer", "ADMIN"])
    def test_takes_a_role_in_any_case(self, role: str) -> None:
        created(f"--role={role}")
        assert lines()[0][1] == role.upper()

    @pytest.mark.parametrize("role", ["king", "", "adm\u0131n "])
    def test_a_role_that_is_none_is_a_mistake(self, role: str) -> None:
        assert "'--role'" in mistaken("create", "--name=n", f"--role={role}")

    def test_makes_up_a_name(self) -> None:
        assert keys("create", "--role=Admin")[0] == 0
        assert lines()[0][2] == "admin key"

    def test_tells_of_a_name_that_is_none(self) -> None:
        assert told("create", "--name=") == "name must have 1 to 128 characters, not 0"
        assert told("create", "--name=a\x1b[31m").startswith("name ")

    def test_prints_json_under_the_apis_names(self) -> None:
        code, out, err = keys("create", "--name=nightly", "--role=reader", "--json")
        made = json.loads(out)
        assert (code, err, [*made]) == (0, "", ["apiKey", "secret"])
        assert made["apiKey"]["id"] == api_key_node_id(key_id_in(made["secret"]) or "")
        assert (made["apiKey"]["role"], made["apiKey"]["createdBy"]) == ("READER", "operator")

    @pytest.mark.parametrize("days", ["0", "-1", "3651", "x"])
    def test_refuses_other_times(self, days: str) -> None:
        code, out, _ = keys("create", "--name=n", f"--expires-in-days={days}")
        assert (code, out) == (2, "")


class TestList:
    """keys list."""

    def test_is_empty_where_there_is_none(self) -> None:
        assert lines() == []

    def test_tells_the_state_of_each(self) -> None:
        keys("revoke", api_key_node_id(key_id_in(created()) or ""))
        created("--expires-in-days=1")
        created()
        long_ago = timestamps.parse("2020-01-01T00:00:00Z")
        command = CreateApiKey(
            name="old", role=Role.READER, expires_at=shifted(long_ago, timedelta(days=1))
        )
        ApiKeys(Table(Settings()), lambda: long_ago).create(OPERATOR, command)
        states = [line[-1].partition(" 2")[0] for line in lines()]
        assert sorted(states) == ["expired", "revoked", "valid", "valid until"]

    def test_prints_json_under_the_apis_names(self) -> None:
        created("--expires-in-days=1")
        keys("revoke", lines()[0][0])
        code, out, err = keys("list", "--json")
        (found,) = json.loads(out)
        assert (code, err) == (0, "")
        assert [*found] == API_KEY_FIELDS.split()
        assert (found["name"], found["revokedBy"]) == ("nightly", "operator")
        assert found["revokedAt"] < found["expiresAt"]

    def test_has_nothing_that_a_terminal_would_obey(self, monkeypatch: pytest.MonkeyPatch) -> None:
        made = api_key_node_id(key_id_in(created()) or "")
        of_old = ApiKeys.page

        def page(self: ApiKeys, *arguments: Any) -> Any:  # noqa: ANN401
            found = of_old(self, *arguments)
            return replace(found, items=[replace(one, name=HOSTILE) for one in found.items])

        monkeypatch.setattr(ApiKeys, "page", page)
        ((key_id, _, name, *_),) = lines()
        assert (key_id, name) == (made, "\\x1b]0;x\\x07\\u202eb\\tc")
        assert HOSTILE not in keys("list", "--json")[1]

    def test_is_a_table_at_a_terminal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        created()
        monkeypatch.setenv("NO_COLOR", "1")
        shown = StringIO()
        monkeypatch.setattr(shown, "isatty", lambda: True)
        monkeypatch.setattr(sys, "stdout", shown)
        list_keys()
        head, row = shown.getvalue().splitlines()
        assert head.split() == ["KEY", "ROLE", "NAME", "CREATED", "STATE"]
        assert row.index("WRITER") == head.index("ROLE")

    def test_lists_more_than_a_page(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("models.limits.PAGE_MAX_ITEMS", 2)
        made = [api_key_node_id(key_id_in(created()) or "") for _ in range(5)]
        assert [line[0] for line in lines()] == made[::-1]


class TestRevoke:
    """keys revoke."""

    def test_says_when_also_the_second_time(self) -> None:
        key_id = api_key_node_id(key_id_in(created()) or "")
        first, again = keys("revoke", key_id), keys("revoke", key_id)
        assert first[0] == 0
        assert "\trevoked 2" in first[1]
        assert again == first
        assert json.loads(keys("revoke", key_id, "--json")[1])["revokedBy"] == "operator"

    @pytest.mark.parametrize("key_id", ["x", NO_KEY])
    def test_tells_of_an_unknown_key(self, key_id: str) -> None:
        assert told("revoke", key_id) == "there is no API key with this id"


@pytest.mark.parametrize("command", [["list"], ["create", "--name=n"], ["revoke", NO_KEY]])
class TestMistakes:
    """What each command tells of its surroundings."""

    def test_no_table(self, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
        monkeypatch.setenv("DYNAMODB_TABLE", "other")
        assert told(*command) == "There is no such table: set DYNAMODB_TABLE and AWS_REGION."

    def test_no_credentials(self, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        assert told(*command) == "DynamoDB cannot be used: Unable to locate credentials"

    def test_a_region_that_is_none(
        self, monkeypatch: pytest.MonkeyPatch, command: list[str]
    ) -> None:
        monkeypatch.setenv("AWS_REGION", "us east")
        assert told(*command).startswith("DynamoDB cannot be used: Provided region_name")

    @pytest.mark.parametrize("url", ["nonsense", "http://x:99999", "http://..", "http://-", "ä"])
    def test_an_endpoint_that_is_none(self, command: list[str], url: str) -> None:
        assert "'--endpoint-url'" in mistaken(*command, f"--endpoint-url={url}")

    def test_half_an_issuer(self, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
        monkeypatch.setenv("OIDC_AUDIENCE", "somebody")
        assert told(*command).startswith("OIDC_ISSUER and OIDC_AUDIENCE belong together")
