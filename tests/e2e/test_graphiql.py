"""GraphiQL in a real browser, on the real local server: it works, strictly, and from here alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from graph.local.server import LocalServer
from tests.e2e.browsing import Visit, chromium, graphiql_files, needs_chromium, needs_npm

pytestmark = [needs_chromium, needs_npm]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    files, state_dir = graphiql_files(), tmp_path_factory.mktemp("state")
    with LocalServer(port=0, state_dir=state_dir, playground_dir=files) as server:
        yield server.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser, url: str) -> Iterator[Visit]:
    visit = Visit(browser.new_page(viewport={"width": 1280, "height": 1000}), url)
    visit.open()
    yield visit
    visit.close()


class TestOpeningDocument:
    """The operations that GraphiQL opens with work as they stand."""

    def test_registers_a_model_and_lists_it(self, visit: Visit) -> None:
        response = visit.page.get_by_label("Result Window")
        created = visit.run("RegisterModel").json()["data"]["createModel"]
        assert created["userErrors"] == []
        expect(response).to_contain_text(created["changeEntry"]["hash"])
        listed = visit.run("ListModels").json()["data"]["models"]["nodes"]
        assert listed[0]["id"] == created["model"]["id"]
        assert listed[0]["changeHistory"]["nodes"][0]["action"] == "CREATE"
        expect(response).to_contain_text("changeHistory")
        expect(response).to_contain_text(created["model"]["id"])


class TestHeaders:
    """The editor of headers is how a credential gets in."""

    def test_are_sent(self, visit: Visit) -> None:
        visit.page.get_by_role("button", name="Headers").click()
        visit.page.locator(".graphiql-editor-tool .graphiql-editor:visible textarea").first.focus()
        visit.page.keyboard.insert_text('{"X-Note": "from the editor"}')
        assert visit.run("ListModels").request.headers["x-note"] == "from the editor"


class TestPolicy:
    """Every part of GraphiQL that inserts styles works under the policy."""

    def test_panels(self, visit: Visit) -> None:
        visit.page.get_by_role("button", name="Show Documentation Explorer").click()
        expect(visit.page.get_by_text("Root Types")).to_be_visible()
        visit.page.get_by_role("button", name="Show GraphiQL Explorer").click()
        expect(visit.page.locator(".graphiql-explorer-root")).to_be_visible()

    def test_dialogs(self, visit: Visit) -> None:
        for button in ("Open settings dialog", "Open short keys dialog"):
            visit.page.get_by_role("button", name=button).click()
            expect(visit.page.get_by_role("dialog")).to_be_visible()
            visit.page.keyboard.press("Escape")
            expect(visit.page.get_by_role("dialog")).not_to_be_visible()

    def test_prompts(self, visit: Visit) -> None:
        for keys in ("Control+f", "Alt+g"):
            visit.page.locator(".graphiql-query-editor textarea").first.focus()
            visit.page.keyboard.press(keys)
            prompt = visit.page.locator(".CodeMirror-dialog")
            expect(prompt).to_be_visible()
            visit.page.keyboard.press("Escape")
            expect(prompt).not_to_be_visible()
