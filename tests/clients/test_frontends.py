"""docs/FRONTENDS.md: its program does what the page says, against a server that asks for tokens."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from graphql import GraphQLInterfaceType, build_schema

from graph.auth import LOCAL
from graph.bootstrap import build_services
from graph.errors import ErrorCode
from graph.local.server import LocalServer
from models.access.commands import CreateApiKey
from models.errors import Throttled
from models.principal import Role
from models.registry.reader import Reader
from models.settings import AwsCredentials, Settings
from tests.clients.conftest import Guarded
from tests.clients.guide import PAGE, SCHEMA, SOURCES, build
from tests.clients.node import ROOT, SCRIPTS, run

LUMEN_SCORE: Final = 0.4944

Scene = Callable[..., Any]


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page's program, built: that its types are right is found here."""
    return build(tmp_path_factory.mktemp("frontend"))


@pytest.fixture(scope="module")
def guarded() -> Iterator[Guarded]:
    """As for the other clients, and with a Hub."""
    with LocalServer(settings=Settings(), auth=True, demo=True) as server:
        embedded = Settings(endpoint_url=server.aws_url, credentials=AwsCredentials("test", "test"))
        command = CreateApiKey(name="frontend", role=Role.WRITER)
        key = build_services(embedded).keys.create(LOCAL, command).token
        yield Guarded(f"{server.url}/graphql", key)


@pytest.fixture
def play(modules: Path, guarded: Guarded) -> Scene:
    """Play a scene of frontends.mjs, and return what it tells."""

    def told(scene: str, *arguments: str) -> Any:  # noqa: ANN401  # JSON can be anything
        script = SCRIPTS / "frontends.mjs"
        ended = run(script, modules, guarded.url, guarded.key, scene, *arguments)
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)

    return told


class TestToken:
    """src/token.ts and src/viewer.ts."""

    def test_is_renewed_once_for_all_that_found_it_expired(self, play: Scene) -> None:
        assert play("renewed") == {"mayChange": [True, True, True], "left": 0}

    def test_that_is_refused_again_is_told(self, play: Scene) -> None:
        assert play("signedOut") == {"code": "UNAUTHENTICATED", "signIns": 2, "named": True}


class TestList:
    """src/models.ts."""

    def test_is_walked_to_its_end(self, play: Scene) -> None:
        names = [f"list-{number}" for number in range(5)]
        assert play("list") == {
            "pages": [names[:2], names[2:4], names[4:]],
            "code": "BAD_USER_INPUT",
            "renamed": ["renamed", *names[1:]],
            "verdict": "ALLOWED",
        }


class TestCache:
    """src/cache.ts."""

    def test_keeps_versions_apart(self, play: Scene) -> None:
        assert play("cache") == {
            "licenses": ["apache-2.0", "mit"],
            "keys": ["Model:UUID", "Model:UUID@1"],
        }

    def test_knows_every_type_with_an_id(self) -> None:
        schema = build_schema(SCHEMA.read_text())
        node = schema.type_map["Node"]
        assert isinstance(node, GraphQLInterfaceType)
        types = sorted(one.name for one in schema.get_possible_types(node))
        assert f"Node: {json.dumps(types)}" in SOURCES["src/cache.ts"]


class TestForm:
    """src/problems.ts and src/register.ts."""

    def test_has_faults_beside_its_fields_and_makes_one_model(self, play: Scene) -> None:
        assert play("form") == {
            "refused": [
                ["name", ["name must have 1 to 256 characters, not 0"]],
                ["source", ["source must not begin or end with white space"]],
            ],
            "same": True,
            "other": [
                ["", ["this idempotency key was used before with another input: use a new key"]]
            ],
        }


class TestEdit:
    """src/edit.ts."""

    def test_shows_what_others_did(self, play: Scene) -> None:
        license_ = {"field": "license", "before": "mit", "after": "apache-2.0"}
        assert play("edit") == {
            "conflict": ["conflict", [], [[2, [license_]]]],
            "saved": ["saved", "mine", "apache-2.0", 3],
            "late": ["conflict", ["name"], 2],
            "refused": ["refused", [["name", ["name must have 1 to 256 characters, not 0"]]]],
        }


class TestEvaluation:
    """src/evaluate.ts."""

    def test_is_followed_until_it_ends(self, play: Scene) -> None:
        succeeded, failed, refused = play("evaluate")
        assert succeeded["status"] == "SUCCEEDED"
        assert succeeded["netScore"] == LUMEN_SCORE
        assert failed["status"] == "FAILED"
        assert failed["failure"] == "UPSTREAM_NOT_FOUND"
        assert refused == {"problems": ["url"]}

    def test_is_left_when_the_page_is(self, play: Scene) -> None:
        told = play("aborted")
        assert told["error"] == "AbortError"
        assert len(told["told"]) == 1


class TestFailures:
    """src/api.ts."""

    TRIES: Final = 5

    def fail(self, monkeypatch: pytest.MonkeyPatch, error: Exception, times: int) -> None:
        """Have the next reads of a model's changes fail."""
        working = Reader.model_with_changes
        errors = [error] * times

        def fail_at_first(reader: Reader, model_id: str, count: int) -> object:
            if errors:
                raise errors.pop()
            return working(reader, model_id, count)

        monkeypatch.setattr(Reader, "model_with_changes", fail_at_first)

    def test_are_tried_again_where_the_table_is_throttled(
        self, play: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.fail(monkeypatch, Throttled("too much"), 2)
        assert play("faulty", "nobody") == {"code": None, "pauses": 2, "quoted": None}

    def test_are_told_in_the_end(self, play: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        self.fail(monkeypatch, Throttled("too much"), self.TRIES)
        told = play("faulty", "nobody")
        assert told == {"code": "THROTTLED", "pauses": self.TRIES - 1, "quoted": True}

    def test_of_ours_have_a_request_id(self, play: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        self.fail(monkeypatch, RuntimeError("secret"), 1)
        told = play("faulty", "nobody")
        assert told == {"code": "INTERNAL_SERVER_ERROR", "pauses": 0, "quoted": True}

    @pytest.mark.parametrize("url", ["http://127.0.0.1:9", "data:text/html,<h1>Bad Gateway</h1>"])
    def test_of_the_network_are_tried_again(self, play: Scene, url: str) -> None:
        told = play("unreachable", url)
        assert told == {"code": "UNREACHABLE", "requestId": None, "pauses": self.TRIES - 1}


class TestPage:
    """What the page says besides."""

    def test_every_code_of_a_request_is_explained(self) -> None:
        table = PAGE.partition("What gets out of it:")[2].partition("\n## ")[0]
        codes = {
            code
            for cell in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
            for code in re.findall(r"`(\w+)`", cell)
        }
        assert codes == {*ErrorCode, "UNREACHABLE"}

    def test_every_package_is_one_that_the_tests_use(self) -> None:
        commands = re.findall(r"^npm install (.*)$", PAGE, re.MULTILINE)
        packages = {
            word for command in commands for word in command.split() if not word.startswith("--")
        }
        pinned = json.loads((ROOT / "package.json").read_bytes())["devDependencies"]
        assert packages
        assert packages <= {*pinned}

    def test_every_block_of_code_is_part_of_the_program(self) -> None:
        languages = re.findall(r"^```(\w+)$", PAGE, re.MULTILINE)
        assert languages.count("ts") == len(SOURCES)
        assert {*languages} == {"ts", "html", "json", "sh"}
