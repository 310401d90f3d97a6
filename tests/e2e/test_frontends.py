"""docs/FRONTENDS.md in a real browser: forms, files that are sent and fetched, and origins."""

import mimetypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from graph.auth import LOCAL
from graph.bootstrap import build_services
from graph.local.server import LocalServer
from models.access.commands import CreateApiKey
from models.artifacts import completion
from models.principal import Role
from models.settings import AwsCredentials, Settings
from tests.clients.conftest import Guarded
from tests.clients.guide import PAGE, build
from tests.clients.node import TOOLS
from tests.e2e.browsing import chromium, needs_chromium

ALLOWED: Final = "http://localhost:6161"
FOREIGN: Final = "http://localhost:6262"
"""Nothing listens there: the tests answer in its place."""
FORMS: Final = "".join(re.findall(r"```html\n(.*?)```", PAGE, re.DOTALL))
HTML: Final = f"""<!doctype html><title>A frontend</title>
<script type="importmap">{{"imports": {{"@noble/hashes/": "/app/hashes/"}}}}</script>{FORMS}"""
PARTS_BYTES: Final = 9 * 2**20
"""Two parts, the second one shorter."""

SET_UP: Final = """async ([url, key]) => {
  const { service } = await import("/app/dist/api.js");
  const pause = () => new Promise((done) => setTimeout(done, 20));
  Object.assign(service, { url, token: async () => key, pause });
}"""
REGISTER: Final = """async () => {
  const { register } = await import("/app/dist/register.js");
  const input = { name: "m", source: "internal", license: "mit" };
  return (await register(input, crypto.randomUUID())).model.id;
}"""
UPLOAD: Final = """async ([modelId, size, key]) => {
  const { upload } = await import("/app/dist/upload.js");
  const told = [];
  const file = new File([new Uint8Array(size).fill(7)], "ä b.bin");
  const { status, problems } = await upload(modelId, file, key, (progress) => told.push(progress));
  return { status, problems: [...problems], told };
}"""
ASK: Final = """async () => {
  const { mayChange } = await import("/app/dist/viewer.js");
  try {
    return { may: await mayChange() };
  } catch ({ code, requestId }) {
    return { code, named: requestId !== null };
  }
}"""
FILES: Final = """query ($id: ID!) {
  model(id: $id) { artifacts { nodes { id filename verification { method } } } }
}"""

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("frontend"))


@pytest.fixture(scope="module")
def guarded() -> Iterator[Guarded]:
    settings = Settings(cors_origins=(ALLOWED,))
    with LocalServer(settings=settings, auth=True) as server:
        embedded = Settings(endpoint_url=server.aws_url, credentials=AwsCredentials("test", "test"))
        command = CreateApiKey(name="frontend", role=Role.WRITER)
        key = build_services(embedded).keys.create(LOCAL, command).token
        yield Guarded(f"{server.url}/graphql", key)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


class Site:
    """A page with the program of FRONTENDS.md, at any origin."""

    def __init__(self, page: Page, modules: Path, origin: str) -> None:
        self.page = page
        self._folders = {"dist": modules, "hashes": TOOLS / "@noble" / "hashes"}
        page.route(f"{origin}/app/**", self._answer)
        page.goto(f"{origin}/app/")

    def use(self, url: str, key: str) -> None:
        self.page.evaluate(SET_UP, [url, key])

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401  # JSON can be anything
        return self.page.evaluate(script, [*arguments])

    def _answer(self, route: Route) -> None:
        _, _, path = urlsplit(route.request.url).path.partition("/app/")
        if not path:
            route.fulfill(body=HTML, content_type="text/html; charset=utf-8")
            return
        folder, _, name = path.partition("/")
        content_type, _ = mimetypes.guess_type(name)
        route.fulfill(path=self._folders[folder] / name, content_type=content_type)


@contextmanager
def site_at(origin: str, browser: Browser, modules: Path) -> Iterator[Site]:
    # The page comes from this test: Chromium takes it for one of the Internet, which must not reach
    # this machine unless the person allows it.
    page = browser.new_page(permissions=["local-network-access"])
    yield Site(page, modules, origin)
    page.close()


@pytest.fixture
def site(browser: Browser, modules: Path, guarded: Guarded) -> Iterator[Site]:
    """At the server's own origin, since the embedded bucket takes files from no other."""
    with site_at(guarded.url.removesuffix("/graphql"), browser, modules) as site:
        site.use(guarded.url, guarded.key)
        yield site


@pytest.fixture
def model_id(site: Site) -> str:
    found: str = site.run(REGISTER)
    return found


def files(site: Site, model_id: str) -> Any:  # noqa: ANN401  # JSON can be anything
    script = """async ([query, id]) => {
      const { ask } = await import("/app/dist/api.js");
      return (await ask(query, { id })).model.artifacts.nodes;
    }"""
    return site.run(script, FILES, model_id)


