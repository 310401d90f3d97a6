"""The Hub's API, as far as it is used here: descriptions, commits and model cards."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from graph.local.hub.data import Described, HubData
from graph.local.hub.reply import Reply, json_reply, redirect, refusal

COMMITS_PER_PAGE: Final = 50

_NAME: Final = r"(?P<name>[\w.-]+(?:/[\w.-]+)?)"
_API: Final = re.compile(
    rf"/api/(?P<kind>models|datasets)/{_NAME}(?:/(?P<part>revision|commits)/(?P<revision>[^/]+))?"
)
_FILE: Final = re.compile(rf"/{_NAME}/resolve/(?P<revision>[^/]+)/(?P<file>.+)")
_ONLY_WITH_BLOBS: Final = frozenset({"size", "blobId", "lfs"})


def answer_as_hub(
    data: HubData, url: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]
) -> Reply:
    """Answer a GET.

    Args:
        url: where the stand-in answers, for the links between pages.
        path: without its query; its escapes are still there.
    """
    asked = _API.fullmatch(path) or _FILE.fullmatch(path)
    if asked is None:
        return json_reply({"error": "Not Found"}, HTTPStatus.NOT_FOUND)
    kind = asked.groupdict().get("kind", "models")
    if new_name := data.new_name(kind, asked["name"]):
        return redirect(HTTPStatus.TEMPORARY_REDIRECT, _renamed(asked, new_name, query))
    described = data.described(kind, asked["name"])
    if described is None:
        return _missing(headers)
    if asked["revision"] not in {None, "main", described.get("sha")}:
        message = f"Invalid rev id: {asked['revision']}"
        return refusal(HTTPStatus.NOT_FOUND, "RevisionNotFound", message)
    if asked.re is _FILE:
        return _file(data, described, asked, headers)
    is_listing = asked["part"] == "commits"
    return (
        _commits(data.commits(asked["name"]), f"{url}{path}", query)
        if is_listing
        else json_reply(_shown(described, query))
    )


def _renamed(asked: re.Match[str], new_name: str, query: Mapping[str, str]) -> str:
    before, after = asked.string[: asked.start("name")], asked.string[asked.end("name") :]
    parameters = "&".join(f"{key}={value}" for key, value in query.items())
    return f"{before}{new_name}{after}" + (f"?{parameters}" if parameters else "")


def _missing(headers: Mapping[str, str]) -> Reply:
    """Whoever has not logged in is not told what is private and what does not exist."""
    is_anonymous = "authorization" not in headers
    status = HTTPStatus.UNAUTHORIZED if is_anonymous else HTTPStatus.NOT_FOUND
    return refusal(status, "RepoNotFound", "Repository not found")


def _file(
    data: HubData, described: Described, asked: re.Match[str], headers: Mapping[str, str]
) -> Reply:
    if described.get("gated"):
        is_anonymous = "authorization" not in headers
        status = HTTPStatus.UNAUTHORIZED if is_anonymous else HTTPStatus.FORBIDDEN
        message = f"Access to model {asked['name']} is restricted. You must have access to it."
        return refusal(status, "GatedRepo", message)
    card = data.readme(asked["name"]) if asked["file"] == "README.md" else None
    if card is None:
        return refusal(HTTPStatus.NOT_FOUND, "EntryNotFound", "Entry not found")
    return Reply(body=card, headers=(("Content-Type", "text/plain; charset=utf-8"),))


def _commits(commits: list[Described], url: str, query: Mapping[str, str]) -> Reply:
    limit = int(query.get("limit", COMMITS_PER_PAGE))
    page = int(query.get("p", "0"))
    shown = commits[page * limit : (page + 1) * limit]
    total = ("X-Total-Count", str(len(commits)))
    if len(commits) <= (page + 1) * limit:
        return json_reply(shown, headers=(total,))
    following = f'<{url}?p={page + 1}&limit={limit}>; rel="next"'
    return json_reply(shown, headers=(total, ("Link", following)))


def _shown(described: Described, query: Mapping[str, str]) -> Described:
    """Leave out what is told only when it is asked for."""
    shown = dict(described)
    if query.get("securityStatus") != "true":
        shown.pop("securityRepoStatus", None)
    files = shown.get("siblings")
    if query.get("blobs") != "true" and isinstance(files, list):
        shown["siblings"] = [
            {key: value for key, value in file.items() if key not in _ONLY_WITH_BLOBS}
            for file in files
        ]
    return shown
