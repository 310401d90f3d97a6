"""Viewer: who is asking."""

import strawberry

from graph.types.enums import Role
from models.principal import Principal


@strawberry.type(description="Who is asking")
class Viewer:
    """The authenticated caller."""

    subject: str = strawberry.field(
        description="`user:<subject>`, `key:<id>` or `local`: what changedBy is unless given"
    )
    roles: list[Role] = strawberry.field(description="What the caller may do")

    @classmethod
    def of(cls, principal: Principal) -> "Viewer":
        """Show a principal."""
        return cls(subject=principal.subject, roles=sorted(principal.roles))
