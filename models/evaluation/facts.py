"""What is read of a model upstream, once and at one commit: the only input of its metrics.

Nothing here tells how popular a model is: no metric can score what it is not given.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from models.json_text import Json


@dataclass(frozen=True, slots=True)
class Absent:
    """It is certain that there is no such thing: that scores 0.

    Attributes:
        why: how that is known, for a person.
    """

    why: str


@dataclass(frozen=True, slots=True)
class Unread:
    """It could not be read, so nobody knows: a metric that needs it is UNKNOWN.

    Attributes:
        why: what came in the way, for a person; the same for the same cause.
    """

    why: str


@dataclass(frozen=True, slots=True)
class RepoFile:
    """A file of a repository.

    Attributes:
        path: inside the repository.
        size_bytes: None where the Hub did not tell.
    """

    path: str
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """What the Hub's security scan of a model's files says.

    Attributes:
        is_done: whether all files were scanned.
        issues: the level of each finding, such as `unsafe`, by the path of its file.
    """

    is_done: bool
    issues: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """The Hub's description of a model.

    Attributes:
        repo_id: the name that the Hub gives it now, after renames.
        revision: the commit that everything was read at, 40 hex digits.
        card_data: the front matter of the model card.
        model_index: results as the card's front matter states them, by the Hub's schema.
        config: the parts of `config.json` that the Hub shows.
        parameters: how many, by the type of the numbers, such as `F32`.
        scan: None where the Hub did not tell.
    """

    repo_id: str
    revision: str
    card_data: Mapping[str, Json]
    model_index: Json
    config: Mapping[str, Json]
    tags: tuple[str, ...]
    pipeline_tag: str | None
    library_name: str | None
    parameters: Mapping[str, int]
    files: tuple[RepoFile, ...]
    scan: Scan | None


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of a model's repository.

    Attributes:
        authors: their names on the Hub.
        date: the day, such as `2026-11-23`.
    """

    authors: tuple[str, ...]
    date: str


@dataclass(frozen=True, slots=True)
class Commits:
    """The commits up to the revision, newest first.

    Attributes:
        is_cut: whether there are older ones that were not read.
    """

    newest_first: tuple[Commit, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """The Hub's description of a dataset.

    Attributes:
        repo_id: the name that the Hub gives it now, after renames.
        card_data: the front matter of the dataset card.
        has_card: whether there is a README.md.
        is_disabled: whether the Hub took it off.
    """

    repo_id: str
    revision: str
    card_data: Mapping[str, Json]
    tags: tuple[str, ...]
    description: str
    citation: str
    has_card: bool
    is_disabled: bool


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset that a model declares, and what was found under that name."""

    declared: str
    found: DatasetFacts | Absent | Unread


@dataclass(frozen=True, slots=True)
class RepositoryFacts:
    """GitHub's description of the code repository that a model card links.

    Attributes:
        full_name: `owner/name`, after renames.
        revision: the newest commit of its default branch.
        license_id: an SPDX id, or None where GitHub recognises none.
        paths: of its files; None where GitHub cut the list.
        committed_on: the day of `revision`.
        release_count: 0, or 1 for any number of releases or tags.
    """

    full_name: str
    revision: str
    license_id: str | None
    paths: tuple[str, ...] | None
    committed_on: str
    release_count: int
    is_archived: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that was read for one evaluation.

    Attributes:
        card: the text of the model card, front matter included.
        read_on: the day of reading, since which activity is recent.
    """

    model: ModelFacts
    card: str | Absent | Unread
    commits: Commits | Unread
    datasets: tuple[Dataset, ...]
    repository: RepositoryFacts | Absent | Unread
    read_on: str
