"""The full report of an evaluation, as JSON for people and programs.

The same revision, rules and day give the same bytes, but for the id and the latencies: so there is
no instant in it, and nothing that tells how popular a model is.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from models.evaluation.assessment import Assessment
from models.evaluation.details import Measurement
from models.evaluation.facts import Absent, Dataset, DatasetFacts, Facts, Unread
from models.evaluation.page import model_url
from models.evaluation.record import EvaluationRecord
from models.license.decision import LicenseDecision

_FORMAT = "ml-model-evaluator/evaluation-report/v1"


def report_text(
    job: EvaluationRecord, facts: Facts, assessment: Assessment, decision: LicenseDecision
) -> str:
    """Write the report of an evaluation that read `facts`.

    Args:
        decision: what the license policy of the day says.
    """
    net = assessment.net
    size = assessment.details.size
    fields = {
        "format": _FORMAT,
        "evaluationId": job.id,
        "url": job.request.url,
        "canonicalUrl": model_url(facts.model.repo_id),
        "revision": facts.model.revision,
        "evaluatorVersion": job.request.evaluator_version,
        "readOn": facts.read_on,
        "netScore": net.score,
        "netScoreFloor": net.floor,
        "netScoreCeiling": net.ceiling,
        "coverage": net.coverage,
        "metrics": [_metric(one) for one in assessment.details.measurements],
        "sizeScore": size and size.as_json(),
        "license": _fields(decision),
        "inputs": _inputs(facts),
        "latenciesMs": {one.name.value: one.latency_ms for one in assessment.details.measurements},
    }
    return json.dumps(fields, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _metric(one: Measurement) -> dict[str, object]:
    return {
        "name": one.name,
        "status": one.finding.status,
        "score": one.finding.score,
        "weight": one.weight,
        "evidence": [_fields(item) for item in one.finding.evidence],
    }


def _inputs(facts: Facts) -> dict[str, object]:
    """Return what was read: of long texts their digests, and of the commits no names of people."""
    return {
        "model": _fields(facts.model),
        "card": _card(facts.card),
        "commits": _commits(facts),
        "datasets": [_dataset(one) for one in facts.datasets],
        "repository": _found(facts.repository),
    }


def _card(card: str | Absent | Unread) -> dict[str, object]:
    if not isinstance(card, str):
        return _found(card)
    encoded = card.encode()
    return {"sha256": hashlib.sha256(encoded).hexdigest(), "bytes": len(encoded)}


def _dataset(dataset: Dataset) -> dict[str, object]:
    """Return what was found of a dataset; its citation names people, and so may its description."""
    found = _found(dataset.found)
    if isinstance(dataset.found, DatasetFacts):
        for name in ("description", "citation"):
            found[name] = _digest(str(found[name]))
    return {"declared": dataset.declared, "found": found}


def _digest(text: str) -> dict[str, object]:
    return {"sha256": hashlib.sha256(text.encode()).hexdigest(), "characters": len(text)}


def _commits(facts: Facts) -> dict[str, object]:
    commits = facts.commits
    if isinstance(commits, Unread):
        return _found(commits)
    days = [commit.date for commit in commits.newest_first]
    return {
        "count": len(days),
        "newest": days[0] if days else None,
        "oldest": days[-1] if days else None,
        "isCut": commits.is_cut,
    }


def _found(what: Any) -> dict[str, object]:  # noqa: ANN401  # one of the facts, as a dataclass
    if isinstance(what, Absent):
        return {"absent": what.why}
    if isinstance(what, Unread):
        return {"unread": what.why}
    return _fields(what)


def _fields(what: Any) -> dict[str, object]:  # noqa: ANN401  # any dataclass of ours
    """Return a dataclass as JSON has it: names as in the API, and the data in it as they are."""
    return {_camel(one.name): _value(getattr(what, one.name)) for one in fields(what)}


def _value(value: object) -> object:
    if is_dataclass(value):
        return _fields(value)
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
