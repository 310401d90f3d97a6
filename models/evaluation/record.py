"""What the registry keeps of an evaluation: the request, how far it has come, and the result."""

from dataclasses import dataclass, replace
from enum import StrEnum

from models.errors import Fault, UserErrorCode
from models.evaluation.score import NetScore
from models.history.chain import Attribution
from models.timestamps import Timestamp

EVALUATIONS_PREFIX = "evaluations/"
"""Of the keys of reports in the bucket."""


class EvaluationStatus(StrEnum):
    """How far an evaluation has come. Append-only: stored evaluations carry these words."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


OPEN = frozenset({EvaluationStatus.QUEUED, EvaluationStatus.RUNNING})
"""The states of a job that somebody still has to end."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for.

    Attributes:
        url: the canonical form of the page, with its revision where one was asked for.
        repo_id: the page's name on the Hub, `owner/name` or `name`.
        revision: a branch, a tag or a commit; None for the newest commit.
        model_id: the model to attach the result to; None to find it by its source URL.
        attribution: of the changes that come of it.
        evaluator_version: of whoever took the request.
    """

    url: str
    repo_id: str
    revision: str | None
    model_id: str | None
    attribution: Attribution
    evaluator_version: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A worker's hold on a job.

    Attributes:
        claimant: the worker's name for this attempt, which nobody else has.
        lease_until: from then on, another worker may claim the job.
    """

    claimant: str
    lease_until: Timestamp


@dataclass(frozen=True, slots=True)
class Report:
    """The full report in the bucket.

    Attributes:
        object_version: of the object: later ones under the same key are not ours.
        sha256: of its bytes, lower-case hex.
    """

    object_version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a successful evaluation found.

    Attributes:
        model_id: the model that it belongs to.
        version: the model's version that it made.
        made_at: the instant of that change.
        canonical_url: the page as the Hub names it now, after renames.
        revision: the upstream commit that was read.
        declared_license: None where none is declared.
        details_sha256: of `details`.
        details: JSON text of the metrics with their evidence, as `models.evaluation.assessment`
            writes it; None in a record that came from a list.
    """

    model_id: str
    version: int
    made_at: Timestamp
    canonical_url: str
    revision: str
    evaluator_version: str
    declared_license: str | None
    net: NetScore
    report: Report
    details_sha256: str
    details: str | None


@dataclass(frozen=True, slots=True)
class EvaluationRecord:
    """An evaluation.

    Attributes:
        id: a UUID of version 7.
        deadline: from then on it is FAILED if nobody ended it.
        attempts: how often it was claimed.
        claim: the worker that has it, while it is RUNNING.
        failure: why it FAILED.
        result: where it SUCCEEDED.
    """

    id: str
    request: Request
    status: EvaluationStatus
    created_at: Timestamp
    deadline: Timestamp
    attempts: int = 0
    claim: Claim | None = None
    completed_at: Timestamp | None = None
    latency_ms: int | None = None
    failure: Fault | None = None
    result: Result | None = None

    @property
    def report_key(self) -> str:
        """Return where its report is in the bucket."""
        return f"{EVALUATIONS_PREFIX}{self.id}.json"

    @property
    def model_id(self) -> str | None:
        """Return the model that it belongs to, as far as that is known."""
        return self.result.model_id if self.result else self.request.model_id

    @property
    def evaluator_version(self) -> str:
        """Return which rules scored it, or would have."""
        return self.result.evaluator_version if self.result else self.request.evaluator_version

    def was_made_by(self, version: int | None) -> bool:
        """Tell whether a version of the model has it; None means the model now."""
        return version is None or (self.result is not None and self.result.version <= version)

    def seen_at(self, now: Timestamp) -> "EvaluationRecord":
        """Return it as it is seen at an instant: past its deadline, it has FAILED."""
        if self.status not in OPEN or now < self.deadline:
            return self
        fault = _EXPIRED if self.attempts else _NEVER_BEGUN
        return replace(
            self, status=EvaluationStatus.FAILED, failure=fault, completed_at=self.deadline
        )


_EXPIRED = Fault(
    UserErrorCode.UPSTREAM_UNAVAILABLE,
    "the evaluation did not end within its time: ask for another one",
)
_NEVER_BEGUN = Fault(
    UserErrorCode.INTERNAL_ERROR,
    "no worker was free to begin the evaluation within its time: ask for another one",
)
