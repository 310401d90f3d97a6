"""Reading what came back: data, a refusal, or something that is not this service. Pure."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from graph.client.errors import Throttled, UnexpectedAnswer, Unreachable, api_error
from graph.client.retry import Transient, retry_after_seconds
from graph.client.values.problem import Problem
from graph.client.values.value import Value, misfit
from models.strict_json import read_json

Answer = dict[str, Any]
"""A JSON object of an answer."""
REQUEST_ID: Final = "x-request-id"
A = TypeVar("A")
T = TypeVar("T")

_TOO_MANY_REQUESTS: Final = 429
_UNAVAILABLE: Final = frozenset({502, 503, 504})
_MISREAD: Final = (
    *(AttributeError, LookupError, TypeError, ValueError),
    *(ArithmeticError, RecursionError),
)
"""What reading another shape than expected can end in."""
_REDIRECTS: Final = range(300, 400)
_CODES_BY_STATUS: Final = {401: "UNAUTHENTICATED", 403: "FORBIDDEN"}
"""Of what stands before the service and answers in its own words, such as an authorizer."""


def read_answer(url: str, status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    """Return the data of a GraphQL answer.

    Args:
        headers: by lower-case name.

    Raises:
        Transient: the same request may succeed later.
        ApiError: the service refused.
        UnexpectedAnswer: it is no GraphQL answer.
    """
    content = _parsed(body)
    pause = retry_after_seconds(headers.get("retry-after"))
    if problems := _problems(content):
        error = api_error(problems, headers.get(REQUEST_ID))
        if isinstance(error, Throttled) or _is_transient(status):
            raise Transient(error, after_seconds=pause)
        raise error
    if status == _TOO_MANY_REQUESTS:
        refused = Throttled([Problem("THROTTLED", f"{url} answered 429, too many requests")])
        raise Transient(refused, after_seconds=pause, executed=False)
    if status in _UNAVAILABLE:
        raise Transient(Unreachable(f"{url} answered {status}"), after_seconds=pause)
    if code := _CODES_BY_STATUS.get(status):
        raise api_error([Problem(code, f"{url} answered {status}")], headers.get(REQUEST_ID))
    if status in _REDIRECTS:
        raise UnexpectedAnswer(
            f"{url} answered {status}, a redirect, which is not followed with credentials: "
            "give the address that it leads to"
        )
    data = content.get("data")
    if not isinstance(data, dict):
        raise UnexpectedAnswer(f"{url} answered {status}, but not as a GraphQL service does")
    return data


def user_errors(payload: Answer) -> list[Problem]:
    """Return why a mutation was refused; nothing where it was not."""
    return [understood(Problem.of, error) for error in listed(payload, "userErrors")]


def understood(read: Callable[[A], T], answer: A) -> T:
    """Return what `read` makes of an answer, or of a part of one.

    Raises:
        UnexpectedAnswer: it lacks what was asked for, or has a field of another type.
    """
    try:
        found = read(answer)
    except _MISREAD as error:
        raise UnexpectedAnswer(f"the answer has another shape than was asked for: {error!r}") from (
            error
        )
    if isinstance(found, Value) and (name := misfit(found)):
        raise UnexpectedAnswer(f"the answer has another shape than was asked for: {name}")
    return found


def optional(answer: Answer, name: str) -> Answer | None:
    """Return an object of an answer, or None for null: what was asked for is not there.

    Raises:
        UnexpectedAnswer: it is neither.
    """
    return None if answer.get(name) is None else member(answer, name)


def member(answer: Answer, name: str) -> Answer:
    """Return an object of an answer.

    Raises:
        UnexpectedAnswer: there is none of this name.
    """
    found = answer.get(name)
    if not isinstance(found, dict):
        raise UnexpectedAnswer(f"the answer lacks {name}, which was asked for")
    return found


def number(answer: Answer, name: str) -> int:
    """Return a whole number of an answer.

    Raises:
        UnexpectedAnswer: there is none of this name.
    """
    found = answer.get(name)
    if type(found) is not int:
        raise UnexpectedAnswer(f"the answer lacks {name}, which was asked for")
    return found


def text(answer: object, name: str) -> str:
    """Return a text of a part of an answer, which may be anything.

    Raises:
        UnexpectedAnswer: there is none of this name.
    """
    found = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(found, str):
        raise UnexpectedAnswer(f"the answer lacks {name}, which was asked for")
    return found


def listed(answer: Answer, name: str) -> list[Any]:
    """Return a list of an answer.

    Raises:
        UnexpectedAnswer: there is none of this name.
    """
    found = answer.get(name)
    if not isinstance(found, list):
        raise UnexpectedAnswer(f"the answer lacks {name}, which was asked for")
    return found


def _is_transient(status: int) -> bool:
    return status == _TOO_MANY_REQUESTS or status in _UNAVAILABLE


def _parsed(body: bytes) -> Answer:
    try:
        content = read_json(body)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _problems(content: Answer) -> list[Problem]:
    """Return GraphQL's errors, whatever else stands beside them."""
    errors = content.get("errors")
    if not isinstance(errors, list):
        return []
    return [_problem(error) for error in errors if isinstance(error, dict)]


def _problem(error: Answer) -> Problem:
    extensions = error.get("extensions")
    told: Answer = extensions if isinstance(extensions, dict) else {}
    code, message, field = told.get("code"), error.get("message"), told.get("field")
    steps = field if isinstance(field, list) else []
    return Problem(
        code=code if isinstance(code, str) else "UNKNOWN",
        message=message if isinstance(message, str) else "",
        field=tuple(str(step) for step in steps if isinstance(step, str | int)),
    )
