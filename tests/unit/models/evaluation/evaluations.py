"""Evaluations to test with: plain ones, and strategies for any."""

from hypothesis import strategies as st

from models.errors import Fault, UserErrorCode
from models.evaluation.record import (
    Claim,
    EvaluationRecord,
    EvaluationStatus,
    Report,
    Request,
    Result,
)
from models.evaluation.score import NetScore
from models.history.chain import Attribution
from models.timestamps import Timestamp
from tests.unit.models.strategies import attributions, instants, labels, model_ids, scores

EVALUATION_ID = "01900000-0000-7000-8000-00000000000e"
MODEL_ID = "01900000-0000-7000-8000-000000000001"
COMMIT = "c0" * 20
DIGEST = "ab" * 32
ASKED = Timestamp("2026-01-02T03:04:05.000000Z")
ENDED = Timestamp("2026-01-02T03:04:15.250000Z")
DEADLINE = Timestamp("2026-01-02T03:34:05.000000Z")
PAGE = "https://huggingface.co/acme/tiny"

shares = st.floats(0, 1).map(abs)
digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
nets = st.builds(NetScore, score=scores, floor=scores, ceiling=scores, coverage=shares)
requests = st.builds(
    Request,
    url=labels,
    repo_id=labels,
    revision=st.none() | labels,
    model_id=st.none() | model_ids,
    attribution=attributions,
    evaluator_version=labels,
)
results = st.builds(
    Result,
    model_id=model_ids,
    version=st.integers(2, 10**9),
    made_at=instants,
    canonical_url=labels,
    revision=labels,
    evaluator_version=labels,
    declared_license=st.none() | labels,
    net=nets,
    report=st.builds(Report, object_version=labels, sha256=digests),
    details_sha256=digests,
    details=st.none() | labels,
)
open_jobs = st.builds(
    EvaluationRecord,
    id=model_ids,
    request=requests,
    status=st.sampled_from([EvaluationStatus.QUEUED, EvaluationStatus.RUNNING]),
    created_at=instants,
    deadline=instants,
    attempts=st.integers(0, 4),
    claim=st.none() | st.builds(Claim, claimant=model_ids, lease_until=instants),
)
failures = st.builds(
    EvaluationRecord,
    id=model_ids,
    request=requests,
    status=st.just(EvaluationStatus.FAILED),
    created_at=instants,
    deadline=instants,
    attempts=st.integers(1, 4),
    completed_at=instants,
    latency_ms=st.integers(0, 10**9),
    failure=st.builds(Fault, code=st.sampled_from(UserErrorCode), message=labels),
)


@st.composite
def successes(draw: st.DrawFn) -> EvaluationRecord:
    """Draw a successful evaluation, as it is read back."""
    request, result, ended = draw(requests), draw(results), draw(instants)
    return EvaluationRecord(
        id=draw(model_ids),
        request=Request(
            url=request.url,
            repo_id=request.repo_id,
            revision=request.revision,
            model_id=request.model_id,
            attribution=request.attribution,
            evaluator_version=result.evaluator_version,
        ),
        status=EvaluationStatus.SUCCEEDED,
        created_at=draw(instants),
        deadline=ended,
        completed_at=ended,
        latency_ms=draw(st.integers(0, 10**9)),
        result=result,
    )


def a_request(**fields: object) -> Request:
    """Return a plain request, with `fields` in place of the usual ones."""
    usual: dict[str, object] = {
        "url": PAGE,
        "repo_id": "acme/tiny",
        "revision": None,
        "model_id": None,
        "attribution": Attribution("user:ann", "user:ann"),
        "evaluator_version": "1.0.0+policy.abc",
    }
    return Request(**(usual | fields))  # type: ignore[arg-type]  # the caller's business


def a_job(**fields: object) -> EvaluationRecord:
    """Return a job that waits, with `fields` in place of the usual ones."""
    usual: dict[str, object] = {
        "id": EVALUATION_ID,
        "request": a_request(),
        "status": EvaluationStatus.QUEUED,
        "created_at": ASKED,
        "deadline": DEADLINE,
    }
    return EvaluationRecord(**(usual | fields))  # type: ignore[arg-type]  # the caller's business


def a_result(**fields: object) -> Result:
    """Return a plain result, with `fields` in place of the usual ones."""
    usual: dict[str, object] = {
        "model_id": MODEL_ID,
        "version": 2,
        "made_at": ENDED,
        "canonical_url": PAGE,
        "revision": COMMIT,
        "evaluator_version": "1.0.0+policy.abc",
        "declared_license": "mit",
        "net": NetScore(0.5, 0.25, 0.75, 0.5),
        "report": Report("v1", DIGEST),
        "details_sha256": DIGEST,
        "details": None,
    }
    return Result(**(usual | fields))  # type: ignore[arg-type]  # the caller's business


def a_success(**fields: object) -> EvaluationRecord:
    """Return a successful evaluation, with `fields` in place of the usual ones of its result."""
    return a_job(
        status=EvaluationStatus.SUCCEEDED,
        deadline=ENDED,
        completed_at=ENDED,
        latency_ms=10_250,
        result=a_result(**fields),
    )
