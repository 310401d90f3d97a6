"""The one adapter to the Hugging Face Hub: what it says of models and datasets, as facts.

huggingface_hub makes the requests, through our own client: no token is taken from this machine's
cache, nothing is reported and nothing is written to disk. It keeps one client for the whole
process: a process serves one Hub at a time, that of the newest Hub.
"""

import logging
from datetime import date
from typing import Final

import httpx2
from huggingface_hub import HfApi, close_session, get_session, hf_hub_url, set_client_factory

from models.errors import UserErrorCode
from models.evaluation.facts import (
    Absent,
    Commit,
    Commits,
    DatasetFacts,
    ModelFacts,
    Unread,
)
from models.evaluation.upstream.errors import UpstreamFailure
from models.evaluation.upstream.http import USER_AGENT, guarded_client
from models.evaluation.upstream.hub_errors import (
    as_upstream_failures,
    check_reply,
    disabled,
    not_found,
)
from models.evaluation.upstream.hub_facts import (
    README,
    commit_facts,
    dataset_facts,
    model_facts,
)
from models.evaluation.upstream.names import is_repo_id, is_revision
from models.evaluation.upstream.pacing import Pacing

MODEL_MAX_BYTES: Final = 16 << 20
README_MAX_BYTES: Final = 1 << 20
REPLY_MAX_BYTES: Final = 8 << 20

COMMITS_MAX: Final = 1_000
COMMIT_PAGES_MAX: Final = 20
COMMITS_WINDOW_DAYS: Final = 731
"""24 months, one of them of a leap year."""


class Hub:
    """Reads from the Hub at `endpoint`.

    Args:
        endpoint: an http or https URL.
        token: an access token; None reads what everybody may read.
        pacing: how long things may take.
    """

    def __init__(
        self, endpoint: str, token: str | None = None, pacing: Pacing | None = None
    ) -> None:
        self._endpoint = endpoint.rstrip("/")
        self._token = token or None
        self._pacing = pacing or Pacing()
        self._api = HfApi(
            endpoint=self._endpoint, token=token or False, headers={"user-agent": USER_AGENT}
        )
        set_client_factory(self._new_client)
        # Its warnings quote what strangers wrote into model cards.
        logging.getLogger("huggingface_hub").setLevel(logging.ERROR)

    def model(self, repo_id: str, revision: str | None = None) -> ModelFacts:
        """Read the Hub's description of a model, in one request.

        Args:
            repo_id: its name, or one that it had before.
            revision: a branch, tag or commit; the newest commit of the main branch unless given.

        Raises:
            UpstreamFailure: there is none that can be read.
        """
        if not is_repo_id(repo_id):
            raise not_found("model")
        if revision is not None and not is_revision(revision):
            raise not_found("revision")
        with as_upstream_failures():
            info = self._api.model_info(
                repo_id, revision=revision, files_metadata=True, securityStatus=True
            )
            if info.disabled is True:
                raise disabled("model")
            return model_facts(info)

    def card(self, model: ModelFacts) -> str | Absent | Unread:
        """Read the model card at the model's revision, front matter included."""
        if all(file.path != README for file in model.files):
            return Absent("the model has no README.md")
        url = hf_hub_url(model.repo_id, README, revision=model.revision, endpoint=self._endpoint)
        try:
            return self._get(url).content.decode("utf-8-sig", "replace")
        except UpstreamFailure as failure:
            return Unread(failure.message)

    def commits(self, model: ModelFacts) -> Commits | Unread:
        """Read the commits up to the model's revision, as far as 24 months before the newest."""
        url = f"{self._endpoint}/api/models/{model.repo_id}/commits/{model.revision}"
        found: list[Commit] = []
        rest = ""
        try:
            for _ in range(COMMIT_PAGES_MAX):
                page, rest = self._commit_page(url, rest)
                found += page
                if not rest or len(found) >= COMMITS_MAX or _is_beyond_window(found):
                    break
        except UpstreamFailure as failure:
            return Unread(failure.message)
        if not found:
            return Unread("the Hub names no commit, though there is a revision")
        is_cut = bool(rest) or len(found) > COMMITS_MAX
        return Commits(tuple(found[:COMMITS_MAX]), is_cut)

    def dataset(self, name: str) -> DatasetFacts | Absent | Unread:
        """Read the Hub's description of a dataset, by the name that a model card gives it."""
        if not is_repo_id(name):
            return Absent("no dataset of the Hub can have this name")
        try:
            with as_upstream_failures():
                return dataset_facts(self._api.dataset_info(name))
        except UpstreamFailure as failure:
            if failure.code == UserErrorCode.UPSTREAM_NOT_FOUND:
                return Absent(failure.message)
            return Unread(failure.message)

    def close(self) -> None:
        """Close all connections of the process to its Hub."""
        close_session()

    def _commit_page(self, url: str, query: str) -> tuple[list[Commit], str]:
        """Read a page, and return the query of the next one; an empty one after the last.

        Only the query of the link is followed: the links of a mirror may name the original.
        """
        response = self._get(f"{url}?{query}" if query else url)
        with as_upstream_failures():
            page: object = response.json()
            if not isinstance(page, list):
                raise TypeError("the commits are no list")
            return [commit_facts(item) for item in page], _next_query(response)

    def _get(self, url: str) -> httpx2.Response:
        with as_upstream_failures():
            return get_session().get(url)

    def _new_client(self) -> httpx2.Client:
        return guarded_client(
            self._endpoint,
            body_limit=_body_max_bytes,
            check=check_reply,
            headers={"authorization": f"Bearer {self._token}"} if self._token else {},
            pacing=self._pacing,
        )


def _body_max_bytes(path: str) -> int:
    if path.endswith(f"/{README}"):
        return README_MAX_BYTES
    is_model = "/api/models/" in path and "/commits/" not in path
    return MODEL_MAX_BYTES if is_model else REPLY_MAX_BYTES


def _next_query(response: httpx2.Response) -> str:
    following = response.links.get("next")
    if following is None:
        return ""
    query = httpx2.URL(following["url"]).query.decode()
    if not query:
        raise ValueError("the link to the next page has no query")
    return query


def _is_beyond_window(newest_first: list[Commit]) -> bool:
    days = [date.fromisoformat(commit.date) for commit in newest_first]
    return bool(days) and (days[0] - days[-1]).days > COMMITS_WINDOW_DAYS
