"""ARTIFACT_SAFETY: whether loading the weights can run somebody's code."""

from collections.abc import Mapping

from models.evaluation.facts import Facts, ModelFacts, Scan
from models.evaluation.finding import Evidence, Finding, measured, not_applicable, unknown
from models.evaluation.metrics.checklist import POINT_DECIMALS, shown, some, some_of
from models.evaluation.metrics.weights import Kind, kind_of
from models.evaluation.sources import model_source
from models.json_text import Json

DATA_ONLY_SCORE = 1.0
SCANNED_CLEAN_SCORE = 0.6
NOT_SCANNED_SCORE = 0.3
UNSAFE_SCORE = 0.0
CODE_ON_LOAD_CAP = 0.5

_CUSTOM_CODE_TAG = "custom_code"
_ARCHIVES = (".nemo", ".zip", ".tar", ".tar.gz", ".tgz", ".mar", ".7z")


def measure(facts: Facts) -> Finding:
    """Score the formats of the weights, what the Hub's scan says, and code that loading runs."""
    model = facts.model
    source = model_source(model)
    kinds = _by_kind(model)
    unsafe = [path for path, level in _issues(model.scan).items() if level == "unsafe"]
    if not unsafe and not any(kinds.values()):
        return _without_weights(model, source)
    risky = kinds[Kind.CAN_RUN_CODE]
    if unsafe:
        formats = Evidence(source, some_of(unsafe), UNSAFE_SCORE, "Scan: found unsafe")
    elif not risky:
        note = "Formats: none of them can run code"
        formats = Evidence(source, _observed(kinds), DATA_ONLY_SCORE, note)
    elif model.scan is None:
        why = "Weights are in formats that can run code, and the Hub told nothing of a scan"
        return unknown(source, why)
    else:
        formats = _scanned(source, risky, model.scan)
    return measured([formats, _code_on_load(model, source, formats.points)])


def _by_kind(model: ModelFacts) -> dict[Kind, list[str]]:
    paths: dict[Kind, list[str]] = {kind: [] for kind in Kind}
    for file in model.files:
        if kind := kind_of(file.path):
            paths[kind].append(file.path)
    return paths


def _observed(kinds: Mapping[Kind, list[str]]) -> dict[str, Json]:
    return {kind.value: some_of(paths) for kind, paths in kinds.items() if paths}


def _without_weights(model: ModelFacts, source: str) -> Finding:
    archives = [file.path for file in model.files if file.path.lower().endswith(_ARCHIVES)]
    if archives:
        return unknown(source, shown(f"What is inside of {min(archives)} is not known"))
    return not_applicable(source, "No file of weights")


def _issues(scan: Scan | None) -> dict[str, str]:
    levels = {} if scan is None else scan.issues
    return {path: level.lower() for path, level in levels.items() if level.lower() != "safe"}


def _scanned(source: str, risky: list[str], scan: Scan) -> Evidence:
    doubtful = sorted(_issues(scan).keys() & set(risky))
    observed: Json = {
        "canRunCode": some_of(risky),
        "doubtful": some(doubtful),
        "scanIsDone": scan.is_done,
    }
    if scan.is_done and not doubtful:
        note = "Formats: some can run code; the Hub's scan found nothing"
        return Evidence(source, observed, SCANNED_CLEAN_SCORE, note)
    note = "Formats: some can run code, and no scan says that they are clean"
    return Evidence(source, observed, NOT_SCANNED_SCORE, note)


def _code_on_load(model: ModelFacts, source: str, points: float) -> Evidence:
    """Lower the score to the cap where loading the model runs code of its repository."""
    tokenizer = model.config.get("tokenizer_config")
    configs = (model.config, tokenizer if isinstance(tokenizer, dict) else {})
    signs = [f"{_CUSTOM_CODE_TAG} tag"] if _CUSTOM_CODE_TAG in model.tags else []
    signs += ["auto_map" for config in configs if config.get("auto_map")]
    if not signs:
        return Evidence(source, [], 0.0, "Code on load: none")
    lowered = min(CODE_ON_LOAD_CAP - points, 0.0)
    programs = [file.path for file in model.files if file.path.endswith(".py")]
    observed: Json = {"signs": some(signs), "programs": some_of(programs)}
    note = f"Code on load: caps the score at {CODE_ON_LOAD_CAP}"
    return Evidence(source, observed, round(lowered, POINT_DECIMALS), note)
