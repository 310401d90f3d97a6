"""The one adapter to GitHub: what it says of the code repository that a model card links."""

from typing import Final
from urllib.parse import quote

from models.evaluation.facts import Absent, RepositoryFacts, Unread
from models.evaluation.upstream.github_errors import (
    EmptyRepository,
    GitHubFailure,
    GitHubNotFound,
    as_github_failures,
    check_reply,
)
from models.evaluation.upstream.github_facts import (
    default_branch,
    full_name,
    repository_facts,
    revision,
)
from models.evaluation.upstream.http import guarded_client
from models.evaluation.upstream.names import is_github_repository
from models.evaluation.upstream.pacing import Pacing
from models.evaluation.upstream.replies import items

REPLY_MAX_BYTES: Final = 8 << 20
"""GitHub cuts a tree at 7 MB."""

_API_VERSION: Final = "2022-11-28"


class GitHub:
    """Reads from GitHub's REST API at `api_url`, by a client that knows no other host.

    Args:
        api_url: an http or https URL.
        token: an access token; None reads what everybody may read, sixty requests an hour.
        pacing: how long things may take.
    """

    def __init__(
        self, api_url: str, token: str | None = None, pacing: Pacing | None = None
    ) -> None:
        self._api_url = api_url.rstrip("/")
        headers = {
            "accept": "application/vnd.github+json",
            "x-github-api-version": _API_VERSION,
        }
        if token:
            headers["authorization"] = f"Bearer {token}"
        self._client = guarded_client(
            self._api_url,
            body_limit=lambda _path: REPLY_MAX_BYTES,
            check=check_reply,
            headers=headers,
            pacing=pacing or Pacing(),
        )

    def repository(self, owner: str, name: str) -> RepositoryFacts | Absent | Unread:
        """Read GitHub's description of a repository, at the newest commit of its main branch."""
        if not is_github_repository(owner, name):
            return Absent("no repository of GitHub can have this name")
        try:
            with as_github_failures():
                described = self._get(f"/repos/{owner}/{name}")
                return self._contents(described)
        except (GitHubNotFound, EmptyRepository) as failure:
            return Absent(str(failure))
        except GitHubFailure as failure:
            return Unread(str(failure))

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def _contents(self, described: object) -> RepositoryFacts:
        repository = f"/repos/{full_name(described)}"
        branch = quote(default_branch(described), safe="")
        try:
            commit = self._get(f"{repository}/commits/{branch}")
            tree = self._get(f"{repository}/git/trees/{revision(commit)}?recursive=1")
            is_released = any(
                items(self._get(f"{repository}/{kind}?per_page=1")) for kind in ("releases", "tags")
            )
        except GitHubNotFound as failure:
            raise GitHubFailure("GitHub does not show what is in the repository") from failure
        return repository_facts(described, commit, tree, is_released=is_released)

    def _get(self, path: str) -> object:
        reply: object = self._client.get(f"{self._api_url}{path}").json()
        return reply
