"""Reading JSON of others strictly: what two programs read differently proves nothing. Pure."""

import json
import math
from typing import Any, NoReturn


def read_json(text: str | bytes) -> Any:  # noqa: ANN401 - JSON
    """Read a JSON text.

    Raises:
        ValueError: it is none, names a member twice, has NaN or a number beyond all bounds, or is
            nested too deeply.
    """
    try:
        return json.loads(
            text, object_pairs_hook=_members, parse_constant=_refuse, parse_float=_finite
        )
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice in an object")
    return members


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text} is too large a number")
    return number
