"""One reason for a refusal."""

from dataclasses import dataclass
from typing import Any, Self

from graph.client.values.value import Value


@dataclass(frozen=True, slots=True)
class Problem(Value):
    """Why something was refused.

    Attributes:
        code: docs/API.md tells what each means.
        message: what to do about it, for a person.
        field: path of the field at fault, in the API's own names; empty for none.
    """

    code: str
    message: str
    field: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Tell a person."""
        at_field = f" ({'.'.join(self.field)})" if self.field else ""
        return f"{self.code}: {self.message}{at_field}"

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Self:
        """Read a UserError."""
        return cls(answer["code"], answer["message"], tuple(answer["field"] or ()))
