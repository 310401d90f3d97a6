"""DATASET_QUALITY: how well the declared datasets are documented."""

from collections.abc import Iterator, Mapping

from models.evaluation.facts import Dataset, DatasetFacts, Facts, Unread
from models.evaluation.finding import Evidence, Finding, measured
from models.evaluation.metrics.checklist import POINT_DECIMALS, shown, unread
from models.evaluation.sources import dataset_source, declared_dataset_source, model_source
from models.json_text import Json

POINTS = {
    "card": 0.2,
    "license": 0.2,
    "splits": 0.1,
    "sizes": 0.1,
    "description": 0.15,
    "citation": 0.15,
    "notDisabled": 0.1,
}
"""What each item is worth for one dataset, by its name in the evidence."""

_NO_LICENSE = frozenset({"", "unknown"})


def measure(facts: Facts) -> Finding:
    """Score the mean over the declared datasets; one that cannot be found scores 0."""
    if not facts.datasets:
        source = model_source(facts.model, "README.md")
        return measured([Evidence(source, [], 0.0, "Datasets: none is declared")])
    for dataset in facts.datasets:
        if isinstance(dataset.found, Unread):
            source = declared_dataset_source(shown(dataset.declared))
            return unread(source, "The dataset", dataset.found)
    return measured(_evidence(dataset, len(facts.datasets)) for dataset in facts.datasets)


def _evidence(dataset: Dataset, count: int) -> Evidence:
    found = dataset.found
    if not isinstance(found, DatasetFacts):
        source = declared_dataset_source(shown(dataset.declared))
        return Evidence(source, None, 0.0, shown(f"Dataset: not found: {found.why}"))
    items = _items(found)
    missing = [name for name in POINTS if not items[name]]
    score = sum(points for name, points in POINTS.items() if items[name])
    note = f"Dataset: without {', '.join(missing)}" if missing else "Dataset: everything is there"
    observed: dict[str, Json] = {**items}
    return Evidence(dataset_source(found), observed, round(score / count, POINT_DECIMALS), note)


def _items(dataset: DatasetFacts) -> dict[str, bool]:
    data, tags = dataset.card_data, dataset.tags
    return {
        "card": dataset.has_card,
        "license": _has_license(data, tags),
        "splits": any(_splits(data)),
        "sizes": _has_sizes(data, tags),
        "description": bool(dataset.description.strip()),
        "citation": bool(dataset.citation.strip()),
        "notDisabled": not dataset.is_disabled,
    }


def _has_license(data: Mapping[str, Json], tags: tuple[str, ...]) -> bool:
    stated = data.get("license")
    names = [*(stated if isinstance(stated, list) else [stated])]
    names += [tag.removeprefix("license:") for tag in tags if tag.startswith("license:")]
    return any(isinstance(name, str) and name.strip() not in _NO_LICENSE for name in names)


def _splits(data: Mapping[str, Json]) -> Iterator[bool]:
    """Yield whether each configuration in `dataset_info` or `configs` names its splits."""
    for info in _objects(data.get("dataset_info")):
        yield any("name" in split for split in _objects(info.get("splits")))
    for config in _objects(data.get("configs")):
        yield any("split" in files for files in _objects(config.get("data_files")))


def _has_sizes(data: Mapping[str, Json], tags: tuple[str, ...]) -> bool:
    if data.get("size_categories") or any(tag.startswith("size_categories:") for tag in tags):
        return True
    infos = _objects(data.get("dataset_info"))
    return any(
        "num_examples" in split for info in infos for split in _objects(info.get("splits"))
    ) or any("dataset_size" in info for info in infos)


def _objects(value: Json) -> list[dict[str, Json]]:
    """Return the objects of a list, or the one that stands in its place."""
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, dict)]
