"""What an answer comes to."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.client import ClientError, UnexpectedAnswer
from graph.client import errors as tree
from graph.client.answer import listed, member, read_answer
from graph.client.errors import ApiError, api_error
from graph.client.retry import Transient
from graph.client.values.problem import Problem
from graph.errors import ErrorCode
from models.errors import UserErrorCode

URL = "https://a.example/graphql"


def read(status: int, content: object, **headers: str) -> Any:  # noqa: ANN401  # JSON
    return read_answer(URL, status, headers, json.dumps(content).encode())


def refusal(*codes: str) -> dict[str, Any]:
    return {"errors": [{"message": "no", "extensions": {"code": code}} for code in codes]}


class TestRead:
    """read_answer."""

    def test_data(self) -> None:
        assert read(200, {"data": {"n": 10**30}, "new": 1}) == {"n": 10**30}

    @pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", '0, "n": 1'])
    def test_numbers_that_json_lacks_are_unexpected(self, number: str) -> None:
        body = f'{{"data": {{"n": {number}}}}}'.encode()
        with pytest.raises(UnexpectedAnswer):
            read_answer(URL, 200, {}, body)

    def test_errors_win_over_data(self) -> None:
        content = refusal("FORBIDDEN", "NEW_CODE") | {"data": {"viewer": None}}
        with pytest.raises(tree.Forbidden) as raised:
            read(200, content, **{"x-request-id": "abc"})
        assert [error.code for error in raised.value.errors] == ["FORBIDDEN", "NEW_CODE"]
        assert raised.value.request_id == "abc"

    def test_a_new_code_is_an_api_error(self) -> None:
        with pytest.raises(ApiError) as raised:
            read(400, refusal("NEW_CODE"))
        assert type(raised.value) is ApiError
        assert raised.value.code == "NEW_CODE"

    @pytest.mark.parametrize("status", [429, 502, 503, 504])
    def test_an_unavailable_service_is_transient(self, status: int) -> None:
        with pytest.raises(Transient) as raised:
            read(status, {"message": "Service Unavailable"}, **{"retry-after": "3"})
        assert raised.value.after_seconds == 3
        assert raised.value.executed == (status != 429)

    def test_throttling_is_transient_whatever_its_status(self) -> None:
        for status in (200, 503):
            with pytest.raises(Transient) as raised:
                read(status, refusal("THROTTLED"))
            assert isinstance(raised.value.error, tree.Throttled)

    @pytest.mark.parametrize(
        ("status", "error"), [(401, tree.Unauthenticated), (403, tree.Forbidden)]
    )
    def test_who_stands_before_the_service_may_refuse(
        self, status: int, error: type[ApiError]
    ) -> None:
        with pytest.raises(error):
            read(status, {"message": "no"})

    def test_a_redirect_is_not_followed(self) -> None:
        with pytest.raises(UnexpectedAnswer, match="redirect"):
            read(307, {})

    @given(status=st.integers(100, 599), body=st.binary(max_size=200))
    def test_whatever_answers(self, status: int, body: bytes) -> None:
        with pytest.raises((ClientError, Transient)):
            read_answer(URL, status, {}, body)

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda children: (
                st.lists(children, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["errors", "data", "extensions", "code", "field", "message"]),
                    children,
                )
            ),
        )
    )
    def test_whatever_shape_it_has(self, content: object) -> None:
        try:
            assert isinstance(read(200, content), dict)
        except (ClientError, Transient):
            return


class TestParts:
    """Member and listed."""

    def test_what_is_missing_is_told(self) -> None:
        with pytest.raises(UnexpectedAnswer, match="lacks node"):
            member({"node": None}, "node")
        with pytest.raises(UnexpectedAnswer, match="lacks nodes"):
            listed({}, "nodes")


class TestTree:
    """The classes of errors."""

    @pytest.mark.parametrize(
        "code",
        [code for code in UserErrorCode if not code.startswith(("UPSTREAM", "INTERNAL"))]
        + [ErrorCode.BAD_USER_INPUT, ErrorCode.FORBIDDEN, ErrorCode.THROTTLED]
        + [ErrorCode.UNAUTHENTICATED],
    )
    def test_each_code_to_be_acted_on_has_its_own(self, code: str) -> None:
        assert type(api_error([Problem(code, "m")])) is not ApiError

    def test_is_drawn_in_its_docstring(self) -> None:
        assert tree.__doc__ is not None
        for name, error in vars(tree).items():
            if isinstance(error, type) and issubclass(error, ClientError):
                assert name in tree.__doc__

    def test_a_message_tells_code_and_field(self) -> None:
        error = api_error([Problem("INVALID_INPUT", "must be", ("a", "b")), Problem("X", "y")])
        assert str(error) == "INVALID_INPUT: must be (a.b); X: y"
        assert (error.message, error.field) == ("must be", ("a", "b"))
