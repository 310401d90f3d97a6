"""Who may use a root field: each says which role it needs, and a test finds one that does not.

Here and nowhere deeper: what a root field gives, all of it may be read, and a check for each field
would cost as much again as the field.
"""

from collections.abc import Callable
from typing import Any

from strawberry.extensions import FieldExtension

from graph.context import Context
from models.errors import Forbidden
from models.principal import Role


class Requires(FieldExtension):
    """Lets nobody use a field who lacks a role.

    Args:
        role: the role; None lets in everybody who is authenticated.
    """

    def __init__(self, role: Role | None) -> None:
        self.role = role

    def resolve(self, next_: Callable[..., Any], source: Any, info: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # strawberry's signature
        """Resolve the field, or refuse to.

        Raises:
            Forbidden: the caller lacks the role.
        """
        context: Context = info.context
        if self.role is not None and self.role not in context.principal.roles:
            raise Forbidden(f"this takes the role {self.role}")
        return next_(source, info, **kwargs)


ANYBODY = Requires(None)
READERS = Requires(Role.READER)
WRITERS = Requires(Role.WRITER)
ADMINS = Requires(Role.ADMIN)
