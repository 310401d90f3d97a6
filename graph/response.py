"""Response bodies: how they are written, and how large they may be."""

import json
from typing import Any

from graph.errors import ErrorCode, RequestError

RESPONSE_MAX_BYTES = 5 * 1024 * 1024
"""Lambda refuses answers over 6 MB."""


class ResponseBudget:
    """Adds up what is large in an answer while it is made, so that it is not made in vain.

    A field under many names costs as often, which its query does not show.
    """

    def __init__(self) -> None:
        self._left = RESPONSE_MAX_BYTES

    def charge(self, text: str) -> str:
        """Return `text`, which is about to be answered.

        Raises:
            RequestError: the answer would be too large.
        """
        self._left -= len(text)
        if self._left < 0:
            raise too_large()
        return text


def too_large() -> RequestError:
    """Say that an answer is too large, and what to do about it."""
    return RequestError(
        ErrorCode.RESPONSE_TOO_LARGE,
        f"the answer would be over {RESPONSE_MAX_BYTES} bytes: ask for fewer items or fields",
    )


def encode(body: dict[str, Any]) -> bytes:
    """Write `body` as UTF-8 JSON, in its own script.

    An error message can quote half a surrogate pair, which UTF-8 cannot hold: then everything
    beyond ASCII is escaped.
    """
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(body, allow_nan=False, separators=(",", ":")).encode()
