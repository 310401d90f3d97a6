"""What was read of a model, as metrics get it: each test says only what matters to it."""

from collections.abc import Mapping, Sequence

from models.evaluation.facts import (
    Absent,
    Commit,
    Commits,
    Dataset,
    DatasetFacts,
    Facts,
    ModelFacts,
    RepoFile,
    RepositoryFacts,
    Scan,
    Unread,
)
from models.evaluation.finding import Finding
from models.json_text import Json

REVISION = "1" * 40
UNREAD = Unread("the Hub answers 503")
ABSENT = Absent("there is none")
GIB = 2**30


def a_model(  # noqa: PLR0913  # a test gives those that matter to it
    *,
    repo_id: str = "acme/tiny",
    card_data: Mapping[str, Json] | None = None,
    model_index: Json = None,
    config: Mapping[str, Json] | None = None,
    tags: Sequence[str] = (),
    library: str | None = None,
    task: str | None = None,
    parameters: Mapping[str, int] | None = None,
    files: Mapping[str, int | None] | Sequence[str] = (),
    scan: Scan | None = None,
) -> ModelFacts:
    sizes = files if isinstance(files, Mapping) else dict.fromkeys(files)
    return ModelFacts(
        repo_id=repo_id,
        revision=REVISION,
        card_data=card_data or {},
        model_index=model_index,
        config=config or {},
        tags=tuple(tags),
        pipeline_tag=task,
        library_name=library,
        parameters=parameters or {},
        files=tuple(RepoFile(path, size) for path, size in sizes.items()),
        scan=scan,
    )


def facts(
    model: ModelFacts | None = None,
    *,
    card: str | Absent | Unread = "",
    commits: Commits | Unread | None = None,
    datasets: Sequence[Dataset] = (),
    repository: RepositoryFacts | Absent | Unread = ABSENT,
    read_on: str = "2026-11-23",
) -> Facts:
    return Facts(
        model=model or a_model(),
        card=card,
        commits=commits or Commits((), is_cut=False),
        datasets=tuple(datasets),
        repository=repository,
        read_on=read_on,
    )


def by(*authors: str, date: str = "2026-01-01") -> Commit:
    return Commit(authors, date)


def a_dataset(
    name: str = "acme/data",
    *,
    card_data: Mapping[str, Json] | None = None,
    tags: Sequence[str] = (),
    description: str = "",
    citation: str = "",
    has_card: bool = False,
    is_disabled: bool = False,
) -> Dataset:
    found = DatasetFacts(
        repo_id=name,
        revision=REVISION,
        card_data=card_data or {},
        tags=tuple(tags),
        description=description,
        citation=citation,
        has_card=has_card,
        is_disabled=is_disabled,
    )
    return Dataset(name, found)


def a_repository(
    *,
    license_id: str | None = None,
    paths: Sequence[str] | None = (),
    committed_on: str = "2020-01-01",
    release_count: int = 0,
    is_archived: bool = True,
) -> RepositoryFacts:
    return RepositoryFacts(
        full_name="acme/code",
        revision="2" * 40,
        license_id=license_id,
        paths=None if paths is None else tuple(paths),
        committed_on=committed_on,
        release_count=release_count,
        is_archived=is_archived,
    )


def points(finding: Finding) -> dict[str, float]:
    """Return the points of each item of a checklist: notes begin with the item's name."""
    return {item.note.partition(":")[0]: item.points for item in finding.evidence}
