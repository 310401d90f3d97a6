"""The page allows what GraphiQL needs and nothing else, or says what is missing."""

import re
from pathlib import Path

import pytest
from graphql import OperationDefinitionNode, build_schema, parse, validate
from starlette.requests import Request
from starlette.responses import HTMLResponse

from graph.playground.assets import PACKAGE, Assets
from graph.playground.page import assets_version, content_security_policy, render_page

MISSING = Assets(Path("nowhere"), problem="No <b>files</b>: fetch them.")


def request(path: str = "/graphql", host: str = "127.0.0.1:8000") -> Request:
    return Request(
        {
            "type": "http",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "query_string": b"theme=dark",
            "headers": [(b"host", host.encode()), (b"accept", b"text/html")],
        }
    )


@pytest.fixture
def page() -> HTMLResponse:
    return render_page(Assets(Path("assets")), request())


def text(page: HTMLResponse) -> str:
    return bytes(page.body).decode()


class TestHeaders:
    """What the page may do in a browser."""

    def test_scripts_are_files_of_this_origin(self, page: HTMLResponse) -> None:
        policy = directives(page.headers["content-security-policy"])
        assert policy["default-src"] == ["'none'"]
        assert policy["script-src"] == ["'self'"]
        assert policy["connect-src"] == ["'self'"]
        for closed in ("base-uri", "form-action", "frame-ancestors"):
            assert policy[closed] == ["'none'"]

    def test_nothing_is_unsafe(self) -> None:
        assert "'unsafe-inline'" not in content_security_policy("x")
        assert "'unsafe-eval'" not in content_security_policy("x")

    def test_styles_are_signed_for_this_page_only(self, page: HTMLResponse) -> None:
        (nonce,) = re.findall(r'nonce="([^"]+)"', text(page))
        policy = directives(page.headers["content-security-policy"])
        assert policy["style-src"] == ["'self'", f"'nonce-{nonce}'"]
        assert nonce not in text(render_page(Assets(Path("assets")), request()))

    def test_the_page_is_for_one_browser_and_one_time(self, page: HTMLResponse) -> None:
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["vary"] == "Accept"
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["referrer-policy"] == "same-origin"

    def test_the_missing_page_is_as_strict(self) -> None:
        policy = directives(render_page(MISSING, request()).headers["content-security-policy"])
        assert policy["script-src"] == ["'self'"]


class TestGraphiql:
    """The page where all is there."""

    def test_links_hold_under_any_prefix(self, page: HTMLResponse) -> None:
        links = re.findall(r'(?:src|href)="([^"]+)"', text(page))
        links.remove("data:,")
        assert len(links) == 8
        for link in links:
            assert re.fullmatch(rf"graphql/assets/[a-z-]+\.(js|css)\?v={assets_version()}", link)

    def test_carries_no_script_or_style_of_its_own(self, page: HTMLResponse) -> None:
        assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=|style=", text(page))


class TestOpeningDocument:
    """What the editor holds at first."""

    def test_offers_a_query_and_a_mutation(self) -> None:
        document = parse((PACKAGE / "opening.graphql").read_text(encoding="utf-8"))
        operations = [
            (definition.operation.value, definition.name and definition.name.value)
            for definition in document.definitions
            if isinstance(definition, OperationDefinitionNode)
        ]
        assert operations == [("query", "ListModels"), ("mutation", "RegisterModel")]

    def test_fits_the_schema(self) -> None:
        schema = build_schema((PACKAGE.parent / "schema.graphql").read_text(encoding="utf-8"))
        document = parse((PACKAGE / "opening.graphql").read_text(encoding="utf-8"))
        assert validate(schema, document) == []


class TestMissing:
    """The page where GraphiQL's files are not there."""

    def test_says_what_is_missing_as_text(self) -> None:
        assert "No &lt;b&gt;files&lt;/b&gt;: fetch them." in text(render_page(MISSING, request()))

    def test_says_that_the_api_works_and_how_to_ask_it(self) -> None:
        page = text(render_page(MISSING, request("/prod/graphql")))
        assert "The API works." in page
        assert "curl http://127.0.0.1:8000/prod/graphql \\\n" in page

    def test_takes_no_markup_from_the_request(self) -> None:
        page = text(render_page(MISSING, request(host="<script>alert(1)</script>")))
        assert "<script" not in page

    def test_loads_no_script(self) -> None:
        assert "<script" not in text(render_page(MISSING, request()))


def directives(policy: str) -> dict[str, list[str]]:
    return {name: sources for name, *sources in (each.split() for each in policy.split("; "))}
