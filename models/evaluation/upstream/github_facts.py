"""GitHub's description of a repository, as facts."""

from typing import Final

from models.evaluation.facts import RepositoryFacts
from models.evaluation.upstream.names import is_github_repository, is_sha
from models.evaluation.upstream.replies import day, fields, items, text

_NO_LICENSE: Final = frozenset({"NOASSERTION", "NONE"})


def repository_facts(
    repository: object, commit: object, tree: object, *, is_released: bool
) -> RepositoryFacts:
    """Take what the metrics need of GitHub's answers.

    Raises:
        ValueError: one of them does not say what it must.
    """
    told = fields(repository)
    license_id = text(fields(told.get("license")).get("spdx_id"))
    return RepositoryFacts(
        full_name=full_name(repository),
        revision=revision(commit),
        license_id=None if license_id in _NO_LICENSE else license_id,
        paths=_paths(tree),
        committed_on=_committed_on(commit),
        release_count=int(is_released),
        is_archived=told.get("archived") is True,
    )


def full_name(repository: object) -> str:
    """Return `owner/name`, after renames.

    Raises:
        ValueError: there is none.
    """
    found = text(fields(repository).get("full_name")) or ""
    owner, _, name = found.partition("/")
    if not is_github_repository(owner, name):
        raise ValueError("the repository has no name")
    return found


def default_branch(repository: object) -> str:
    """Return the name of the default branch.

    Raises:
        ValueError: there is none.
    """
    found = text(fields(repository).get("default_branch"))
    if found is None or found in {".", ".."}:
        raise ValueError("the repository has no default branch")
    return found


def revision(commit: object) -> str:
    """Return the SHA-1 of a commit.

    Raises:
        ValueError: there is none.
    """
    found = text(fields(commit).get("sha")) or ""
    if not is_sha(found):
        raise ValueError("the commit has no SHA-1")
    return found


def _committed_on(commit: object) -> str:
    told = fields(fields(commit).get("commit"))
    date = day(fields(told.get("committer")).get("date"))
    if date is None:
        raise ValueError("the commit has no date")
    return date


def _paths(tree: object) -> tuple[str, ...] | None:
    told = fields(tree)
    if not isinstance(told.get("tree"), list):
        raise ValueError("the tree is no list")
    if told.get("truncated") is not False:
        return None
    entries = [fields(entry) for entry in items(told.get("tree"))]
    return tuple(
        path
        for entry in entries
        if entry.get("type") == "blob" and (path := text(entry.get("path")))
    )
