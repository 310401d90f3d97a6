"""GitHub's REST API, as far as it is used here: a repository, its newest commit and its files."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from graph.local.hub.data import Described, HubData
from graph.local.hub.reply import Reply, json_reply, redirect

_REPOSITORY: Final = re.compile(
    r"/repos/(?P<name>[\w.-]+/[\w.-]+)"
    r"(?:/(?P<part>commits|git/trees|releases|tags)(?:/(?P<revision>[^/]+))?)?"
)
_BY_ID: Final = re.compile("/repositories/(?P<id>[0-9]+)")
_BODIES: Final = {
    None: "repo",
    "commits": "commit",
    "git/trees": "tree",
    "releases": "releases",
    "tags": "tags",
}
"""Part of the path -> key in the file."""


def answer_as_github(data: HubData, url: str, path: str, query: Mapping[str, str]) -> Reply:
    """Answer a GET.

    Args:
        url: where the stand-in answers, for redirects.
    """
    if by_id := _BY_ID.fullmatch(path):
        found = [one for one in data.all_described("github") if _id(one) == by_id["id"]]
        return json_reply(found[0]["repo"]) if found else _not_found()
    asked = _REPOSITORY.fullmatch(path)
    if asked is None:
        return _not_found()
    if new_name := data.new_name("github", asked["name"]):
        renamed = data.described("github", new_name)
        location = f"{url}/repositories/{_id(renamed or {})}"
        return redirect(HTTPStatus.MOVED_PERMANENTLY, location)
    described = data.described("github", asked["name"])
    if described is None:
        return _not_found()
    body = described[_BODIES[asked["part"]]]
    if isinstance(body, list):
        body = body[: int(query.get("per_page", "30"))]
    return json_reply(body)


def _id(described: Described) -> str:
    repository = described.get("repo")
    return str(repository["id"]) if isinstance(repository, dict) else ""


def _not_found() -> Reply:
    return json_reply({"message": "Not Found", "status": "404"}, HTTPStatus.NOT_FOUND)
