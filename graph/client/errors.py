"""The client's errors.

ClientError
├── Unreachable           no answer of the service: name, connection, time-out, 502 to 504
├── UnexpectedAnswer      something answered that is not this service
├── FileChanged           a file was altered while it was being sent
├── StillVerifying        the service has not yet hashed a large file
└── ApiError              the service refused, with a code and a message
    ├── NotFound              NOT_FOUND
    ├── VersionConflict       VERSION_CONFLICT
    ├── InvalidState          INVALID_STATE
    ├── AlreadyExists         ALREADY_EXISTS
    ├── IdempotencyConflict   IDEMPOTENCY_CONFLICT
    ├── InvalidInput          INVALID_INPUT, BAD_USER_INPUT
    ├── Unauthenticated       UNAUTHENTICATED
    ├── Forbidden             FORBIDDEN
    ├── Throttled             THROTTLED
    ├── ChecksumMismatch      CHECKSUM_MISMATCH; also of bytes that were fetched
    ├── UploadIncomplete      UPLOAD_INCOMPLETE
    └── EvaluationFailed      an evaluation's failure, whatever its code

A code that this client does not know is an ApiError itself. docs/API.md tells what each code means.
"""

from collections.abc import Sequence

from graph.client.values.evaluation import Evaluation
from graph.client.values.problem import Problem


class ClientError(Exception):
    """Something that was asked for was not done, or nobody knows whether it was."""


class Unreachable(ClientError):  # noqa: N818  # a noun of the tree above, like its siblings
    """There is no answer of the service."""


class UnexpectedAnswer(ClientError):  # noqa: N818
    """What answered is not this service, or speaks a language that this client does not know."""


class FileChanged(ClientError):  # noqa: N818
    """A file is not any more what it was when it was hashed. Nothing was added to the model."""


class StillVerifying(ClientError):  # noqa: N818
    """All bytes were sent, and the service is still hashing them: push again to go on waiting."""


class ApiError(ClientError):
    """The service refused.

    Attributes:
        errors: every reason, at least one.
        request_id: under which the service's log has the request, where it told one.
    """

    def __init__(self, errors: Sequence[Problem], request_id: str | None = None) -> None:
        super().__init__("; ".join(str(error) for error in errors))
        self.errors = tuple(errors)
        self.request_id = request_id

    @property
    def code(self) -> str:
        """The first reason's code."""
        return self.errors[0].code

    @property
    def message(self) -> str:
        """The first reason's message."""
        return self.errors[0].message

    @property
    def field(self) -> tuple[str, ...]:
        """The first reason's field: its path in the API's own names, empty for none."""
        return self.errors[0].field


class NotFound(ApiError):  # noqa: N818
    """There is no such object."""


class VersionConflict(ApiError):  # noqa: N818
    """The model is at another version than the expected one, or a concurrent change won."""


class InvalidState(ApiError):  # noqa: N818
    """What was asked does not fit the object's state."""


class AlreadyExists(ApiError):  # noqa: N818
    """Another model claims the source URL."""


class IdempotencyConflict(ApiError):  # noqa: N818
    """The idempotency key was used before with another input."""


class InvalidInput(ApiError):  # noqa: N818
    """A field or an argument is not what it must be."""


class Unauthenticated(ApiError):  # noqa: N818
    """There are no valid credentials."""


class Forbidden(ApiError):  # noqa: N818
    """The caller may not do this."""


class Throttled(ApiError):  # noqa: N818
    """The service is overloaded, and sending again did not help."""


class ChecksumMismatch(ApiError):  # noqa: N818
    """Bytes are not those that were declared."""


class UploadIncomplete(ApiError):  # noqa: N818
    """S3 has not all bytes of the file."""


class EvaluationFailed(ApiError):  # noqa: N818
    """An evaluation ended without a result.

    Attributes:
        evaluation: the failed one.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        super().__init__([evaluation.failure or Problem("FAILED", "the evaluation failed")])
        self.evaluation = evaluation


_BY_CODE: dict[str, type[ApiError]] = {
    "NOT_FOUND": NotFound,
    "VERSION_CONFLICT": VersionConflict,
    "INVALID_STATE": InvalidState,
    "ALREADY_EXISTS": AlreadyExists,
    "IDEMPOTENCY_CONFLICT": IdempotencyConflict,
    "INVALID_INPUT": InvalidInput,
    "BAD_USER_INPUT": InvalidInput,
    "UNAUTHENTICATED": Unauthenticated,
    "FORBIDDEN": Forbidden,
    "THROTTLED": Throttled,
    "CHECKSUM_MISMATCH": ChecksumMismatch,
    "UPLOAD_INCOMPLETE": UploadIncomplete,
}


def api_error(errors: Sequence[Problem], request_id: str | None = None) -> ApiError:
    """Return the error that the first reason's code stands for."""
    return _BY_CODE.get(errors[0].code, ApiError)(errors, request_id)


def not_found(message: str) -> NotFound:
    """Return the error for what a query answered null."""
    return NotFound([Problem("NOT_FOUND", message)])
