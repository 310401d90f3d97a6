"""Who is asking."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a principal may do: READER reads, WRITER also changes, ADMIN also manages keys."""

    READER = "READER"
    WRITER = "WRITER"
    ADMIN = "ADMIN"


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated caller.

    Attributes:
        subject: `user:<subject>`, `key:<id>` or `local`.
        may_attribute: whether it may say that a change was made by somebody else, as a job does
            that acts for a person.
    """

    subject: str
    roles: frozenset[Role]
    may_attribute: bool
