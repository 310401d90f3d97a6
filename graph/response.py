"""Writes a response body."""

import json
from typing import Any


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
