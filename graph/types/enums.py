"""The domain's enums as GraphQL enums, each value described."""

from collections.abc import Mapping
from enum import Enum

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from models.artifacts.record import ArtifactStatus, VerificationMethod
from models.errors import UserErrorCode
from models.evaluation.finding import MetricName, MetricStatus
from models.evaluation.record import EvaluationStatus
from models.license.decision import Verdict as LicenseVerdict
from models.listing.query import Direction, OrderField
from models.principal import Role
from models.records import ChangeAction, ModelState


def _expose(
    enum: type[Enum], description: str, values: Mapping[str, str], name: str | None = None
) -> None:
    """Make `enum` a GraphQL enum. The domain's class stays free of GraphQL."""
    exposed = strawberry.enum(enum, name=name, description=description)
    definition: StrawberryEnumDefinition = exposed.__strawberry_definition__  # type: ignore[attr-defined]
    for value in definition.values:
        value.description = values[value.name]


_expose(
    ModelState,
    "Whether a model is in use",
    {
        "ACTIVE": "Can be changed, and is listed",
        "DELETED": "Stays readable, is listed only where asked for, and can only be restored",
    },
)
_expose(
    ChangeAction,
    "What a change did",
    {
        "CREATE": "Registered the model",
        "UPDATE": "Changed fields of the model",
        "DELETE": "Marked the model deleted",
        "RESTORE": "Made the model active again",
        "ARTIFACT_ADD": "Made an artifact available",
        "ARTIFACT_DELETE": "Deleted an artifact",
        "EVALUATE": "Added a successful evaluation",
    },
)
_expose(
    ArtifactStatus,
    "How far a file has come",
    {
        "PENDING": "Waiting for its bytes",
        "VERIFYING": "The bytes are there, and are being hashed",
        "AVAILABLE": "The bytes are those that were declared",
        "REJECTED": "The bytes are not what was declared",
        "DELETED": "Taken off its model",
    },
)
_expose(
    VerificationMethod,
    "How stored bytes were compared with the declared digest",
    {
        "S3_CHECKSUM": "S3 compared the whole object with sha256 as it was written",
        "REHASH": "The service read the stored object and hashed it",
    },
)
_expose(
    OrderField,
    "By what a list of models is ordered",
    {
        "UPDATED_AT": "The instant of the newest change",
        "CREATED_AT": "The instant of creation",
        "NAME": "The name, without regard to case",
        "NET_SCORE": "The net score; a model without one counts as below every score",
    },
    name="ModelOrderField",
)
_expose(
    Direction,
    "Which end of an order comes first",
    {"ASC": "The lowest or the oldest", "DESC": "The highest or the newest"},
    name="OrderDirection",
)
_expose(
    Role,
    "What a principal may do",
    {
        "READER": "Read everything but API keys",
        "WRITER": "Also change models",
        "ADMIN": "Also manage API keys",
    },
)
_expose(
    EvaluationStatus,
    "How far an evaluation has come",
    {
        "QUEUED": "Waiting for a worker, for the first time or again",
        "RUNNING": "A worker has it",
        "SUCCEEDED": "It belongs to its model",
        "FAILED": "It ended without a result, or was not ended by its deadline",
    },
)
_expose(
    MetricName,
    "The metrics, by which docs/EVALUATION.md tells their rules",
    {
        "RAMP_UP_TIME": "How soon somebody new can use the model: a checklist over its card",
        "BUS_FACTOR": "Whether more than one person knows the model's repository",
        "PERFORMANCE_CLAIMS": "Whether claims of performance can be checked",
        "LICENSE": "What the license policy says",
        "SIZE": "How well the weights fit common devices",
        "DATASET_AND_CODE": "Whether training data and code can be found",
        "DATASET_QUALITY": "How well the declared datasets are described",
        "CODE_QUALITY": "How well the linked code repository is kept",
        "ARTIFACT_SAFETY": "Whether loading the weights can run code",
        "REPRODUCIBILITY": "Whether what it takes to train the model again is stated",
    },
)
_expose(
    MetricStatus,
    "Whether a metric has a score",
    {
        "MEASURED": "It has",
        "UNKNOWN": "The source that would tell could not be read. Never scored as 0",
        "NOT_APPLICABLE": "There is nothing to score, and it counts nowhere",
    },
)
_expose(
    LicenseVerdict,
    "Whether a model may be used under its license",
    {
        "ALLOWED": "It may",
        "REVIEW": "A person must decide: the terms carry obligations or limits of use",
        "DENIED": "It may not",
        "UNKNOWN": (
            "No license, or one that can't be identified. The policy treats it as not allowed"
        ),
    },
    name="LicenseVerdict",
)
_expose(
    UserErrorCode,
    "Why a change was refused",
    {
        "INVALID_INPUT": "A field of the input is not what it must be",
        "NOT_FOUND": "There is no such object",
        "VERSION_CONFLICT": (
            "expectedVersion is not the model's version, or a concurrent change won"
        ),
        "INVALID_STATE": (
            "What was asked does not fit the object's state, such as changing a DELETED model"
        ),
        "ALREADY_EXISTS": "Another model claims this source URL",
        "IDEMPOTENCY_CONFLICT": "The idempotency key was used before with another input",
        "CHECKSUM_MISMATCH": "The bytes are not those that were declared",
        "UPLOAD_INCOMPLETE": "The bytes have not arrived at S3",
        "UPSTREAM_NOT_FOUND": "There is no such upstream page",
        "UPSTREAM_FORBIDDEN": "The upstream page is gated or private",
        "INTERNAL_ERROR": "An evaluation failed for a reason that only the service's log tells",
        "UPSTREAM_UNAVAILABLE": "The upstream service does not answer",
    },
)

__all__ = [
    "ArtifactStatus",
    "ChangeAction",
    "Direction",
    "EvaluationStatus",
    "LicenseVerdict",
    "MetricName",
    "MetricStatus",
    "ModelState",
    "OrderField",
    "Role",
    "UserErrorCode",
    "VerificationMethod",
]
