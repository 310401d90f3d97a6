"""Which media type a response has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.negotiation import GRAPHQL_RESPONSE, JSON, negotiate, prefers_html

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


class TestNegotiate:
    """The Accept header of a GraphQL request."""

    @pytest.mark.parametrize("accept", [None, "", " ", "*/*", "application/*", BROWSER])
    def test_gives_json_where_there_is_no_preference(self, accept: str | None) -> None:
        assert negotiate(accept) == JSON

    @pytest.mark.parametrize(
        ("accept", "expected"),
        [
            ("application/json", JSON),
            ("APPLICATION/JSON", JSON),
            ("application/json; charset=utf-8", JSON),
            ("application/graphql-response+json", GRAPHQL_RESPONSE),
            ("Application/GraphQL-Response+JSON; charset=utf-8", GRAPHQL_RESPONSE),
            ("application/graphql-response+json, application/json", JSON),
            ("application/json;q=0.9, application/graphql-response+json", GRAPHQL_RESPONSE),
            ("application/graphql-response+json;q=0.1, */*;q=0.05", GRAPHQL_RESPONSE),
            ("application/json;q=0, */*", GRAPHQL_RESPONSE),
            (
                "application/json; q = 0.2, application/graphql-response+json;q=0.3",
                GRAPHQL_RESPONSE,
            ),
            ("text/html, application/json;q=0.1", JSON),
            (",,application/json,,", JSON),
        ],
    )
    def test_gives_what_is_preferred(self, accept: str, expected: str) -> None:
        assert negotiate(accept) == expected

    @pytest.mark.parametrize(
        "accept",
        [
            "text/html",
            "application/xml",
            "application/jsonp",
            "application/json;q=0",
            "*/*;q=0",
            "application/json;q=much",
            "json",
            ";q=1",
        ],
    )
    def test_gives_nothing_where_neither_is_accepted(self, accept: str) -> None:
        assert negotiate(accept) is None

    @given(st.text(st.characters(codec="latin-1")))
    def test_survives_any_header(self, accept: str) -> None:
        assert negotiate(accept) in {None, JSON, GRAPHQL_RESPONSE}
        assert prefers_html(accept) in {True, False}


class TestPrefersHtml:
    """Whether a browser asks for a page."""

    @pytest.mark.parametrize("accept", [BROWSER, "text/html", "text/html, application/json;q=0.9"])
    def test_holds_for_browsers(self, accept: str) -> None:
        assert prefers_html(accept)

    @pytest.mark.parametrize(
        "accept",
        [None, "", "*/*", "application/json", "application/json, text/html;q=0.9", "text/html;q=0"],
    )
    def test_does_not_hold_for_clients(self, accept: str | None) -> None:
        assert not prefers_html(accept)