class TestForm:
    """src/register.ts and src/problems.ts."""

    def test_shows_faults_beside_their_fields_and_registers(self, site: Site) -> None:
        page = site.page
        site.run("""async () => {
          const { wire } = await import("/app/dist/register.js");
          wire(document.querySelector("#register"), (model) => (document.title = model.name));
        }""")
        page.get_by_label("Source").fill(" hf")
        page.get_by_label("License").fill("mit")
        page.get_by_role("button", name="Register").click()
        problem = page.locator("#name-problem")
        expect(problem).to_have_text("name must have 1 to 256 characters, not 0")
        name = page.get_by_label("Name")
        expect(name).to_have_attribute("aria-invalid", "true")
        expect(page.get_by_label("Source")).to_have_attribute("aria-invalid", "true")
        expect(page.get_by_label("License")).to_have_attribute("aria-invalid", "false")
        name.fill("from a form")
        page.get_by_label("Source").fill("hf")
        page.get_by_role("button", name="Register").click()
        expect(page).to_have_title("from a form")
        expect(problem).to_be_empty()

    def test_says_that_the_request_failed(self, site: Site, guarded: Guarded) -> None:
        site.use(guarded.url, "mle_wrong")
        site.run("""async () => {
          const { wire } = await import("/app/dist/register.js");
          wire(document.querySelector("#register"), () => undefined);
        }""")
        site.page.get_by_role("button", name="Register").click()
        told = site.page.locator("#register output[data-of='']")
        expect(told).to_have_text(re.compile(r"\(UNAUTHENTICATED, request [0-9a-f-]+\)"))


class TestFiles:
    """src/upload.ts, src/send.ts and src/download.ts."""

    def test_a_chosen_file_is_sent_and_fetched(
        self, site: Site, model_id: str, tmp_path: Path
    ) -> None:
        page = site.page
        site.run(
            """async ([modelId]) => {
              const { wire } = await import("/app/dist/send.js");
              wire(document.querySelector("#send"), modelId, () => (document.title = "sent"));
            }""",
            model_id,
        )
        chosen = tmp_path / "scores.csv"
        chosen.write_text("label,score\n")
        page.locator("#send input").set_input_files(chosen)
        page.get_by_role("button", name="Send").click()
        expect(page).to_have_title("sent")
        expect(page.locator("#send progress")).to_have_js_property("value", 1)
        (artifact,) = files(site, model_id)
        with page.expect_download() as fetched:
            site.run(
                """async ([id]) => (await import("/app/dist/download.js")).download(id)""",
                artifact["id"],
            )
        assert fetched.value.suggested_filename == "scores.csv"
        assert fetched.value.path().read_text() == "label,score\n"
        expect(page).to_have_title("sent")

    def test_parts_are_sent_again_and_the_whole_is_waited_for(
        self, site: Site, model_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(completion, "REHASH_INLINE_MAX_BYTES", 2)
        part = re.compile("partNumber=2&")
        site.page.route(part, lambda route: route.abort(), times=1)
        sent = site.run(UPLOAD, model_id, PARTS_BYTES, "parts")
        assert (sent["status"], sent["problems"]) == ("AVAILABLE", [])
        phases = list(dict.fromkeys(progress["phase"] for progress in sent["told"]))
        assert phases == ["hashing", "sending", "verifying"]
        last = {progress["phase"]: progress["done"] for progress in sent["told"]}
        assert last == {"hashing": PARTS_BYTES, "sending": PARTS_BYTES, "verifying": 0}
        (artifact,) = files(site, model_id)
        assert (artifact["filename"], artifact["verification"]) == (
            "ä b.bin",
            {"method": "REHASH"},
        )
        # The same key finds the same file, and nothing is sent.
        again = site.run(UPLOAD, model_id, PARTS_BYTES, "parts")
        assert again["status"] == "AVAILABLE"
        assert {progress["phase"] for progress in again["told"]} == {"hashing"}

    def test_an_empty_file_is_one_too(self, site: Site, model_id: str) -> None:
        assert site.run(UPLOAD, model_id, 0, "empty")["status"] == "AVAILABLE"

    def test_a_refusal_is_told(self, site: Site) -> None:
        sent = site.run(UPLOAD, "no-such-model", 1, "refused")
        assert sent["status"] is None
        ((name, messages),) = sent["problems"]
        assert name == "file"
        assert len(messages) == 1


class TestOrigins:
    """What CORS lets pages of other origins do."""

    def test_an_allowed_one_asks_and_reads_the_request_id(
        self, browser: Browser, modules: Path, guarded: Guarded
    ) -> None:
        with site_at(ALLOWED, browser, modules) as site:
            site.use(guarded.url, guarded.key)
            assert site.run(ASK) == {"may": True}
            site.use(guarded.url, "mle_wrong")
            assert site.run(ASK) == {"code": "UNAUTHENTICATED", "named": True}

    def test_another_one_learns_nothing(
        self, browser: Browser, modules: Path, guarded: Guarded
    ) -> None:
        with site_at(FOREIGN, browser, modules) as site:
            site.use(guarded.url, guarded.key)
            assert site.run(ASK) == {"code": "UNREACHABLE", "named": False}
