"""The Hub's refusals, and whatever goes wrong on the way, in our own words."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

import httpx2

from models.errors import UserErrorCode
from models.evaluation.upstream.errors import RequestFailure, UpstreamFailure
from models.evaluation.upstream.pacing import RETRIED_STATUSES, asked_pause_seconds

_DISABLED: Final = "Access to this resource is disabled."

_UNEXPECTED_SHAPES: Final = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
"""What huggingface_hub and we raise for JSON that is not what the Hub documents."""


def check_reply(response: httpx2.Response) -> None:
    """Let an answer through unless it is a refusal.

    The Hub's own `X-Error-Code` comes first: without a token it answers 401 also for what does
    not exist.

    Raises:
        UpstreamFailure: what the refusal means.
    """
    if response.status_code < HTTPStatus.BAD_REQUEST:
        return
    code = response.headers.get("x-error-code", "")
    status = response.status_code
    what = "dataset" if "/api/datasets/" in response.request.url.path else "model"
    if code == "GatedRepo":
        raise _forbidden(f"the {what} is gated on the Hub: its terms must be accepted there first")
    if response.headers.get("x-error-message") == _DISABLED:
        raise disabled(what)
    if code == "RevisionNotFound":
        raise _not_found(f"the {what} has no such revision on the Hub")
    if code == "EntryNotFound":
        raise _not_found("the Hub has no such file")
    if code == "RepoNotFound" or status == HTTPStatus.NOT_FOUND:
        raise _not_found(f"the Hub has no such {what}, or it is private")
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise _forbidden("the Hub refuses access, or does not accept the token")
    raise UpstreamFailure(
        UserErrorCode.UPSTREAM_UNAVAILABLE,
        _trouble(status),
        retryable=status in RETRIED_STATUSES,
        retry_after_seconds=asked_pause_seconds(response.headers),
    )


def disabled(what: str) -> UpstreamFailure:
    """Say that the Hub took something off."""
    return _forbidden(f"the {what} is disabled on the Hub")


def not_found(what: str) -> UpstreamFailure:
    """Say that the Hub cannot have something, without asking it."""
    return _not_found(f"the Hub has no such {what}")


@contextmanager
def as_upstream_failures() -> Iterator[None]:
    """Turn what goes wrong inside the block into an UpstreamFailure, the cause kept."""
    try:
        yield
    except RequestFailure as error:
        raise _unavailable(f"the Hub {error}", retryable=error.is_retryable) from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise _unavailable("the Hub did not answer with JSON", retryable=True) from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise _unavailable("the Hub sent us in circles, or nowhere", retryable=False) from error
    except _UNEXPECTED_SHAPES as error:
        raise _unavailable("the Hub's answer has not the expected form", retryable=False) from error


def _trouble(status: int) -> str:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "the Hub gets too many requests from here"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "the Hub has a fault of its own"
    return f"the Hub refused the request with status {status}"


def _not_found(message: str) -> UpstreamFailure:
    return UpstreamFailure(UserErrorCode.UPSTREAM_NOT_FOUND, message, retryable=False)


def _forbidden(message: str) -> UpstreamFailure:
    return UpstreamFailure(UserErrorCode.UPSTREAM_FORBIDDEN, message, retryable=False)


def _unavailable(message: str, *, retryable: bool) -> UpstreamFailure:
    return UpstreamFailure(UserErrorCode.UPSTREAM_UNAVAILABLE, message, retryable=retryable)
