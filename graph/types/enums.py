"""The domain's enums as GraphQL enums, each value described."""

from collections.abc import Mapping
from enum import Enum

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from models.artifacts.record import ArtifactStatus, VerificationMethod
from models.errors import UserErrorCode
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
        "UPSTREAM_UNAVAILABLE": "The upstream service does not answer",
    },
)

__all__ = [
    "ArtifactStatus",
    "ChangeAction",
    "Direction",
    "ModelState",
    "OrderField",
    "Role",
    "UserErrorCode",
    "VerificationMethod",
]
