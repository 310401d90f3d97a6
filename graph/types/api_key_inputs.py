"""The inputs of mutations of API keys, as commands."""

import strawberry

from graph.types.enums import Role
from models.access.commands import CreateApiKey, RevokeApiKey
from models.timestamps import Timestamp


@strawberry.input(description="Which key to make")
class CreateApiKeyInput:
    """A new key."""

    name: str = strawberry.field(description="What people call it, 1 to 128 characters")
    role: Role = strawberry.field(description="The highest role that it has")
    expires_at: Timestamp | None = strawberry.field(
        default=None, description="From then on it is refused; never unless given"
    )

    def command(self) -> CreateApiKey:
        """Say it to the service."""
        return CreateApiKey(name=self.name, role=self.role, expires_at=self.expires_at)


@strawberry.input(description="Which key to revoke")
class RevokeApiKeyInput:
    """A key to be refused from now on."""

    id: strawberry.ID = strawberry.field(description="The key's id")

    def command(self) -> RevokeApiKey:
        """Say it to the service."""
        return RevokeApiKey(id=self.id)
