"""Only the page's own files are served, as what they are, and kept by browsers."""

import asyncio
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from graph.playground import Assets, Playground, ensure_assets
from graph.playground.assets import FETCHED, MARKER
from graph.playground.page import assets_version

from .fake_npm import InstallingNpm

IMMUTABLE = "public, max-age=31536000, immutable"


class Client:
    """A browser, without the browser: requests to a playground mounted as the API mounts it."""

    def __init__(self, assets: Assets) -> None:
        playground = Playground(assets)
        page = Route("/graphql", playground.page)
        files = Mount("/graphql/assets", routes=playground.routes)
        self.app = Starlette(routes=[page, files])

    def get(self, path: str) -> httpx2.Response:
        return self.request("GET", path)

    def request(self, method: str, path: str) -> httpx2.Response:
        return asyncio.run(self._request(method, path))

    async def _request(self, method: str, path: str) -> httpx2.Response:
        transport = httpx2.ASGITransport(self.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, path)


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(ensure_assets(tmp_path, lambda: [InstallingNpm()]))


class TestFile:
    """A file that the page links to, or does not."""

    @pytest.mark.parametrize("name", [*FETCHED, "boot.js", "style.css"])
    def test_is_served_as_what_it_is(self, name: str, client: Client) -> None:
        response = client.get(f"/graphql/assets/{name}")
        assert response.status_code == 200
        expected = "text/javascript" if name.endswith(".js") else "text/css"
        assert response.headers["content-type"] == f"{expected}; charset=utf-8"
        assert response.headers["x-content-type-options"] == "nosniff"

    def test_is_kept_for_ever_under_its_version(self, client: Client) -> None:
        response = client.get(f"/graphql/assets/boot.js?v={assets_version()}")
        assert response.headers["cache-control"] == IMMUTABLE

    @pytest.mark.parametrize("query", ["", "?v=", "?v=0123456789abcdef"])
    def test_is_not_kept_under_another(self, query: str, client: Client) -> None:
        response = client.get(f"/graphql/assets/boot.js{query}")
        assert response.headers["cache-control"] == "no-cache"

    @pytest.mark.parametrize(
        "name",
        [
            MARKER,
            "index.html",
            "package.json",
            "assets.py",
            "unknown.js",
            "../style.css",
            "..%2fstyle.css",
            "..%2f..%2fapp.py",
            "%2e%2e/%2e%2e/app.py",
            "..%5capp.py",
            "%2fetc%2fpasswd",
            "boot.js%00",
            "BOOT.JS",
            "",
        ],
    )
    def test_not_on_the_list(self, name: str, client: Client) -> None:
        response = client.get(f"/graphql/assets/{name}")
        assert response.status_code == 404

    def test_cannot_be_posted_to(self, client: Client) -> None:
        assert client.request("POST", "/graphql/assets/boot.js").status_code == 405


class TestPage:
    """The page and its files together."""

    def test_graphiql(self, client: Client) -> None:
        assert 'id="graphiql"' in client.get("/graphql").text

    def test_every_link_leads_to_a_file(self, client: Client) -> None:
        page = client.get("/graphql").text
        for part in page.split('"'):
            if part.startswith("graphql/assets/"):
                assert client.get(f"/{part}").headers["cache-control"] == IMMUTABLE


class TestMissingAssets:
    """What is served without GraphiQL's files."""

    def test_the_page_tells(self, tmp_path: Path) -> None:
        client = Client(Assets(tmp_path, problem="They are not here."))
        page = client.get("/graphql")
        assert page.status_code == 200
        assert "They are not here." in page.text

    def test_its_style_is_here_all_the_same(self, tmp_path: Path) -> None:
        client = Client(Assets(tmp_path, problem="They are not here."))
        assert client.get("/graphql/assets/style.css").status_code == 200

    def test_graphiql_is_not(self, tmp_path: Path) -> None:
        client = Client(Assets(tmp_path, problem="They are not here."))
        assert client.get("/graphql/assets/graphiql.js").status_code == 404
