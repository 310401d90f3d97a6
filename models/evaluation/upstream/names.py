"""Names that go into paths of requests: whoever wrote them, they cannot lead anywhere else."""

import re
from typing import Final

from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils import validate_repo_id  # type: ignore[attr-defined]  # it lists no names

from models.evaluation import page

REVISION_MAX_LENGTH: Final = 200

_REVISION: Final = re.compile(r"\w[\w.+@/-]*", re.ASCII)
_SHA: Final = re.compile("[0-9a-f]{40}")
_GITHUB_OWNER: Final = re.compile("[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})")
_GITHUB_NAME: Final = re.compile(r"[\w.-]{1,100}", re.ASCII)


def is_repo_id(name: str) -> bool:
    """Whether a repository of the Hub can have this name, for us and for the Hub's own library."""
    if not page.is_repo_id(name):
        return False
    try:
        validate_repo_id(name)
    except HFValidationError:
        return False
    return True


def is_revision(name: str) -> bool:
    """Whether a branch, tag, ref or commit of the Hub can have this name."""
    return (
        _REVISION.fullmatch(name) is not None
        and ".." not in name
        and len(name) <= REVISION_MAX_LENGTH
    )


def is_sha(name: str) -> bool:
    """Whether it names a commit, and never anything else."""
    return _SHA.fullmatch(name) is not None


def is_github_repository(owner: str, name: str) -> bool:
    """Whether a repository of GitHub can have this name."""
    return (
        _GITHUB_OWNER.fullmatch(owner) is not None
        and _GITHUB_NAME.fullmatch(name) is not None
        and name not in {".", ".."}
    )
