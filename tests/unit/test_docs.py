"""The documentation says what the code does: its figures, names, examples and links."""

import importlib
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest

import graph.app
import graph.errors
import graph.limits
import graph.response
import graph.schema
import models.access.keyring
import models.artifacts.completion
import models.artifacts.parts
import models.artifacts.validation
import models.belongings
import models.evaluation.batch
import models.evaluation.registration
import models.evaluation.upstream.github
import models.evaluation.upstream.http
import models.evaluation.upstream.hub
import models.evaluation.upstream.reading
import models.evaluation.validation
import models.limits
import models.storage.bucket
import models.storage.links
from graph.errors import ErrorCode
from graph.measure import CONNECTIONS, FIXED_COMPLEXITY
from models.errors import UserErrorCode
from models.license.decision import Verdict
from tests.unit.docs_bench import answers_to, table_rows

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"
PAGES: Final = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
DECISIONS: Final = sorted((DOCS / "decisions").glob("*.md"))

API: Final = (DOCS / "API.md").read_text()

EXAMPLES: Final = re.findall(r"```graphql\n(.*?)```\n\n```json\n(.*?)```", API, re.DOTALL)
"""Each request of API.md with its answer."""


def slug(heading: str) -> str:
    """Return a heading's anchor, as GitHub makes it."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


def anchors(page: Path) -> set[str]:
    return {slug(heading) for heading in re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)}


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
            graph.app,
            graph.errors,
            graph.response,
            graph.schema,
            models.access.keyring,
            models.artifacts.completion,
            models.artifacts.parts,
            models.artifacts.validation,
            models.belongings,
            models.evaluation.batch,
            models.evaluation.registration,
            models.evaluation.upstream.github,
            models.evaluation.upstream.http,
            models.evaluation.upstream.hub,
            models.evaluation.upstream.reading,
            models.evaluation.validation,
            models.storage.bucket,
            models.storage.links,
        ],
        ids=lambda m: m.__name__,
    )
    def test_every_constant_of_other_files_is_there(self, module: ModuleType) -> None:
        names = {
            name
            for name, value in vars(module).items()
            if name.isupper() and not name.startswith("_") and isinstance(value, int)
        }
        assert names
        assert {f"{module.__name__}.{name}" for name in names - {"MIB", "GIB"}} <= {
            *table_rows(API)
        }

    def test_those_of_files_have_the_names_that_their_own_page_gives(self) -> None:
        section = (DOCS / "ARTIFACTS.md").read_text().partition("## Limits")[2]
        names = set(re.findall(r"`([A-Z]+_[A-Z_]+)`", section.partition("\n## ")[0]))
        assert names
        assert names <= {name.rpartition(".")[2] for name in table_rows(API)}


class TestComplexity:
    """The table of API.md's section on cost."""

    SECTION: Final = API.partition("**complexity**")[2].partition("**dynamodb")[0]
    ROWS: Final = re.findall(r"^\| (`.*) \| (.*) \|$", SECTION, re.MULTILINE)

    def test_names_every_connection(self) -> None:
        (named,) = (names for names, counts in self.ROWS if "page size" in counts)
        assert {*re.findall(r"`(\w+)`", named)} == CONNECTIONS

    @pytest.mark.parametrize("field", FIXED_COMPLEXITY)
    def test_says_what_a_field_counts(self, field: str) -> None:
        (counts,) = (counts for names, counts in self.ROWS if f"`{field}`" in names)
        assert re.findall(r"\d+(?:,\d+)*", counts)[0] == f"{FIXED_COMPLEXITY[field]:,}"


def test_every_verdict_is_explained() -> None:
    section = API.partition("\n## Licenses\n")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == [*Verdict]


@pytest.mark.parametrize("code", [*UserErrorCode, *ErrorCode])
def test_every_error_code_is_explained(code: str) -> None:
    section = API.partition("## Errors")[2].partition("## Limits")[0]
    assert f"`{code}`" in section


@pytest.fixture(scope="module")
def answers() -> list[dict[str, Any]]:
    """What the requests of API.md are answered, one after the other, on a table of their own."""
    return list(answers_to(query for query, _ in EXAMPLES))


def without_digests(text: str) -> Any:  # noqa: ANN401  # JSON can be anything
    """Read JSON in which digests are told apart, but are not those of this very version.

    The license policy's digest, in an evaluator's version, is one of them.
    """
    names: dict[str, str] = {}
    return json.loads(
        re.sub(
            "[0-9a-f]{64}|(?<=policy[.])[0-9a-f]{12}",
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
