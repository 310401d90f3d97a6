"""SIZE: how well the weights fit the memory of four kinds of devices.

They need the bytes of their parameters, and a fifth more for what a runtime keeps beside them.
Where the Hub does not count the parameters, the smallest complete set of weight files stands for
them: files hold little else, so that both ways agree.
"""

from collections.abc import Mapping

from models.evaluation.facts import Facts, ModelFacts
from models.evaluation.finding import SCORE_DECIMALS, Evidence, Finding, measured, unknown
from models.evaluation.metrics.checklist import POINT_DECIMALS
from models.evaluation.metrics.weights import WeightSet, weight_sets
from models.evaluation.size_score import DEVICE_MEMORY_GIB, SizeScore
from models.evaluation.sources import model_source
from models.json_text import Json

GIB_BYTES = 2**30
OVERHEAD_FACTOR = 1.2
FULL_SCORE_SHARE = 0.5
"""Up to this share of a device's memory it scores 1; from there it falls linearly to 0 at all."""

_EIGHT_BYTES = ("F64", "I64", "U64", "C64")
_FOUR_BYTES = ("F32", "I32", "U32")
_TWO_BYTES = ("F16", "BF16", "I16", "U16")
_ONE_BYTE = ("F8_E4M3", "F8_E5M2", "F8_E4M3FN", "F8_E8M0", "F8", "I8", "U8", "BOOL")
_HALF_A_BYTE = ("F4", "I4", "U4", "NF4", "FP4")
PARAMETER_BYTES: Mapping[str, float] = {
    **dict.fromkeys(_EIGHT_BYTES, 8.0),
    **dict.fromkeys(_FOUR_BYTES, 4.0),
    **dict.fromkeys(_TWO_BYTES, 2.0),
    **dict.fromkeys(_ONE_BYTE, 1.0),
    **dict.fromkeys(_HALF_A_BYTE, 0.5),
}
"""By the names of safetensors' types."""

_EXPORTS = frozenset({".onnx", ".tflite", ".mlmodel", ".pb"})
"""Made from other weights, often in parts: they count only where there are no others."""

_ADAPTER = "adapter_config.json"


def measure(facts: Facts) -> Finding:
    """Score the mean over the devices."""
    source = model_source(facts.model)
    needed = _needed(facts.model)
    if needed is None:
        return unknown(source, "Neither parameters nor the size of all weights are known")
    memory_bytes, observed, note = needed
    evidence = [Evidence(source, {**observed, "memoryBytes": round(memory_bytes)}, 0.0, note)]
    scores = _scores(memory_bytes).as_json()
    for device, score in scores.items():
        points = round(score / len(scores), POINT_DECIMALS)
        memory = f"{DEVICE_MEMORY_GIB[device]} GiB"
        evidence.append(Evidence(source, score, points, f"{device}: score of its {memory}"))
    return measured(evidence)


def size_score(facts: Facts) -> SizeScore | None:
    """Score each device; None where nobody knows how much memory the weights need."""
    needed = _needed(facts.model)
    return None if needed is None else _scores(needed[0])


def fit(memory_bytes: float, device_gib: float) -> float:
    """Return how well weights fit a device, 0 to 1."""
    share = memory_bytes / (device_gib * GIB_BYTES)
    return round(min(max((1 - share) / (1 - FULL_SCORE_SHARE), 0.0), 1.0), SCORE_DECIMALS)


def _scores(memory_bytes: float) -> SizeScore:
    return SizeScore(*(fit(memory_bytes, gib) for gib in DEVICE_MEMORY_GIB.values()))


def _needed(model: ModelFacts) -> tuple[float, dict[str, Json], str] | None:
    """Return the bytes of memory that the weights need, what says so, and how."""
    sets = weight_sets(model.files)
    if _is_adapter(model, sets):
        return None
    counts = {name: count for name, count in model.parameters.items() if count > 0}
    if counts and counts.keys() <= PARAMETER_BYTES.keys():
        weights_bytes = sum(count * PARAMETER_BYTES[name] for name, count in counts.items())
        observed: dict[str, Json] = {"parameters": dict(sorted(counts.items()))}
        return weights_bytes * OVERHEAD_FACTOR, observed, "Memory: from the parameters' types"
    smallest = _smallest_bytes(model, sets)
    if not smallest:
        return None
    return smallest * OVERHEAD_FACTOR, {"filesBytes": smallest}, "Memory: from the weights' files"


def _is_adapter(model: ModelFacts, sets: tuple[WeightSet, ...]) -> bool:
    """Tell whether there are only the weights of an adapter: its base model's are needed too."""
    has_config = any(file.path == _ADAPTER for file in model.files)
    names = [one.paths[0] for one in sets if not one.directory]
    return has_config and all(name.startswith("adapter_") for name in names)


def _smallest_bytes(model: ModelFacts, sets: tuple[WeightSet, ...]) -> int | None:
    """Return the size of the smallest set of files that is a whole model."""
    sets = tuple(one for one in sets if one.suffix not in _EXPORTS) or sets
    at_root = tuple(one for one in sets if not one.directory)
    if any(file.path == "model_index.json" for file in model.files):
        wholes = [_pipeline_bytes(sets), *(one.size_bytes for one in at_root)]
    else:
        wholes = [one.size_bytes for one in at_root or sets]
    return min((size for size in wholes if size), default=None)


def _pipeline_bytes(sets: tuple[WeightSet, ...]) -> int | None:
    """Return the size of a diffusers pipeline: the smallest set of each of its components."""
    smallest: dict[str, int] = {}
    components = {one.directory for one in sets if one.directory}
    for one in sets:
        if one.directory and one.size_bytes:
            known = smallest.get(one.directory, one.size_bytes)
            smallest[one.directory] = min(known, one.size_bytes)
    return sum(smallest.values()) if smallest.keys() == components else None
