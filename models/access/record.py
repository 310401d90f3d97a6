"""An API key: what is kept of it, and how its secret is made and read."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from uuid import UUID

from models.principal import Role
from models.timestamps import Timestamp

PREFIX = "mle_"
"""By which scanners for leaked secrets know one."""
_SECRET_BYTES = 32
_TOKEN = re.compile(r"mle_([0-9a-f]{32})_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class ApiKeyRecord:
    """A credential of an automation job.

    Attributes:
        id: a UUID of version 7, which stands in the token too.
        role: the highest that it has.
        token_sha256: of the whole token; the token itself is kept nowhere.
        expires_at: from then on it is refused; None for never.
    """

    id: str
    name: str
    role: Role
    token_sha256: str
    created_at: Timestamp
    created_by: str
    expires_at: Timestamp | None = None
    revoked_at: Timestamp | None = None
    revoked_by: str | None = None

    @property
    def subject(self) -> str:
        """Return the principal that the key authenticates."""
        return f"key:{self.id}"


def new_token(key_id: str) -> str:
    """Make the token of a key: its id, and 256 random bits."""
    return f"{PREFIX}{UUID(key_id).hex}_{secrets.token_urlsafe(_SECRET_BYTES)}"


def key_id_in(token: str) -> str | None:
    """Return the id of the key that `token` would be, or None where it can be none."""
    match = _TOKEN.fullmatch(token)
    return str(UUID(match.group(1))) if match else None


def token_sha256(token: str) -> str:
    """Return the digest by which a token is known: it is random, so it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
