"""One evaluation's reading: everything at one commit, side by side, by one deadline."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from models.evaluation.catalog import Source
from models.evaluation.facts import (
    Absent,
    Dataset,
    Facts,
    ModelFacts,
    RepositoryFacts,
    Unread,
)
from models.evaluation.links import declared_datasets, is_library, linked_repository
from models.evaluation.upstream.deadline import time_limit
from models.evaluation.upstream.github import GitHub
from models.evaluation.upstream.hub import Hub
from models.evaluation.upstream.readers import Readers

DATASETS_MAX: Final = 32
"""How many of the datasets that a model declares are looked up: the first ones."""
DATASET_READERS_MAX: Final = 5
SOURCE_READERS_MAX: Final = 3
"""Apart from those of datasets, so that many of them keep no other source waiting."""

HUB_IS_LATE: Final = Unread("the Hub did not answer in time")
GITHUB_IS_LATE: Final = Unread("GitHub did not answer in time")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read, and how long that took.

    Attributes:
        elapsed_ms: by source; the only part in which two readings of the same differ.
    """

    facts: Facts
    elapsed_ms: Mapping[str, int]


class Upstream:
    """Reads models from a Hub, and the code that their cards link from a GitHub."""

    def __init__(self, hub: Hub, github: GitHub) -> None:
        self._hub = hub
        self._github = github

    def read(self, repo_id: str, revision: str | None, read_on: str, seconds: float) -> Reading:
        """Read everything that metrics need.

        Args:
            repo_id: the model's name on the Hub, or one that it had before.
            revision: a branch, tag or commit; the newest commit of the main branch if None.
            read_on: today, such as `2026-11-23`.
            seconds: after which whatever is not there is Unread.

        Raises:
            UpstreamFailure: the model itself cannot be read.
        """
        with time_limit(seconds):
            began = time.monotonic()
            model = self._hub.model(repo_id, revision)
            model_ms = round((time.monotonic() - began) * 1000)
            return self._around(model, model_ms, read_on)

    def close(self) -> None:
        """Close all connections."""
        self._hub.close()
        self._github.close()

    def _around(self, model: ModelFacts, model_ms: int, read_on: str) -> Reading:
        names = declared_datasets(model)[:DATASETS_MAX]
        with Readers(SOURCE_READERS_MAX) as readers, Readers(DATASET_READERS_MAX) as more:
            commits_read = readers.start(self._hub.commits, model)
            card_read = readers.start(self._hub.card, model)
            dataset_reads = [more.start(self._hub.dataset, name) for name in names]
            card, card_ms = card_read.wait(HUB_IS_LATE)
            repository, repository_ms = self._repository(card, readers)
            commits, commits_ms = commits_read.wait(HUB_IS_LATE)
            found = [read.wait(HUB_IS_LATE) for read in dataset_reads]
        pairs = zip(names, found, strict=True)
        return Reading(
            Facts(
                model=model,
                card=card,
                commits=commits,
                datasets=tuple(Dataset(name, dataset) for name, (dataset, _) in pairs),
                repository=repository,
                read_on=read_on,
            ),
            elapsed_ms={
                Source.MODEL: model_ms,
                Source.CARD: card_ms,
                Source.COMMITS: commits_ms,
                Source.DATASETS: max((elapsed for _, elapsed in found), default=0),
                Source.REPOSITORY: repository_ms,
            },
        )

    def _repository(
        self, card: str | Absent | Unread, readers: Readers
    ) -> tuple[RepositoryFacts | Absent | Unread, int]:
        if isinstance(card, Unread):
            return Unread("the card, which would link it, could not be read"), 0
        linked = linked_repository(card) if isinstance(card, str) else None
        if linked is None:
            return Absent("the card links no code repository"), 0
        found, elapsed_ms = readers.start(self._github.repository, *linked).wait(GITHUB_IS_LATE)
        if isinstance(found, RepositoryFacts) and is_library(found.full_name):
            # Renamed since: under its present name it would not have counted either.
            return Absent("the card links the library that loads the model"), elapsed_ms
        return found, elapsed_ms
