"""The pages that can be evaluated: models on the Hugging Face Hub, in any of their spellings."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from models import limits
from models.json_text import text_problem
from models.source_url import HUB_HOST, claimed_url, hub_model, url_problem

ACCEPTED = (
    "must be a model's page on the Hugging Face Hub, such as "
    f"https://{HUB_HOST}/google-bert/bert-base-uncased"
)
REVISION_WITH_SLASH = "names a revision with a slash, which cannot be asked for"
DEFAULT_BRANCH = "main"
_HUB_SCHEME = "hf://"
_REVISION_PAGES = frozenset({"tree", "blob", "resolve", "raw", "commit", "commits", "blame"})
_SEGMENT = r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?"
_REPO_ID = re.compile(rf"(?:{_SEGMENT}/)?{_SEGMENT}")
_ENCODED_SLASH = "%2f"
_REVISION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")


@dataclass(frozen=True, slots=True)
class Page:
    """A model's page on the Hub.

    Attributes:
        repo_id: `owner/name`, or `name` alone for the oldest models.
        revision: a branch, a tag or a commit; None for the newest commit.
    """

    repo_id: str
    revision: str | None = None

    @property
    def url(self) -> str:
        """Return the canonical URL of the page, revision included."""
        page = model_url(self.repo_id)
        return page if self.revision is None else f"{page}/tree/{self.revision}"

    @property
    def identity(self) -> tuple[str, str | None]:
        """Return what all spellings of the page share: the Hub's names know no letter case."""
        return claimed_url(self.url), self.revision


def model_url(repo_id: str) -> str:
    """Return the canonical URL of a model of the Hub."""
    return f"https://{HUB_HOST}/{repo_id}"


def parse_page(url: str) -> Page | str:
    """Tell which page `url` names, or why it names none that can be evaluated.

    Whatever it names, only the hosts of the settings are ever asked.
    """
    if len(url) > limits.SOURCE_URL_MAX_CHARACTERS:
        return f"must have at most {limits.SOURCE_URL_MAX_CHARACTERS} characters"
    web_url = _web_url(url)
    if problem := text_problem(url) or url_problem(web_url):
        return problem
    parts = urlsplit(web_url)
    # An escape can hide a slash or a dot, and no model's name needs one.
    if parts.port is not None or "%" in parts.path or "\\" in parts.path:
        return REVISION_WITH_SLASH if _has_slash_in_revision(web_url) else ACCEPTED
    segments = [segment for segment in parts.path.split("/") if segment]
    repo_id = hub_model(web_url)
    if repo_id is None or not is_repo_id(repo_id) or {".", ".."} & set(segments):
        return ACCEPTED
    return _at_revision(repo_id, segments)


def is_repo_id(text: str) -> bool:
    """Tell whether `text` can be the name of a model or a dataset on the Hub."""
    is_name = _REPO_ID.fullmatch(text) is not None and not text.endswith(".git")
    return is_name and "--" not in text and ".." not in text


def _web_url(url: str) -> str:
    """Return the page's address in the web, also where it is given as an `hf://` URI."""
    if not url.startswith(_HUB_SCHEME):
        return url
    repo_id, at, rest = url.removeprefix(_HUB_SCHEME).partition("@")
    return f"https://{HUB_HOST}/{repo_id}/tree/{rest}" if at else f"https://{HUB_HOST}/{repo_id}"


def _has_slash_in_revision(web_url: str) -> bool:
    """Tell whether it is a model's page but for an encoded slash in the name of its revision."""
    parts = urlsplit(web_url)
    segments = [segment for segment in parts.path.split("/") if segment]
    repo_id = hub_model(web_url)
    if repo_id is None or not is_repo_id(repo_id) or parts.port is not None:
        return False
    kind, revision = [*segments[repo_id.count("/") + 1 :], "", ""][:2]
    return kind in _REVISION_PAGES and _ENCODED_SLASH in revision.lower()


def _at_revision(repo_id: str, segments: list[str]) -> Page | str:
    kind, revision = [*segments[repo_id.count("/") + 1 :], "", ""][:2]
    if kind not in _REVISION_PAGES or revision in {"", DEFAULT_BRANCH}:
        return Page(repo_id)
    if not _REVISION.fullmatch(revision):
        return "names a revision that cannot be one"
    return Page(repo_id, revision)
