"""DATASET_AND_CODE: whether the data and the code that a model comes from can be reached."""

from models.evaluation.facts import Dataset, DatasetFacts, Facts, RepositoryFacts, Unread
from models.evaluation.finding import Evidence, Finding, measured
from models.evaluation.metrics.checklist import POINT_DECIMALS, shown, some, unread
from models.evaluation.metrics.scripts import programs
from models.evaluation.sources import (
    dataset_source,
    declared_dataset_source,
    model_source,
    repository_source,
)

DATASETS_POINTS = 0.5
CODE_POINTS = 0.5


def measure(facts: Facts) -> Finding:
    """Score which share of the declared datasets resolves, and whether any code does."""
    for dataset in facts.datasets:
        if isinstance(dataset.found, Unread):
            source = declared_dataset_source(shown(dataset.declared))
            return unread(source, "The dataset", dataset.found)
    code = _code(facts)
    if isinstance(code, Unread):
        source = model_source(facts.model, "README.md")
        return unread(source, "The code repository", code)
    return measured([*_datasets(facts), code])


def resolves(dataset: Dataset) -> bool:
    """Tell whether a declared name leads to a dataset that the Hub still gives out."""
    return isinstance(dataset.found, DatasetFacts) and not dataset.found.is_disabled


def _datasets(facts: Facts) -> list[Evidence]:
    if not facts.datasets:
        source = model_source(facts.model, "README.md")
        return [Evidence(source, [], 0.0, "Datasets: none is declared")]
    points = round(DATASETS_POINTS / len(facts.datasets), POINT_DECIMALS)
    return [_dataset(dataset, points) for dataset in facts.datasets]


def _dataset(dataset: Dataset, points: float) -> Evidence:
    declared, found = shown(dataset.declared), dataset.found
    if not isinstance(found, DatasetFacts):
        note = f"Dataset: not found: {found.why}"
        return Evidence(declared_dataset_source(declared), declared, 0.0, shown(note))
    if not resolves(dataset):
        return Evidence(dataset_source(found), declared, 0.0, "Dataset: the Hub took it off")
    return Evidence(dataset_source(found), declared, points, "Dataset: found")


def _code(facts: Facts) -> Evidence | Unread:
    """Return what was found of the code, or why nobody knows."""
    repository = facts.repository
    if isinstance(repository, RepositoryFacts):
        source = repository_source(repository)
        return Evidence(source, repository.full_name, CODE_POINTS, "Code: the repository was found")
    if scripts := programs(facts.model.files):
        note = "Code: training scripts or notebooks among the model's files"
        return Evidence(model_source(facts.model), some(scripts), CODE_POINTS, note)
    if isinstance(repository, Unread):
        return repository
    source = model_source(facts.model, "README.md")
    return Evidence(source, None, 0.0, shown(f"Code: not found: {repository.why}"))
