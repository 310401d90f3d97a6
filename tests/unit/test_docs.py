"""The documentation says what the code does: its figures, names, examples and links."""

import importlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from moto import mock_aws
from starlette.testclient import TestClient

import graph.limits
import models.artifacts.completion
import models.artifacts.parts
import models.artifacts.validation
import models.entities
import models.limits
import models.registry.service
import models.storage.bucket
import models.storage.links
from graph.app import create_app
from graph.auth import local_admin
from graph.bootstrap import build_services
from graph.errors import ErrorCode
from graph.services import Services
from models.entities.artifact import artifact_key
from models.entities.change import change_key
from models.entities.indexes import LISTED
from models.entities.item import Item
from models.entities.model import model_key
from models.entities.upload import upload_key
from models.errors import UserErrorCode
from models.settings import AwsCredentials, Settings
from models.timestamps import Timestamp, parse

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"
PAGES: Final = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
DECISIONS: Final = sorted((DOCS / "decisions").glob("*.md"))

API: Final = (DOCS / "API.md").read_text()
DATA_MODEL: Final = (DOCS / "DATA_MODEL.md").read_text()

EXAMPLES: Final = re.findall(r"```graphql\n(.*?)```\n\n```json\n(.*?)```", API, re.DOTALL)
"""Each request of API.md with its answer."""


class Clock:
    """Tells the time that the examples tell."""

    def __init__(self) -> None:
        self.minutes = 0

    def __call__(self) -> Timestamp:
        """Return the instant; it stays until the next example."""
        return parse(f"2026-11-23T09:{self.minutes:02}:00Z")


@contextmanager
def services_on_moto(clock: Clock) -> Iterator[Services]:
    with mock_aws():
        services = build_services(Settings(credentials=AwsCredentials("test", "test")), clock)
        services.table.create()
        yield services


def slug(heading: str) -> str:
    """Return a heading's anchor, as GitHub makes it."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


def anchors(page: Path) -> set[str]:
    return {slug(heading) for heading in re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)}


def table_rows(page: str) -> dict[str, list[str]]:
    """Return the tables' rows by the code that begins each."""
    found = re.findall(r"^\| `([^`]+)` \| (.*) \|$", page, re.MULTILINE)
    return {name: rest.split(" | ") for name, rest in found}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
class TestEveryPage:
    """What holds for all of them."""

    def test_no_link_is_dead(self, page: Path) -> None:
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
            if "://" in target:
                continue
            path, _, anchor = target.partition("#")
            linked = page.parent / path if path else page
            assert linked.exists(), target
            assert not anchor or anchor in anchors(linked), target

    def test_nothing_of_the_workshop_is_told(self, page: Path) -> None:
        told = re.findall(r"/work\b|/root\b|pythonhosted|(?:pypi|npmjs)\.\w+", page.read_text())
        assert told == []


class TestIndex:
    """docs/README.md."""

    def test_names_every_page(self) -> None:
        index = (DOCS / "README.md").read_text()
        for page in DOCS.rglob("*.md"):
            assert page.name == "README.md" or f"({page.relative_to(DOCS)})" in index

    @pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
    def test_a_decision_has_its_number_and_its_parts(self, page: Path) -> None:
        lines = page.read_text().splitlines()
        number = DECISIONS.index(page) + 1
        assert page.name.startswith(f"{number:04}-")
        assert lines[0].startswith(f"# {number}. ")
        assert [line for line in lines if line.startswith("## ")] == [
            "## Context",
            "## Decision",
            "## Consequences",
        ]
        assert len(lines) < 40


class TestLimits:
    """The tables of constants in API.md."""

    @pytest.mark.parametrize("module", [models.limits, graph.limits], ids=lambda m: m.__name__)
    def test_every_constant_is_there(self, module: object) -> None:
        constants = {
            name: f"{value:,}"
            for name, value in vars(module).items()
            if name.isupper() and not name.startswith("_") and isinstance(value, int)
        }
        assert constants
        assert {name: table_rows(API)[name][0] for name in constants} == constants

    def test_those_of_other_files_are_right(self) -> None:
        dotted = {name: row[0] for name, row in table_rows(API).items() if name.count(".") > 1}
        assert dotted
        for name, value in dotted.items():
            module, _, constant = name.rpartition(".")
            assert f"{getattr(importlib.import_module(module), constant):,}" == value

    @pytest.mark.parametrize(
        "module",
        [
            models.artifacts.completion,
            models.artifacts.parts,
            models.artifacts.validation,
            models.storage.bucket,
            models.storage.links,
        ],
        ids=lambda m: m.__name__,
    )
    def test_every_constant_of_files_is_there(self, module: object) -> None:
        names = {
            name
            for name, value in vars(module).items()
            if name.isupper() and not name.startswith("_") and isinstance(value, int)
        }
        told = {name.rpartition(".")[2] for name in table_rows(API)}
        assert names - {"MIB", "GIB"} <= told

    def test_those_of_files_have_the_names_that_their_own_page_gives(self) -> None:
        section = (DOCS / "ARTIFACTS.md").read_text().partition("## Limits")[2]
        names = set(re.findall(r"`([A-Z]+_[A-Z_]+)`", section.partition("\n## ")[0]))
        assert names
        assert names <= {name.rpartition(".")[2] for name in table_rows(API)}


