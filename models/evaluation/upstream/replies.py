"""What an answer says, whatever it holds: a value of the wrong type is a missing one.

Texts lose halves of surrogate pairs, numbers what JSON cannot express: facts are JSON values that
can be stored and hashed.
"""

import math
import re
from datetime import datetime
from typing import Final

from models.json_text import Json

LEVELS_MAX: Final = 32
"""Deeper values are dropped; the Hub's own schemas have under ten."""

_WHOLE: Final = re.compile("[0-9]{1,18}")
_WHOLE_END: Final = 10**18


def plain(value: object, levels: int = LEVELS_MAX) -> Json:
    """Return `value` as JSON that can be stored; null for what cannot."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict) and levels:
        return {text(key) or "": plain(item, levels - 1) for key, item in value.items()}
    if isinstance(value, list) and levels:
        return [plain(item, levels - 1) for item in value]
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return None


def text(value: object) -> str | None:
    """Return a text that is not empty."""
    return value.encode("utf-8", "replace").decode() or None if isinstance(value, str) else None


def texts(value: object) -> tuple[str, ...]:
    """Return the texts of a list."""
    found = (text(item) for item in items(value))
    return tuple(item for item in found if item is not None)


def items(value: object) -> list[object]:
    """Return a list; an empty one for anything else."""
    return value if isinstance(value, list) else []


def fields(value: object) -> dict[str, object]:
    """Return an object's fields; none for anything else."""
    return value if isinstance(value, dict) else {}


def plain_fields(value: object) -> dict[str, Json]:
    """Return an object's fields as JSON that can be stored; none for anything else."""
    found = plain(value)
    return found if isinstance(found, dict) else {}


def whole(value: object) -> int | None:
    """Return a whole number, not negative and below 1e18; one written as text counts."""
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value < _WHOLE_END else None


def day(value: object) -> str | None:
    """Return the day of an ISO 8601 date or time."""
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value).date().isoformat()
    except ValueError:
        return None
