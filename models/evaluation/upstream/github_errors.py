"""GitHub's refusals, and whatever goes wrong on the way, in our own words."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import httpx2

from models.evaluation.upstream.errors import RequestFailure


class GitHubFailure(Exception):  # noqa: N818  # what happened there, no error of ours
    """Something could not be read from GitHub; the message says why, for a person."""


class GitHubNotFound(GitHubFailure):
    """GitHub does not have it, or does not show it."""


class EmptyRepository(GitHubFailure):
    """There is a repository without a commit."""


def check_reply(response: httpx2.Response) -> None:
    """Let an answer through unless it is a refusal.

    Raises:
        GitHubFailure: what the refusal means.
    """
    status = response.status_code
    if status < HTTPStatus.BAD_REQUEST:
        return
    if status == HTTPStatus.NOT_FOUND:
        raise GitHubNotFound("GitHub has no such repository, or it is private")
    if status == HTTPStatus.CONFLICT:
        raise EmptyRepository("the repository on GitHub is empty")
    if status == HTTPStatus.UNAUTHORIZED:
        raise GitHubFailure("GitHub does not accept the token")
    is_forbidden = status == HTTPStatus.FORBIDDEN
    if status == HTTPStatus.TOO_MANY_REQUESTS or (is_forbidden and _is_used_up(response)):
        raise GitHubFailure("GitHub gets too many requests from here")
    if is_forbidden:
        raise GitHubFailure("GitHub refuses access")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise GitHubFailure("GitHub has a fault of its own")
    raise GitHubFailure(f"GitHub refused the request with status {status}")


@contextmanager
def as_github_failures() -> Iterator[None]:
    """Turn what goes wrong inside the block into a GitHubFailure, the cause kept."""
    try:
        yield
    except RequestFailure as error:
        raise GitHubFailure(f"GitHub {error}") from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise GitHubFailure("GitHub sent us in circles, or nowhere") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise GitHubFailure("GitHub did not answer with JSON") from error
    except (ValueError, RecursionError) as error:
        raise GitHubFailure("GitHub's answer has not the expected form") from error


def _is_used_up(response: httpx2.Response) -> bool:
    headers = response.headers
    return headers.get("x-ratelimit-remaining") == "0" or "retry-after" in headers
