"""GraphiQL in a real browser, on the real local server: it works, strictly, and from here alone."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from graph.local.server import LocalServer
from graph.playground import ensure_assets
from graph.playground.npm import find_npms

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FETCHED_ONCE = Path(__file__).parents[2] / ".local" / "playground"
"""GraphiQL's files stay here between runs; git ignores them."""

pytestmark = [
    pytest.mark.skipif(
        CHROMIUM is None, reason="needs Debian's chromium: apt-get install chromium"
    ),
    pytest.mark.skipif(not find_npms(), reason="needs npm: install the extra `local`"),
]


class Visit:
    """One look at the page by a new browser profile, with all that the browser complained of."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        self.hosts: set[str] = set()
        page.on("console", self._hear)
        page.on("pageerror", self._blame)
        page.on("request", self._note)

    def open(self) -> None:
        """Load the page, and wait until GraphiQL has read the schema."""
        with self.page.expect_response(
            lambda response: self._answers("IntrospectionQuery", response)
        ):
            self.page.goto(f"{self.url}/graphql")
        expect(self.play).to_be_visible()

    def run(self, operation: str) -> Response:
        """Press play, pick the operation, and wait for the answer."""
        with self.page.expect_response(
            lambda response: self._answers(operation, response)
        ) as answer:
            self.play.click()
            self.page.get_by_role("menuitem", name=operation).click()
        return answer.value

    @property
    def play(self) -> Locator:
        return self.page.get_by_role("button", name=re.compile("Execute query"))

    def _answers(self, operation: str, response: Response) -> bool:
        sent = response.request.post_data_json
        return sent is not None and sent["operationName"] == operation

    def _note(self, request: Request) -> None:
        self.hosts.add(urlsplit(request.url).netloc)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _blame(self, error: Error) -> None:
        self.complaints.append(str(error))


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    assets = ensure_assets(FETCHED_ONCE)
    assert assets.problem is None, assets.problem
    state_dir = tmp_path_factory.mktemp("state")
    with LocalServer(port=0, state_dir=state_dir, playground_dir=FETCHED_ONCE) as server:
        yield server.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, url: str) -> Iterator[Visit]:
    """A visit, which must end without a complaint of the browser or a request to elsewhere."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    visit = Visit(page, url)
    visit.open()
    yield visit
    page.close()
    assert visit.complaints == []
    assert visit.hosts == {urlsplit(url).netloc}


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
