"""What an admin can ask of API keys, as it was given: not validated yet."""

from dataclasses import dataclass

from models.principal import Role
from models.timestamps import Timestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateApiKey:
    """Make a key for an automation job.

    Attributes:
        expires_at: from then on it is refused; None for never.
    """

    name: str
    role: Role
    expires_at: Timestamp | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeApiKey:
    """Refuse a key from now on.

    Attributes:
        id: the key's id in the API.
    """

    id: str
