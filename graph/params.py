"""What a request says, read from HTTP: a JSON body, or GraphQL's parameters in either place."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.requests import ClientDisconnect, Request

from graph.errors import ErrorCode, RequestError
from models.limits import INTEGER_MAX_DIGITS

BODY_MAX_BYTES = 1024 * 1024
"""Files never pass through the API, so that no honest body is larger."""

OBJECT_MAX_FIELDS = 12_000
"""Of one object in the variables: more than metadata of 64 KiB can have.

graphql-core looks at a whole object for every error in it, and goes on after the first 49.
"""
LIST_MAX_ITEMS = 33_000
"""Of one list in the variables: more than metadata of 64 KiB can have."""
BODY_MAX_VALUES = 100_000
"""Of the whole body: to read more of them would take longer than 100 ms."""
Parse = Callable[[str], Any]
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)', re.DOTALL)


class HttpError(Exception):
    """A request that HTTP itself refuses, before GraphQL sees it.

    Attributes:
        errors: everything that is wrong with it.
        headers: what the answer must carry besides, such as Allow.
    """

    def __init__(
        self, status: HTTPStatus, error: RequestError, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(error.message)
        self.status = status
        self.errors = [error]
        self.headers = dict(headers or {})

    @classmethod
    def bad_request(cls, message: str, *field: str) -> "HttpError":
        """Build the refusal of a request that makes no sense."""
        return cls(HTTPStatus.BAD_REQUEST, RequestError(ErrorCode.BAD_USER_INPUT, message, field))

    @classmethod
    def together(cls, refusals: Sequence["HttpError"]) -> "HttpError":
        """Build the refusal of a request for several reasons; the first decides the status."""
        first = refusals[0]
        joined = cls(first.status, first.errors[0], first.headers)
        joined.errors = [error for refusal in refusals for error in refusal.errors]
        return joined

    @classmethod
    def method_not_allowed(cls, message: str, allow: str) -> "HttpError":
        """Build the refusal of a method; `allow` names those that there are."""
        error = RequestError(ErrorCode.BAD_USER_INPUT, message)
        return cls(HTTPStatus.METHOD_NOT_ALLOWED, error, {"Allow": allow})

    @classmethod
    def not_acceptable(cls, *offered: str) -> "HttpError":
        """Build the refusal of a client that accepts none of the media types on offer."""
        what = " or ".join(offered)
        one = "one of them" if len(offered) > 1 else "it"
        error = RequestError(ErrorCode.BAD_USER_INPUT, f"this answers with {what}: accept {one}")
        return cls(HTTPStatus.NOT_ACCEPTABLE, error)


@dataclass(frozen=True, slots=True)
class GraphQLParams:
    """The parameters of GraphQL over HTTP."""

    query: str
    variables: dict[str, Any]
    operation_name: str | None


async def read_params(request: Request) -> GraphQLParams:
    """Read the parameters from a GET's query string or a POST's body.

    Raises:
        HttpError: there are none that make sense.
    """
    if request.method == "GET":
        given: dict[str, Any] = dict(request.query_params)
        for name in ("variables", "extensions"):
            if given.get(name):
                given[name] = _parse_json(given[name], name)
        return _params(given)
    return _params(await read_object(request))


async def read_object(
    request: Request, *, may_be_absent: bool = False, parse: Parse = json.loads
) -> dict[str, Any]:
    """Read a body that is a JSON object.

    Args:
        may_be_absent: whether no body at all is as good as an empty object.
        parse: reads JSON, and may raise HttpError for what it does not want.

    Raises:
        HttpError: the body is none, or larger than any that makes sense.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = media_type == "application/json"
    if not is_json and not may_be_absent:
        raise _not_json()
    text = await _read_body(request)
    if not text and may_be_absent:
        return {}
    if not is_json:
        raise _not_json()
    if _count_values(text) > BODY_MAX_VALUES:
        raise HttpError.bad_request(f"the body may hold at most {BODY_MAX_VALUES} values")
    body = _parse_json(text, "body", parse)
    if not isinstance(body, dict):
        raise HttpError.bad_request("the body must be a JSON object")
    return body


def _not_json() -> HttpError:
    error = RequestError(ErrorCode.BAD_USER_INPUT, "the body must be application/json")
    return HttpError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, error)


async def _read_body(request: Request) -> str:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_MAX_BYTES:
                error = RequestError(
                    ErrorCode.BAD_USER_INPUT, f"the body must be at most {BODY_MAX_BYTES} bytes"
                )
                raise HttpError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, error)
    except ClientDisconnect as error:
        raise HttpError.bad_request("the body ended early") from error
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise HttpError.bad_request("the body must be UTF-8") from error


def _parse_json(text: str, what: str, parse: Parse = json.loads) -> Any:  # noqa: ANN401  # JSON
    """Parse JSON. NaN and infinities pass, so that the field that holds them can be named."""
    try:
        return parse(text)
    except RecursionError as error:
        raise HttpError.bad_request(f"the {what} is nested too deep") from error
    except json.JSONDecodeError as error:
        raise HttpError.bad_request(f"the {what} is not valid JSON: {error}") from error
    except ValueError as error:
        raise HttpError.bad_request(
            f"the {what} holds a number of over {INTEGER_MAX_DIGITS} digits"
        ) from error


def _params(given: Mapping[str, Any]) -> GraphQLParams:
    query, variables = given.get("query"), given.get("variables")
    operation_name, extensions = given.get("operationName"), given.get("extensions")
    if not isinstance(query, str) or not query.strip():
        raise HttpError.bad_request("query must be a GraphQL document", "query")
    if variables is not None and not isinstance(variables, dict):
        raise HttpError.bad_request("variables must be a JSON object", "variables")
    if variables and (problem := width_problem(variables)):
        raise HttpError.bad_request(problem, "variables")
    if operation_name is not None and not isinstance(operation_name, str):
        raise HttpError.bad_request("operationName must be a string", "operationName")
    if extensions is not None and not isinstance(extensions, dict):
        raise HttpError.bad_request("extensions must be a JSON object", "extensions")
    return GraphQLParams(query, variables or {}, operation_name or None)


def _count_values(text: str) -> int:
    """Count at least the values in a JSON text, before any is made."""
    bare = _STRING.sub("", text)
    return bare.count(",") + bare.count("[") + bare.count("{")


def width_problem(variables: Mapping[str, Any]) -> str | None:
    """Say what in the variables is wider than errors can be made of in time."""
    waiting: list[object] = [variables]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            if len(found) > OBJECT_MAX_FIELDS:
                return f"an object may have at most {OBJECT_MAX_FIELDS} fields"
            waiting.extend(found.values())
        elif isinstance(found, list):
            if len(found) > LIST_MAX_ITEMS:
                return f"a list may have at most {LIST_MAX_ITEMS} items"
            waiting.extend(found)
    return None
