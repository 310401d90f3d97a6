"""What a GraphQL request says, read from HTTP."""

import asyncio
import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from starlette.requests import Request
from starlette.types import Message

from graph.params import (
    BODY_MAX_BYTES,
    BODY_MAX_VALUES,
    LIST_MAX_ITEMS,
    OBJECT_MAX_FIELDS,
    GraphQLParams,
    HttpError,
    read_params,
)
from models.json_text import Json
from tests.unit.models.strategies import json_values

QUERY = "{ viewer { subject } }"


def request(
    method: str = "POST", query_string: str = "", messages: Sequence[Message] = ()
) -> Request:
    waiting = iter(messages)

    async def receive() -> Message:
        return next(waiting)

    headers = [(b"content-type", b"application/json")]
    scope = {
        "type": "http",
        "method": method,
        "query_string": query_string.encode(),
        "headers": headers,
    }
    return Request(scope, receive)


def chunks(*bodies: bytes) -> list[Message]:
    return [
        {"type": "http.request", "body": body, "more_body": number < len(bodies)}
        for number, body in enumerate(bodies, 1)
    ]


def read(*bodies: bytes) -> GraphQLParams:
    return asyncio.run(read_params(request(messages=chunks(*bodies))))


def refusal(messages: Sequence[Message]) -> tuple[HTTPStatus, str]:
    with pytest.raises(HttpError) as caught:
        asyncio.run(read_params(request(messages=messages)))
    return caught.value.status, caught.value.errors[0].message


class TestPost:
    """A body."""

    def test_may_come_in_pieces(self) -> None:
        body = json.dumps({"query": QUERY, "variables": {"a": "größe"}}, ensure_ascii=False)
        pieces = [bytes([byte]) for byte in body.encode()]
        assert read(*pieces) == GraphQLParams(QUERY, {"a": "größe"}, None)

    @given(json_values)
    def test_keeps_variables_exactly(self, value: Json) -> None:
        body = json.dumps({"query": QUERY, "variables": {"a": value}})
        assert repr(read(body.encode()).variables) == repr({"a": value})

    def test_lets_nan_pass_to_the_field_that_holds_it(self) -> None:
        variables: dict[str, Any] = read(
            b'{"query": "{ a }", "variables": {"a": [NaN, 1e400]}}'
        ).variables
        assert str(variables["a"]) == "[nan, inf]"

    def test_is_refused_as_soon_as_it_is_too_large(self) -> None:
        half = b" " * (BODY_MAX_BYTES // 2 + 1)
        endless = chunks(half, half, b"never read")[:2]
        status, _ = refusal(endless)
        assert status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    def test_that_ends_early_is_refused(self) -> None:
        cut = [*chunks(b'{"query":', b"")[:1], {"type": "http.disconnect"}]
        assert refusal(cut) == (HTTPStatus.BAD_REQUEST, "the body ended early")

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            (b"\xff", "UTF-8"),
            (b"{", "not valid JSON"),
            (b"[" * 100_000, "nested too deep"),
            (b"9" * 5_000, "4300 digits"),
            (b"[]", "JSON object"),
        ],
    )
    def test_that_makes_no_sense_is_told(self, body: bytes, reason: str) -> None:
        status, message = refusal(chunks(body))
        assert status == HTTPStatus.BAD_REQUEST
        assert reason in message


class TestGet:
    """A query string."""

    def read(self, **params: str) -> GraphQLParams:
        return asyncio.run(read_params(request("GET", urlencode(params))))

    def test_holds_json(self) -> None:
        params = self.read(query=QUERY, variables='{"a": [1]}', operationName="A")
        assert params == GraphQLParams(QUERY, {"a": [1]}, "A")

    def test_takes_empty_for_left_out(self) -> None:
        given = {"variables": "", "extensions": "", "operationName": ""}
        with pytest.raises(HttpError):
            self.read(query=QUERY, **given)


class TestWideVariables:
    """Objects with so many fields that telling what is wrong with them would take long."""

    def read(self, variables: object) -> GraphQLParams:
        body = json.dumps({"query": QUERY, "variables": variables}).encode()
        return asyncio.run(read_params(request(messages=chunks(body))))

    @pytest.mark.parametrize("levels", [0, 1, 3])
    def test_are_refused(self, levels: int) -> None:
        variables: Any = {f"f{n}": n for n in range(OBJECT_MAX_FIELDS + 1)}
        for _ in range(levels):
            variables = {"in": variables}
        with pytest.raises(HttpError, match="at most 12000 fields") as raised:
            self.read(variables)
        assert raised.value.status == HTTPStatus.BAD_REQUEST

    def test_are_refused_as_lists(self) -> None:
        with pytest.raises(HttpError, match="at most 33000 items"):
            self.read({"in": [[], list(range(LIST_MAX_ITEMS + 1))]})

    def test_are_not_those_at_the_limit(self) -> None:
        variables: Any = {f"f{n}": n for n in range(OBJECT_MAX_FIELDS)}
        assert self.read(variables).variables == variables
        assert self.read({"ids": list(range(LIST_MAX_ITEMS))})


class TestManyValues:
    """Bodies of so many values that reading them would take long."""

    def read(self, text: str) -> GraphQLParams:
        body = json.dumps({"query": QUERY})[:-1] + f', "x": {text}}}'
        return asyncio.run(read_params(request(messages=chunks(body.encode()))))

    @pytest.mark.parametrize("value", ["0", "[]", '""', "{}", '"a,[{"', r'"\\"', "null"])
    def test_are_refused(self, value: str) -> None:
        assert self.read(f"[{','.join([value] * 10_000)}]")
        with pytest.raises(HttpError, match="at most 100000 values"):
            self.read(f"[{','.join([value] * (BODY_MAX_VALUES + 1))}]")

    @pytest.mark.parametrize("text", ["," * 200_000, "[{" * 100_000, '\\"[' * 100_000])
    def test_are_not_those_in_a_text(self, text: str) -> None:
        assert self.read(f'"{text}"')

    @pytest.mark.timeout(60)
    @pytest.mark.parametrize("text", ['"' + '\\"' * 400_000, '""' * 400_000, "\\" * 800_000])
    def test_are_counted_in_linear_time(self, text: str) -> None:
        with pytest.raises(HttpError):
            self.read(text)
