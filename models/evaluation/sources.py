"""How evidence names where it was found: a URI pinned to a commit, whatever mirror it came by."""

from models.evaluation.facts import DatasetFacts, ModelFacts, RepositoryFacts


def model_source(model: ModelFacts, path: str = "") -> str:
    """Return the URI of a model at its revision, or of a file of it."""
    return _hub(f"{model.repo_id}@{model.revision}", path)


def dataset_source(dataset: DatasetFacts, path: str = "") -> str:
    """Return the URI of a dataset at its revision, or of a file of it."""
    return _hub(f"datasets/{dataset.repo_id}@{dataset.revision}", path)


def declared_dataset_source(name: str) -> str:
    """Return the URI of a dataset that was not found, or could not be read."""
    return f"hf://datasets/{name}"


def repository_source(repository: RepositoryFacts) -> str:
    """Return the URL of a code repository at its revision."""
    return f"https://github.com/{repository.full_name}/tree/{repository.revision}"


def _hub(pinned: str, path: str) -> str:
    return f"hf://{pinned}/{path}" if path else f"hf://{pinned}"
