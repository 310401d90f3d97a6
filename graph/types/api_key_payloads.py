"""What mutations of API keys answer."""

from typing import Self

import strawberry

from graph.types.api_key import ApiKey
from graph.types.user_error import UserError, user_errors
from models.access.keys import CreatedKey
from models.access.record import ApiKeyRecord
from models.errors import Refusal

_USER_ERRORS = "Why it was refused: every reason at once; empty where it was not"


@strawberry.type(description="The key that createApiKey made")
class CreateApiKeyPayload:
    """Answer of createApiKey."""

    api_key: ApiKey | None = strawberry.field(description="The key; null where it was refused")
    secret: str | None = strawberry.field(description="What the job sends. Shown this once")
    user_errors: list[UserError] = strawberry.field(description=_USER_ERRORS)

    @classmethod
    def made(cls, created: CreatedKey) -> Self:
        """Answer with the key and its secret."""
        return cls(api_key=ApiKey.of(created.key), secret=created.token, user_errors=[])

    @classmethod
    def refused(cls, refusal: Refusal) -> Self:
        """Answer with why there is none."""
        return cls(api_key=None, secret=None, user_errors=user_errors(refusal))


@strawberry.type(description="The key that revokeApiKey revoked")
class RevokeApiKeyPayload:
    """Answer of revokeApiKey."""

    api_key: ApiKey | None = strawberry.field(description="The key; null where it was refused")
    user_errors: list[UserError] = strawberry.field(description=_USER_ERRORS)

    @classmethod
    def made(cls, record: ApiKeyRecord) -> Self:
        """Answer with the key."""
        return cls(api_key=ApiKey.of(record), user_errors=[])

    @classmethod
    def refused(cls, refusal: Refusal) -> Self:
        """Answer with why it was not revoked."""
        return cls(api_key=None, user_errors=user_errors(refusal))
