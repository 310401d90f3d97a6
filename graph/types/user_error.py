"""UserError: an expected failure of a mutation."""

import strawberry

from graph.types.enums import UserErrorCode
from models.errors import Fault, Refusal


@strawberry.type(
    description="An expected failure. Whoever asked can act on it, and nothing was changed"
)
class UserError:
    """One reason for a refusal."""

    code: UserErrorCode = strawberry.field(description="What kind of failure it is")
    message: str = strawberry.field(description="What to do about it, for a person")
    field: list[str] | None = strawberry.field(
        description="Path of the input field at fault, in input's own names"
    )


def user_error(fault: Fault) -> UserError:
    """Show one reason for a failure."""
    return UserError(code=fault.code, message=fault.message, field=list(fault.field) or None)


def user_errors(refusal: Refusal) -> list[UserError]:
    """Return every reason of a refusal."""
    return [user_error(fault) for fault in refusal.faults]
