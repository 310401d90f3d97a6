"""Who is asking, and the credentials of jobs."""

from dataclasses import dataclass, field
from typing import Any, Final, Self

from graph.client.values.value import Value

VIEWER_FIELDS: Final = "subject roles"
API_KEY_FIELDS: Final = "id name role createdAt createdBy expiresAt revokedAt revokedBy subject"


@dataclass(frozen=True, slots=True)
class Viewer(Value):
    """Who is asking.

    Attributes:
        subject: `user:<subject>`, `key:<id>` or `local`.
        roles: READER, WRITER, ADMIN.
    """

    subject: str
    roles: tuple[str, ...]

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Self:
        """Read a Viewer."""
        return cls(answer["subject"], tuple(answer["roles"]))


@dataclass(frozen=True, slots=True)
class ApiKey(Value):
    """A credential of an automation job, without its secret.

    Attributes:
        role: the highest that it has.
        expires_at: from then on it is refused; None for never.
        subject: the principal that it authenticates.
    """

    id: str
    name: str
    role: str
    created_at: str
    created_by: str
    expires_at: str | None
    revoked_at: str | None
    revoked_by: str | None
    subject: str

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Self:
        """Read an ApiKey."""
        return cls(
            id=answer["id"],
            name=answer["name"],
            role=answer["role"],
            created_at=answer["createdAt"],
            created_by=answer["createdBy"],
            expires_at=answer["expiresAt"],
            revoked_at=answer["revokedAt"],
            revoked_by=answer["revokedBy"],
            subject=answer["subject"],
        )


@dataclass(frozen=True, slots=True)
class CreatedApiKey(Value):
    """A key that was just made.

    Attributes:
        secret: what the job sends. The service tells it this once, and repr never does.
    """

    api_key: ApiKey
    secret: str = field(repr=False)

    @classmethod
    def of(cls, payload: dict[str, Any]) -> Self:
        """Read what createApiKey answered."""
        return cls(ApiKey.of(payload["apiKey"]), payload["secret"])
