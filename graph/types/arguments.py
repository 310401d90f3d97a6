"""Arguments that several fields share, described once."""

from typing import Annotated

import strawberry

from models.errors import InvalidArgument
from models.storage.links import DOWNLOAD_DEFAULT_SECONDS, DOWNLOAD_MAX_SECONDS

First = Annotated[
    int | None,
    strawberry.argument(description="How many from the beginning: 1 to 100, 20 unless given"),
]
After = Annotated[
    str | None,
    strawberry.argument(description="A cursor of this list: begin right after its item"),
]
Last = Annotated[int | None, strawberry.argument(description="How many from the end: 1 to 100")]
Before = Annotated[
    str | None,
    strawberry.argument(description="A cursor of this list: end right before its item"),
]
ExpiresIn = Annotated[
    int | None,
    strawberry.argument(description="Seconds, 1 to 3600, 900 unless given"),
]


def link_seconds(expires_in: int | None) -> int:
    """Return for how long a presigned link is good.

    Raises:
        InvalidArgument: it may not be good for so long.
    """
    seconds = DOWNLOAD_DEFAULT_SECONDS if expires_in is None else expires_in
    if not 1 <= seconds <= DOWNLOAD_MAX_SECONDS:
        message = f"expiresIn must be 1 to {DOWNLOAD_MAX_SECONDS} seconds, not {seconds}"
        raise InvalidArgument(message, "expiresIn")
    return seconds
