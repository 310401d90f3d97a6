"""Top-level errors: each has a code, and nothing unexpected reaches the client."""

import logging
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError

from models.errors import Forbidden, InvalidArgument, Throttled

MESSAGE_MAX_CHARACTERS = 1_000
_log = logging.getLogger(__name__)


class ErrorCode(StrEnum):
    """What is wrong with a request."""

    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
    RESPONSE_TOO_LARGE = "RESPONSE_TOO_LARGE"
    THROTTLED = "THROTTLED"
    INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"


class RequestError(GraphQLError):
    """An error of the request itself, with its code and the argument at fault."""

    def __init__(self, code: ErrorCode, message: str, field: Sequence[str] = ()) -> None:
        extensions: dict[str, object] = {"code": code.value}
        if field:
            extensions["field"] = list(field)
        super().__init__(message, extensions=extensions)


def formatted(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """Return `error` as the client sees it, coded; what is unexpected is masked, and logged."""
    if error.extensions and "code" in error.extensions:
        return _shown(error, error.extensions)
    extensions = _extensions(error)
    if extensions is None:
        return _masked(error, request_id)
    return _shown(error, extensions)


def _shown(error: GraphQLError, extensions: dict[str, Any]) -> dict[str, Any]:
    """Return an error as it is shown: what it quotes of the request can be as long as that."""
    message = error.message
    if len(message) > MESSAGE_MAX_CHARACTERS:
        message = f"{message[:MESSAGE_MAX_CHARACTERS]}…"
    return {**error.formatted, "message": message, "extensions": dict(extensions)}


_CODES: dict[type[BaseException], ErrorCode] = {
    InvalidArgument: ErrorCode.BAD_USER_INPUT,
    Forbidden: ErrorCode.FORBIDDEN,
    Throttled: ErrorCode.THROTTLED,
    GraphQLSyntaxError: ErrorCode.GRAPHQL_PARSE_FAILED,
}
_TOO_LARGE_TO_PARSE = (
    "Syntax Error: Document contains more than",
    "Syntax Error: Document is nested too deeply",
)
"""How graphql-core says that it stopped reading, which is no mistake of grammar."""


def _extensions(error: GraphQLError) -> dict[str, object] | None:
    """Return code and field of an expected error, or None for an unexpected one."""
    cause = _root_cause(error)
    if isinstance(cause, RequestError):
        return dict(cause.extensions or {})
    code = ErrorCode.BAD_USER_INPUT if cause is None else _CODES.get(type(cause))
    if isinstance(cause, GraphQLSyntaxError) and cause.message.startswith(_TOO_LARGE_TO_PARSE):
        code = ErrorCode.QUERY_TOO_COMPLEX
    if code is None:
        return None
    field = getattr(cause, "field", ())
    return {"code": code.value, "field": list(field)} if field else {"code": code.value}


def _root_cause(error: GraphQLError) -> BaseException | None:
    """Return what a resolver raised, or None where GraphQL itself objects to the request."""
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError) and not isinstance(
        cause, RequestError | GraphQLSyntaxError
    ):
        cause = cause.original_error
    return cause


def _masked(error: GraphQLError, request_id: str) -> dict[str, Any]:
    _log.error(
        "request %s failed at %s",
        request_id,
        error.path,
        exc_info=error.original_error or error,
    )
    shown: dict[str, Any] = {
        "message": f"Something went wrong on our side. Request id: {request_id}",
        "extensions": {
            "code": ErrorCode.INTERNAL_SERVER_ERROR.value,
            "requestId": request_id,
        },
    }
    if error.path is not None:
        shown["path"] = error.path
    return shown
