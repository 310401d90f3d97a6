"""REPRODUCIBILITY: which of what it takes to train a model again is stated."""

import re
from collections.abc import Sequence

from models.evaluation.card import parse
from models.evaluation.facts import Facts, ModelFacts, Unread
from models.evaluation.finding import Evidence, Finding, measured
from models.evaluation.metrics.checklist import check, some, unread
from models.evaluation.metrics.claims import dataset_revisions
from models.evaluation.metrics.scripts import training_scripts
from models.evaluation.metrics.training_text import TrainingText
from models.evaluation.sources import model_source

POINTS = {
    "Hyperparameters": 0.2,
    "Seed": 0.2,
    "Data revision": 0.2,
    "Pinned dependencies": 0.2,
    "Training script": 0.2,
}

_HYPERPARAMETERS_FILE = re.compile(
    r"(?:hparams|hyper_?param(?:eter)?s|train(?:ing|er)?[_-](?:args|arguments|config|params"
    r"|parameters))\.(?:json|ya?ml|toml)",
    re.IGNORECASE,
)
_LOCK_FILE = re.compile(
    r"environment\.ya?ml|conda-lock\.ya?ml|requirements[\w.-]*\.lock"
    r"|(?:Pipfile|pdm|pixi|poetry|uv)\.lock"
)
"""Files that pin by what they are. The text of `requirements.txt` is not read, so that nobody
knows whether it pins."""


def measure(facts: Facts) -> Finding:
    """Score what the card and the names of the files state."""
    source = model_source(facts.model, "README.md")
    if isinstance(facts.card, Unread):
        return unread(source, "The card", facts.card)
    model = facts.model
    text = TrainingText(parse(facts.card if isinstance(facts.card, str) else ""))
    stated = {
        "Hyperparameters": (text.hyperparameters(), _files(model, _HYPERPARAMETERS_FILE)),
        "Seed": (text.seeds(), []),
        "Data revision": ([*text.data_revisions(), *dataset_revisions(model.model_index)], []),
        "Pinned dependencies": (text.pinned_libraries(), _files(model, _LOCK_FILE)),
        "Training script": (text.scripts(), training_scripts(model.files)),
    }
    return measured(_check(item, source, *found) for item, found in stated.items())


def _files(model: ModelFacts, name: re.Pattern[str]) -> list[str]:
    return [file.path for file in model.files if name.fullmatch(file.path.rpartition("/")[2])]


def _check(item: str, source: str, in_card: Sequence[str], files: Sequence[str]) -> Evidence:
    observed = {"card": some(in_card), "files": some(files)}
    found = bool(in_card or files)
    return check(item, POINTS[item], source, {**observed}, share=float(found))
