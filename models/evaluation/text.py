"""A successful evaluation as the JSON text that its model's entry covers by a digest.

Append-only: a field may be added at the end, and none may move or change its name, since stored
digests cover these bytes.
"""

from typing import Any, cast

from models import json_text
from models.evaluation.record import EvaluationRecord, EvaluationStatus, Report, Request, Result
from models.evaluation.score import NetScore
from models.history.chain import Attribution
from models.timestamps import Timestamp


def record_text(record: EvaluationRecord) -> str:
    """Write a successful evaluation, its details as their digest."""
    request, result = record.request, record.result
    if result is None:
        raise ValueError(f"evaluation {record.id} has no result")
    return json_text.dumps(
        {
            "id": record.id,
            "url": request.url,
            "repoId": request.repo_id,
            "requestedRevision": request.revision,
            "requestedModelId": request.model_id,
            "changedBy": request.attribution.changed_by,
            "authenticatedAs": request.attribution.authenticated_as,
            "reason": request.attribution.reason,
            "createdAt": record.created_at,
            "deadline": record.deadline,
            "completedAt": record.completed_at,
            "latencyMs": record.latency_ms,
            "modelId": result.model_id,
            "version": result.version,
            "madeAt": result.made_at,
            "canonicalUrl": result.canonical_url,
            "revision": result.revision,
            "evaluatorVersion": result.evaluator_version,
            "declaredLicense": result.declared_license,
            "netScore": result.net.score,
            "netScoreFloor": result.net.floor,
            "netScoreCeiling": result.net.ceiling,
            "coverage": result.net.coverage,
            "reportObjectVersion": result.report.object_version,
            "reportSha256": result.report.sha256,
            "detailsSha256": result.details_sha256,
        }
    )


def parse_record(text: str, details: str | None = None) -> EvaluationRecord:
    """Read what `record_text` wrote.

    Raises:
        ValueError: it is not JSON, or not of that shape.
    """
    fields = cast("dict[str, Any]", json_text.loads(text))
    try:
        completed_at = Timestamp(fields["completedAt"])
        return EvaluationRecord(
            id=fields["id"],
            request=_request(fields),
            status=EvaluationStatus.SUCCEEDED,
            created_at=Timestamp(fields["createdAt"]),
            deadline=Timestamp(fields["deadline"]),
            completed_at=completed_at,
            latency_ms=fields["latencyMs"],
            result=_result(fields, details),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not an evaluation's record: {error!r}") from error


def _request(fields: dict[str, Any]) -> Request:
    return Request(
        url=fields["url"],
        repo_id=fields["repoId"],
        revision=fields["requestedRevision"],
        model_id=fields["requestedModelId"],
        attribution=Attribution(fields["changedBy"], fields["authenticatedAs"], fields["reason"]),
        evaluator_version=fields["evaluatorVersion"],
    )


def _result(fields: dict[str, Any], details: str | None) -> Result:
    return Result(
        model_id=fields["modelId"],
        version=_version(fields["version"]),
        made_at=Timestamp(fields["madeAt"]),
        canonical_url=fields["canonicalUrl"],
        revision=fields["revision"],
        evaluator_version=fields["evaluatorVersion"],
        declared_license=fields["declaredLicense"],
        net=NetScore(
            score=fields["netScore"],
            floor=fields["netScoreFloor"],
            ceiling=fields["netScoreCeiling"],
            coverage=fields["coverage"],
        ),
        report=Report(fields["reportObjectVersion"], fields["reportSha256"]),
        details_sha256=fields["detailsSha256"],
        details=details,
    )


def _version(value: object) -> int:
    """Return a model's version, with which others are compared."""
    if not isinstance(value, int):
        raise TypeError("the version is no whole number")
    return value
