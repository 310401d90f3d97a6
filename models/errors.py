"""The error tree. Whoever asked can act on each of these; anything else is a fault of ours.

ServiceError
├── Refusal            a change that was not made, with every reason at once
├── InvalidArgument    a read whose arguments make no sense
├── Forbidden          the caller may not do this
└── Throttled          the storage is overloaded: try again later

Misconfigured          a setting makes no sense, which only an operator can mend
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class UserErrorCode(StrEnum):
    """Why a change was refused."""

    INVALID_INPUT = "INVALID_INPUT"
    NOT_FOUND = "NOT_FOUND"
    VERSION_CONFLICT = "VERSION_CONFLICT"
    INVALID_STATE = "INVALID_STATE"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    CHECKSUM_MISMATCH = "CHECKSUM_MISMATCH"
    UPLOAD_INCOMPLETE = "UPLOAD_INCOMPLETE"
    UPSTREAM_NOT_FOUND = "UPSTREAM_NOT_FOUND"
    UPSTREAM_FORBIDDEN = "UPSTREAM_FORBIDDEN"
    UPSTREAM_UNAVAILABLE = "UPSTREAM_UNAVAILABLE"
    INTERNAL_ERROR = "INTERNAL_ERROR"


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason for a refusal.

    Attributes:
        code: what kind of failure it is.
        message: what to do about it, for a person.
        field: path of the input field at fault, in the API's own names; empty for none.
    """

    code: UserErrorCode
    message: str
    field: tuple[str, ...] = ()


class ServiceError(Exception):
    """An expected failure."""


class Refusal(ServiceError):  # noqa: N818  # a noun of the tree above, like its siblings
    """A change that was not made. Nothing was written."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = tuple(faults)

    @classmethod
    def because(cls, code: UserErrorCode, message: str, *field: str) -> "Refusal":
        """Build a refusal for one reason."""
        return cls([Fault(code, message, field)])


class InvalidArgument(ServiceError):  # noqa: N818  # a noun of the tree above, like its siblings
    """A read's arguments make no sense.

    Attributes:
        field: path of the argument at fault.
    """

    def __init__(self, message: str, *field: str) -> None:
        super().__init__(message)
        self.field = field


class Forbidden(ServiceError):  # noqa: N818  # a noun of the tree above, like its siblings
    """The caller may not do this."""

    def __init__(self, message: str, *field: str) -> None:
        super().__init__(message)
        self.field = field


class Throttled(ServiceError):  # noqa: N818  # a noun of the tree above, like its siblings
    """The storage refused the request because it is overloaded, and retries did not help."""


class Misconfigured(ValueError):  # noqa: N818  # a noun, like its siblings
    """A setting of the service, or a file that one names, makes no sense.

    The message names the setting or the place in the file, and quotes no secret.
    """
