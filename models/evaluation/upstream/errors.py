"""Why something could not be read upstream.

UpstreamFailure        a model cannot be evaluated now, in the API's own codes
RequestFailure         a request got no answer that can be used
├── HostRefused        it would have gone to a host that nobody configured
├── BodyTooLarge       the answer has more bytes than anybody needs
├── UnknownEncoding    the answer is compressed, though that was not asked for
├── OutOfTime          the deadline passed
└── Unreachable        no answer, or not all of it
"""

from typing import ClassVar

from models.errors import UserErrorCode


class UpstreamFailure(Exception):  # noqa: N818  # what happened upstream, no error of ours
    """A model cannot be evaluated.

    The message is for a person, and the same for the same cause: it names no request, no time
    and no address.

    Attributes:
        code: one of the UPSTREAM codes.
        is_retryable: whether the same may succeed later, with nothing changed here or there.
        retry_after_seconds: for how long upstream asks to be left alone; 0 where it does not.
    """

    def __init__(
        self,
        code: UserErrorCode,
        message: str,
        *,
        retryable: bool,
        retry_after_seconds: float = 0.0,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.is_retryable = retryable
        self.retry_after_seconds = retry_after_seconds


class RequestFailure(Exception):  # noqa: N818  # the head of the tree above
    """A request got no answer that can be used; the message goes after who was asked.

    Attributes:
        is_retryable: see UpstreamFailure.
    """

    is_retryable: ClassVar[bool] = True


class HostRefused(RequestFailure):
    """Nothing was sent, since the address is not the configured one."""

    is_retryable = False

    def __init__(self) -> None:
        super().__init__("sent us to another host, where nothing is read")


class BodyTooLarge(RequestFailure):
    """The rest of the answer was not read."""

    is_retryable = False

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"answered with more than {max_bytes >> 20} MiB")


class OutOfTime(RequestFailure):
    """The deadline passed before the whole answer was here."""

    def __init__(self) -> None:
        super().__init__("did not answer in time")


class Unreachable(RequestFailure):
    """No connection, or one that broke off, however often it was tried."""

    def __init__(self) -> None:
        super().__init__("could not be reached, or broke off")


class UnknownEncoding(RequestFailure):
    """The answer is compressed though that was not asked for; its size cannot be bounded."""

    is_retryable = False

    def __init__(self) -> None:
        super().__init__("answered in an encoding that was not asked for")
