"""Errors as the client sees them."""

import logging

import pytest
from graphql import GraphQLError, GraphQLSyntaxError, Source, parse

from graph.errors import ErrorCode, RequestError, formatted
from models.errors import Forbidden, InvalidArgument, ServiceError, Throttled

REQUEST = "request-7"


def raised(cause: Exception) -> GraphQLError:
    """Wrap what a resolver raised, as graphql-core does."""
    return GraphQLError(str(cause), path=["model", 0], original_error=cause)


class TestExpectedErrors:
    """What the client can act on."""

    @pytest.mark.parametrize(
        ("error", "code"),
        [
            (GraphQLError("no such variable"), "BAD_USER_INPUT"),
            (GraphQLSyntaxError(Source("{"), 0, "oops"), "GRAPHQL_PARSE_FAILED"),
            (raised(InvalidArgument("no")), "BAD_USER_INPUT"),
            (raised(Forbidden("no")), "FORBIDDEN"),
            (raised(Throttled("no")), "THROTTLED"),
            (raised(raised(Throttled("no"))), "THROTTLED"),
            (RequestError(ErrorCode.UNAUTHENTICATED, "no"), "UNAUTHENTICATED"),
            (raised(RequestError(ErrorCode.QUERY_TOO_COMPLEX, "no")), "QUERY_TOO_COMPLEX"),
            (GraphQLError("no", extensions={"code": "MINE"}), "MINE"),
        ],
    )
    def test_have_their_code_and_message(self, error: GraphQLError, code: str) -> None:
        shown = formatted(error, REQUEST)
        assert shown["extensions"] == {"code": code}
        assert shown["message"] == error.message

    @pytest.mark.parametrize(
        "cause",
        [
            InvalidArgument("no", "filter", "name"),
            Forbidden("no", "filter", "name"),
            RequestError(ErrorCode.BAD_USER_INPUT, "no", ["filter", "name"]),
        ],
    )
    def test_name_the_field_and_the_path(self, cause: Exception) -> None:
        shown = formatted(raised(cause), REQUEST)
        assert shown["extensions"]["field"] == ["filter", "name"]
        assert shown["path"] == ["model", 0]

    @pytest.mark.parametrize("text", ["{ a a a a }", "{ " + "a { " * 1_000])
    def test_of_what_is_too_large_to_parse_are_no_error_of_grammar(self, text: str) -> None:
        with pytest.raises(GraphQLSyntaxError) as caught:
            parse(text, max_tokens=5 if "a a" in text else None)
        assert formatted(caught.value, REQUEST)["extensions"] == {"code": "QUERY_TOO_COMPLEX"}


class TestUnexpectedErrors:
    """What the client sees nothing of."""

    @pytest.mark.parametrize(
        "cause", [RuntimeError("secret"), LookupError("secret"), ServiceError("secret")]
    )
    def test_are_masked_and_logged(
        self, cause: Exception, caplog: pytest.LogCaptureFixture
    ) -> None:
        shown = formatted(raised(cause), REQUEST)
        assert shown == {
            "message": f"Something went wrong on our side. Request id: {REQUEST}",
            "extensions": {"code": "INTERNAL_SERVER_ERROR", "requestId": REQUEST},
            "path": ["model", 0],
        }
        (record,) = caplog.records
        assert record.levelno == logging.ERROR
        assert REQUEST in record.getMessage()
        assert record.exc_info
        assert record.exc_info[1] is cause

    def test_have_no_path_where_there_is_none(self) -> None:
        error = GraphQLError("", original_error=RuntimeError("secret"))
        assert "path" not in formatted(error, REQUEST)
