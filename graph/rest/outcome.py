"""From GraphQL's answer to REST's: a status, and success with data or failure with its reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from graph.execution import Answer
from graph.rest.names import renamed
from graph.rest.parameters import Parameter
from graph.rest.routes import Operation
from graph.rest.shape import PAGE_INFO, shown, shown_page
from graph.rest.statuses import RETRY_AFTER_SECONDS, STATUSES
from models.errors import UserErrorCode
from models.evaluation.record import EvaluationStatus

USER_ERRORS = "userErrors"
UNDER_WAY = frozenset({EvaluationStatus.QUEUED.value, EvaluationStatus.RUNNING.value})

Error = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What goes back.

    Attributes:
        codes: of all errors.
    """

    status: HTTPStatus
    body: dict[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    codes: Sequence[str] = ()


def refused(answer: Answer, taken: Mapping[str, Parameter], request_id: str) -> Outcome:
    """Translate an answer with errors.

    Args:
        taken: the operation's parameters, by which faults are named; none where the request was
            refused before its operation was known.
    """
    is_https = answer.status != HTTPStatus.OK and not answer.by_graphql
    names = _names(taken)
    told = [_from_graphql(error, names) for error in answer.body["errors"]]
    return _failure(told, request_id, answer.status if is_https else None, answer.headers)


def executed(
    answer: Answer, operation: Operation, taken: Mapping[str, Parameter], request_id: str
) -> Outcome:
    """Translate an answer without errors, which can still be a refusal."""
    (root,) = answer.body["data"].values()
    if root and root.get(USER_ERRORS):
        names = _names(taken)
        return _failure([_from_user_error(one, names) for one in root[USER_ERRORS]], request_id)
    if not root:
        missing = f"there is no such {operation.missing}"
        error = {"code": UserErrorCode.NOT_FOUND.value, "message": missing, "field": "id"}
        return _failure([error], request_id)
    data = _data(operation, root)
    return Outcome(_status(operation, data), {"success": True, "data": data})


def failure_of(error: Error, request_id: str) -> Outcome:
    """Tell one error of GraphQL's form."""
    return _failure([_from_graphql(error, {})], request_id)


def _names(taken: Mapping[str, Parameter]) -> dict[str, str]:
    """Return the parameters' names by those that GraphQL has for them."""
    return {
        known: parameter.name
        for parameter in taken.values()
        for known in (parameter.argument, parameter.variable)
    }


def _data(operation: Operation, root: dict[str, Any]) -> dict[str, Any]:
    if operation.subject:
        others = {
            name: value
            for name, value in root.items()
            if name not in {operation.subject, USER_ERRORS}
        }
        root = root[operation.subject] | others
    if PAGE_INFO in root:
        return shown_page(operation.root.name.value, root)
    data: dict[str, Any] = shown(root)
    return data


def _status(operation: Operation, data: dict[str, Any]) -> HTTPStatus:
    if operation.may_be_under_way and data["status"] in UNDER_WAY:
        return HTTPStatus.ACCEPTED
    return operation.status


def _from_graphql(error: Error, names: Mapping[str, str]) -> Error:
    extensions = error["extensions"]
    return _error(extensions["code"], error["message"], extensions.get("field"), names)


def _from_user_error(error: Error, names: Mapping[str, str]) -> Error:
    return _error(error["code"], error["message"], error["field"], names)


def _error(code: str, message: str, path: Sequence[str] | None, names: Mapping[str, str]) -> Error:
    """Return an error that names what was given by the name of REST."""
    known = [names[part] for part in path or () if part in names]
    name = known[0] if known else (path[0] if path else None)
    return {"code": code, "message": renamed(message, names), "field": name}


def _failure(
    errors: list[Error],
    request_id: str,
    status: HTTPStatus | None = None,
    headers: Mapping[str, str] | None = None,
) -> Outcome:
    """Tell what is wrong; the first error decides the status, unless HTTP did."""
    status = status or STATUSES[errors[0]["code"]]
    extra = dict(headers or {})
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        extra["Retry-After"] = str(RETRY_AFTER_SECONDS)
    body: dict[str, Any] = {"success": False, "error": errors[0]}
    if len(errors) > 1:
        body["errors"] = errors
    body["request_id"] = request_id
    return Outcome(status, body, extra, [error["code"] for error in errors])
