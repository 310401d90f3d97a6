"""Which files of a repository are programs that train a model: they are known by their names."""

import re
from collections.abc import Iterable

from models.evaluation.facts import RepoFile

_TRAINING = re.compile(
    r"(?:pre|re)?train(?:er|ing)?(?:[_-][\w.-]*)?\.(?:py|sh|ipynb)"
    r"|[\w.-]*[_-](?:pre)?train(?:er|ing)?\.(?:py|sh|ipynb)"
    r"|run_(?!demo|eval|gen|infer|serve|test|web)[\w.-]+\.(?:py|sh)"
    r"|[\w.-]*fine[_-]?tun(?:e|ing)[\w.-]*\.(?:py|sh|ipynb)",
    re.IGNORECASE,
)
_SUFFIXES = (".py", ".sh", ".ipynb")
_NAME_MAX_CHARACTERS = 200


def is_training_script(path: str) -> bool:
    """Tell whether a path names a training script: `train*`, `*_train`, `run_*` or `*finetune*`.

    Programs of such names that evaluate, infer or serve are none, nor is what lies in hidden
    directories.
    """
    if not path[-len(max(_SUFFIXES, key=len)) :].lower().endswith(_SUFFIXES):
        return False
    *directories, name = path[-_NAME_MAX_CHARACTERS:].split("/")
    hidden = any(directory.startswith(".") for directory in directories)
    return not hidden and _TRAINING.fullmatch(name) is not None


def training_scripts(files: Iterable[RepoFile]) -> tuple[str, ...]:
    """Return the paths of the training scripts, sorted."""
    return tuple(sorted(file.path for file in files if is_training_script(file.path)))


def programs(files: Iterable[RepoFile]) -> tuple[str, ...]:
    """Return the paths of training scripts and of any notebooks, sorted."""
    paths = sorted(file.path for file in files)
    return tuple(
        path for path in paths if is_training_script(path) or _is_notebook(path.split("/"))
    )


def _is_notebook(parts: list[str]) -> bool:
    return parts[-1].endswith(".ipynb") and not any(part.startswith(".") for part in parts)
