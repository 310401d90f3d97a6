"""docs/GRAPHIQL.md: somebody follows the page in a browser, and sees what it says."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

import graph.playground
from graph.auth import LOCAL
from graph.bootstrap import build_services
from graph.local.server import LocalServer
from models.access.commands import CreateApiKey
from models.principal import Role
from models.settings import AwsCredentials, Settings
from tests.e2e.browsing import Visit, chromium, graphiql_files, needs_chromium, needs_npm
from tests.unit.docs_masks import Masks

PAGE: Final = (Path(__file__).parents[2] / "docs" / "GRAPHIQL.md").read_text()
STEPS: Final = re.findall(
    r"```graphql\n(.*?)```\n\n(?:In Variables:\n\n```json\n(.*?)```\n\n)?```json\n(.*?)```",
    PAGE,
    re.DOTALL,
)
"""Each query with its variables and its answer."""
SOON_MS: Final = 30_000
MOMENT_MS: Final = 20

pytestmark = [needs_chromium, needs_npm]


def section(heading: str) -> str:
    """Return what stands under a heading."""
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def first_cells(text: str) -> list[str]:
    """Return the first column of the section's table."""
    return re.findall(r"^\| (.*?) \|", text, re.MULTILINE)[1:]


class Person:
    """Writes into the editors of GraphiQL and reads its answers."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.page: Page = visit.page

    def ask(self, query: str, variables: str = "") -> Any:  # noqa: ANN401  # JSON can be anything
        """Replace the query and its variables, press Ctrl-Enter, and return what is shown."""
        if variables:
            self.page.get_by_role("button", name="Variables").click()
            self.write(".graphiql-editor-tool .graphiql-editor:visible", variables)
        self.write(".graphiql-query-editor", query)
        (operation,) = re.findall(r"^(?:query|mutation) (\w+)", query)
        self.until(lambda: self.stored("operationName") == operation)
        with self.page.expect_response(
            lambda response: self.visit.answers(operation, response), timeout=SOON_MS
        ) as answer:
            self.page.keyboard.press("Control+Enter")
        told = answer.value.json()
        self.until(lambda: self.shown() == told)
        told.pop("extensions", None)  # a 401 has none
        return told

    def has_the_schema(self) -> bool:
        """Fetch it again."""
        with self.page.expect_response(
            lambda response: self.visit.answers("IntrospectionQuery", response)
        ) as schema:
            self.page.keyboard.press("Control+Shift+R")
        return schema.value.ok

    def write(self, editor: str, text: str) -> None:
        self.page.locator(f"{editor} textarea").first.focus()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def shown(self) -> Any:  # noqa: ANN401  # JSON can be anything
        """Read what stands at the right."""
        script = "document.querySelector('.result-window .CodeMirror').CodeMirror.getValue()"
        text = self.page.evaluate(script)
        return json.loads(text) if text else None

    def stored(self, name: str) -> str | None:
        """Read what GraphiQL keeps in the browser."""
        found: str | None = self.page.evaluate(f"localStorage.getItem('graphiql:{name}')")
        return found

    def until(self, is_so: Callable[[], bool]) -> None:
        for _ in range(SOON_MS // MOMENT_MS):
            if is_so():
                return
            self.page.wait_for_timeout(MOMENT_MS)
        pytest.fail("it never came to be so")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="class")
def demo() -> Iterator[str]:
    with LocalServer(settings=Settings(), demo=True, playground_dir=graphiql_files()) as server:
        yield server.url


@pytest.fixture(scope="class")
def guarded() -> Iterator[tuple[str, str]]:
    """Where a server answers that asks for credentials, and a key."""
    with LocalServer(settings=Settings(), auth=True, playground_dir=graphiql_files()) as server:
        embedded = Settings(endpoint_url=server.aws_url, credentials=AwsCredentials("test", "test"))
        command = CreateApiKey(name="graphiql", role=Role.READER)
        yield server.url, build_services(embedded).keys.create(LOCAL, command).token


def test_the_version_is_the_one_that_is_shipped() -> None:
    manifest = Path(graph.playground.__file__).with_name("package.json")
    assert f" {json.loads(manifest.read_bytes())['dependencies']['graphiql']}," in PAGE


class TestDemo:
    """`ml-evaluator serve --demo`."""

    @pytest.fixture
    def person(self, browser: Browser, demo: str) -> Iterator[Person]:
        visit = Visit(browser.new_page(viewport={"width": 1280, "height": 1000}), demo)
        visit.open()
        yield Person(visit)
        visit.close()

    def test_every_query_is_answered_as_the_page_says(self, person: Person) -> None:
        assert len(STEPS) == PAGE.count("```graphql\n")
        page, run = Masks(), Masks()
        for query, variables, said in STEPS:
            page_said = page.masked(json.dumps(json.loads(said)))
            answer = person.ask(query, page.translated(variables, run))
            assert run.masked(json.dumps(answer)) == page_said
        again = next(step for step in STEPS if "NoteRisks" in step[0])
        told = person.ask(again[0], page.translated(again[1], run))
        assert told["data"]["updateModel"]["userErrors"][0]["code"] == "VERSION_CONFLICT"
        person.page.get_by_role("button", name="Show History").click()
        expect(person.page.locator(".graphiql-history")).to_contain_text("ThenAndNow")

    def test_the_parts_of_the_page_are_there(self, person: Person) -> None:
        parts = first_cells(section("The parts of the page"))
        for part in parts:
            expect(person.page.get_by_role("button", name=part)).to_be_visible()
        person.page.get_by_role("button", name=parts[0]).click()
        search = person.page.get_by_role("combobox")
        person.page.keyboard.press("Control+k")
        expect(search).not_to_be_focused()
        person.page.keyboard.press("Meta+k")
        expect(search).to_be_focused()
        person.page.keyboard.type("evaluateModel")
        expect(person.page.get_by_role("listbox")).to_contain_text("Mutation.evaluateModel")

    def test_fields_are_completed(self, person: Person) -> None:
        person.write(".graphiql-query-editor", "{ vie")
        person.page.keyboard.press("Control+Space")
        editor = person.page.locator(".graphiql-query-editor .CodeMirror-code")
        expect(editor).to_contain_text("{ viewer")

    def test_the_shortcuts_are_those_of_its_own_list(self, person: Person) -> None:
        person.page.get_by_role("button", name="Open short keys dialog").click()
        rows = person.page.get_by_role("dialog").locator("tbody tr").all()
        listed = [" | ".join(row.locator("td").all_inner_texts()) for row in rows]
        table = section("Shortcuts").splitlines()
        assert [line.strip("| ") for line in table if line.startswith("| Ctrl")] == listed

    def test_a_comment_and_a_line_are_a_key_away(self, person: Person) -> None:
        editor = ".graphiql-query-editor"
        person.write(editor, "{ viewer }")
        person.page.keyboard.press("Control+/")
        expect(person.page.locator(f"{editor} .CodeMirror-code")).to_contain_text("# { viewer }")

    def test_settings_forget_what_is_kept(self, person: Person) -> None:
        person.ask("query Who { viewer { subject } }")
        assert "Who" in (person.stored("queries") or "")
        person.page.get_by_role("button", name="Open settings dialog").click()
        person.page.get_by_role("button", name="Clear data").click()
        assert person.stored("queries") is None

    def test_a_url_answers_a_query(self, person: Person) -> None:
        (path,) = re.findall(r"`(/graphql\?query=\S+)`", PAGE)
        response = person.page.goto(person.visit.url + path)
        assert response is not None
        assert response.json()["data"] == {"viewer": {"subject": "local"}}


class TestCredentials:
    """`ml-evaluator serve --auth`."""

    @pytest.mark.parametrize("header", re.findall(r'`({".*?": ".*?"})`', section("Credentials")))
    def test_are_written_into_headers(
        self, browser: Browser, guarded: tuple[str, str], header: str
    ) -> None:
        url, key = guarded
        visit = Visit(browser.new_page(viewport={"width": 1280, "height": 1000}), url)
        visit.open()
        person = Person(visit)
        who = STEPS[0][0]
        (refused,) = re.findall(r"```json\n(.*?)```", section("Credentials"), re.DOTALL)
        assert person.ask(who) == json.loads(refused)
        person.page.get_by_role("button", name="Headers").click()
        tool = ".graphiql-editor-tool .graphiql-editor:visible"
        person.write(tool, header.replace("mle_…", key))
        person.until(person.has_the_schema)
        assert person.ask(who)["data"]["viewer"]["roles"] == ["READER"]
        visit.open()
        assert person.ask(who) == json.loads(refused)
        person.page.close()
