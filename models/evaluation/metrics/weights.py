"""The files that hold a model's weights: their formats, and which of them are one set."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from models.evaluation.facts import RepoFile


class Kind(StrEnum):
    """What a format of weights can hold."""

    TENSORS_ONLY = "TENSORS_ONLY"
    """Numbers and their names: safetensors and GGUF."""
    DATA_ONLY = "DATA_ONLY"
    """Graphs or archives that are read as data."""
    CAN_RUN_CODE = "CAN_RUN_CODE"
    """Pickle and its like: reading a file may run what it says."""


KINDS = {
    ".safetensors": Kind.TENSORS_ONLY,
    ".gguf": Kind.TENSORS_ONLY,
    ".onnx": Kind.DATA_ONLY,
    ".onnx_data": Kind.DATA_ONLY,
    ".msgpack": Kind.DATA_ONLY,
    ".ot": Kind.DATA_ONLY,
    ".tflite": Kind.DATA_ONLY,
    ".mlmodel": Kind.DATA_ONLY,
    ".bin": Kind.CAN_RUN_CODE,
    ".pt": Kind.CAN_RUN_CODE,
    ".pth": Kind.CAN_RUN_CODE,
    ".ckpt": Kind.CAN_RUN_CODE,
    ".pkl": Kind.CAN_RUN_CODE,
    ".pickle": Kind.CAN_RUN_CODE,
    ".joblib": Kind.CAN_RUN_CODE,
    ".dill": Kind.CAN_RUN_CODE,
    ".pdparams": Kind.CAN_RUN_CODE,
    ".h5": Kind.CAN_RUN_CODE,
    ".hdf5": Kind.CAN_RUN_CODE,
    ".keras": Kind.CAN_RUN_CODE,
    ".pb": Kind.CAN_RUN_CODE,
}
"""By suffix. HDF5 and Keras files can hold Lambda layers, which are Python; `.pb` a TensorFlow
graph, which may read and write files."""

_NO_WEIGHTS = re.compile(
    r"(?:training_args|optimizer|scheduler|scaler|rng_state|random_states|trainer_state"
    r"|variables\.data)[\w.-]*"
)
"""What Trainer leaves beside the weights, to resume from."""

_OPENVINO = re.compile(r"openvino|\.mlpackage/")
"""Where `.bin` is an array of numbers, and no pickle."""

_SHARD = re.compile(r"(.*)-(\d{5})-of-(\d{5})")
_CONSOLIDATED = re.compile(r"(consolidated)\.(\d\d)")


@dataclass(frozen=True, slots=True)
class WeightSet:
    """Files that belong together: one file, or all shards of one.

    Attributes:
        directory: empty for the repository's root.
        suffix: of their format.
        size_bytes: None where a shard or its size is missing.
    """

    directory: str
    suffix: str
    paths: tuple[str, ...]
    size_bytes: int | None


def kind_of(path: str) -> Kind | None:
    """Return the kind of a file of weights; None for any other file."""
    name = path.rpartition("/")[2]
    suffix = _suffix(name)
    if suffix not in KINDS or _NO_WEIGHTS.fullmatch(name) or is_hidden(path):
        return None
    if suffix == ".bin" and _OPENVINO.search(path):
        return Kind.DATA_ONLY
    return KINDS[suffix]


def is_hidden(path: str) -> bool:
    """Tell whether a file, or a directory above it, has a name that begins with a dot."""
    return path.startswith(".") or "/." in path


def _suffix(name: str) -> str:
    _, dot, suffix = name.rpartition(".")
    return dot + suffix.lower() if dot else ""


def weight_sets(files: Iterable[RepoFile]) -> tuple[WeightSet, ...]:
    """Group a repository's files of weights into sets, in the order of their paths."""
    groups: dict[tuple[str, str, str], list[tuple[int, int, RepoFile]]] = defaultdict(list)
    weights = (file for file in files if kind_of(file.path))
    for file in sorted(weights, key=lambda file: file.path):
        directory, _, name = file.path.rpartition("/")
        suffix = _suffix(name)
        base, number, total = _shard(name[: -len(suffix)])
        suffix = ".onnx" if suffix == ".onnx_data" else suffix
        groups[directory, base.removesuffix(".onnx"), suffix].append((number, total, file))
    return tuple(
        WeightSet(directory, suffix, tuple(file.path for *_, file in shards), _size(shards))
        for (directory, _, suffix), shards in groups.items()
    )


def _shard(stem: str) -> tuple[str, int, int]:
    """Return a set's name, a file's number in it, and how many there must be; 0 if unsaid."""
    if match := _SHARD.fullmatch(stem):
        return match[1], int(match[2]), int(match[3])
    if match := _CONSOLIDATED.fullmatch(stem):
        return match[1], int(match[2]), 0
    return stem, 0, 0


def _size(shards: list[tuple[int, int, RepoFile]]) -> int | None:
    expected = max(total for _, total, _ in shards)
    sizes = [file.size_bytes for *_, file in shards if file.size_bytes is not None]
    there = {number for number, *_ in shards if 1 <= number <= expected}
    is_whole = len(there) == expected
    return sum(sizes) if is_whole and len(sizes) == len(shards) else None