@pytest.mark.parametrize("code", [*UserErrorCode, *ErrorCode])
def test_every_error_code_is_explained(code: str) -> None:
    section = API.partition("## Errors")[2].partition("## Limits")[0]
    assert f"`{code}`" in section


@pytest.fixture(scope="module")
def answers() -> list[dict[str, Any]]:
    """What the requests of API.md are answered, one after the other, on a table of their own."""
    clock = Clock()
    ids = (f"01a208e0-8d43-7394-83c0-437ffe0079{number:02x}" for number in range(1, 100))
    found = []
    with pytest.MonkeyPatch.context() as patch, services_on_moto(clock) as services:
        patch.setattr(models.registry.service, "new_id", lambda: next(ids))
        with TestClient(create_app(services, authenticate=local_admin)) as client:
            for minute, (query, _) in enumerate(EXAMPLES, 1):
                clock.minutes = minute
                found.append(client.post("/graphql", json={"query": query}).json())
    return found


def without_digests(text: str) -> Any:  # noqa: ANN401  # JSON can be anything
    """Read JSON in which digests are told apart, but are not those of this very version."""
    names: dict[str, str] = {}
    return json.loads(
        re.sub(
            "[0-9a-f]{64}",
            lambda match: names.setdefault(match.group(), f"digest {len(names)}"),
            text,
        )
    )


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_a_request_is_answered_as_the_page_says(number: int, answers: list[dict[str, Any]]) -> None:
    said, answer = json.loads(EXAMPLES[number][1]), answers[number]
    cost = answer.pop("extensions")["cost"]
    if told := said.pop("extensions", None):
        assert told["cost"]["complexity"] == cost["complexity"]
        assert told["cost"]["dynamodb"]["requests"] == cost["dynamodb"]["requests"]
    assert without_digests(json.dumps(answer)) == without_digests(json.dumps(said))


class TestDataModel:
    """The tables of DATA_MODEL.md."""

    @pytest.mark.parametrize(
        "entity",
        [getattr(models.entities, name) for name in models.entities.__all__],
        ids=lambda entity: entity.__name__,
    )
    def test_every_entity_is_there(self, entity: type[Item]) -> None:
        assert entity.kind.get_discriminator(entity) in table_rows(DATA_MODEL)

    def test_keys_are_those_of_the_code(self) -> None:
        rows = table_rows(DATA_MODEL)
        assert [f"`{part}`" for part in model_key("<model id>")] == rows["Model"][:2]
        key = change_key("<model id>", "<timestamp>")
        assert [f"`{part}`" for part in key] == rows["ChangeEntry"][:2]
        upload = upload_key("<model id>", "<artifact id>")
        assert [f"`{part}`" for part in upload] == rows["Upload"][:2]
        newest, older = (artifact_key("<model id>", f"{digit:032x}") for digit in (1, 0))
        assert newest < older
        assert newest.sk.startswith(rows["Artifact"][1].strip("`").partition("<")[0])

    @pytest.mark.parametrize("name", Item._indexes)
    def test_every_index_is_there(self, name: str) -> None:
        schema = Item._indexes[name]._get_schema()
        keys = {key["KeyType"]: key["AttributeName"] for key in schema["key_schema"]}
        partition, sort = table_rows(DATA_MODEL)[name][:2]
        assert f"`{keys['HASH']}`" in partition
        assert f"`{keys['RANGE']}`" in sort

    def test_projections_are_those_of_the_code(self) -> None:
        projections = [index.Meta.projection for index in Item._indexes.values()]
        projected = [list(projection.non_key_attributes) for projection in projections]
        paragraph = " ".join(DATA_MODEL.partition("Each projects")[2].partition("\n\n")[0].split())
        assert {*re.findall("`(\\w+)`", paragraph)} - {"by_source", "by_license"} == {
            name for names in projected for name in names
        }
        assert all(f"`{name}`" in paragraph for name in LISTED)
        assert f"That is {sum(map(len, projected))} of" in paragraph
