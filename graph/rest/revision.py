"""The parameter `revision` of an evaluation, which GraphQL takes as a part of the URL."""

import re
from typing import Any

from graph.params import HttpError
from models.evaluation.page import DEFAULT_BRANCH, Page, model_url, parse_page

_NAME = "revision"
_DEFAULT_NAMED = re.compile(rf"(?<=[/@]){DEFAULT_BRANCH}(?=$|[/?#])")
_STAND_IN = "another-branch"
REVISION = {_NAME: "A branch, a tag or a commit, unless the URL names it; the newest commit if not"}


def with_revision(given: dict[str, Any]) -> dict[str, Any]:
    """Put `revision` into the URL.

    Raises:
        HttpError: the URL names another revision, or it is none that the Hub can have.
    """
    command = {name: value for name, value in given.items() if name != _NAME}
    revision = given.get(_NAME)
    page = parse_page(given["url"])
    if revision is None or isinstance(page, str):  # what is wrong with a URL, GraphQL says
        return command
    if _named(given["url"], page) not in {None, revision}:
        raise HttpError.bad_request("url names another revision than revision does", _NAME)
    url = f"{model_url(page.repo_id)}/tree/{revision}"
    asked, wanted = parse_page(url), None if revision == DEFAULT_BRANCH else revision
    if not isinstance(asked, Page) or asked.revision != wanted:
        raise HttpError.bad_request("revision is none that can be asked for", _NAME)
    return command | {"url": url}


def _named(url: str, page: Page) -> str | None:
    """Return the revision that a URL names, also where that is the one that it has without.

    `parse_page` does not tell `/tree/main` from nothing: with another branch in the place of main
    it would.
    """
    if page.revision is not None:
        return page.revision
    other = parse_page(_DEFAULT_NAMED.sub(_STAND_IN, url))
    names_it = isinstance(other, Page) and other.revision == _STAND_IN
    return DEFAULT_BRANCH if names_it else None
