"""JSON values as text: how metadata is stored, compared, patched and measured.

Numbers keep what Python keeps of them: integers exactly, the rest as IEEE 754 doubles.
"""

import json
import math
import re
from collections.abc import Iterator
from typing import cast

from models.limits import INTEGER_MAX_DIGITS

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_FORBIDDEN_IN_PROSE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_FIRST_SURROGATE = 0xD800
_INTEGERS_END = 10**INTEGER_MAX_DIGITS


def dumps(value: object) -> str:
    """Write `value` compactly, in its own key order and its own script.

    Raises:
        ValueError: it holds NaN or an infinity, for which JSON has no notation.
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def canonical(value: object) -> str:
    """Write `value` with sorted keys: equal texts are equal values, 1 and 1.0 kept apart."""
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
    )


def loads(text: str) -> Json:
    """Read what `dumps` wrote.

    Raises:
        ValueError: it is not JSON, or deeper than any that `problem` lets through.
    """
    try:
        value: Json = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deep to be read") from error
    return value


def as_json(value: object) -> Json:
    """Take `value` for the JSON value that `problem` found it to be."""
    return cast("Json", value)


def byte_length(text: str) -> int:
    """Return the length of `text` as UTF-8."""
    return len(text.encode())


def merge_patch(target: Json, patch: Json) -> Json:
    """Apply a JSON Merge Patch (RFC 7396): objects merge, null removes, the rest replaces."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def problem(value: object, *, max_levels: int) -> str | None:
    """Say what keeps `value` from being stored, or None where nothing does.

    It walks with a stack of its own, so that no depth can exhaust the interpreter's.
    """
    for item, level in _walk(value):
        if level > max_levels:
            return f"is nested more than {max_levels} levels deep"
        if isinstance(item, float) and not math.isfinite(item):
            return "holds a number that JSON cannot express (NaN or beyond 1.8e308)"
        if isinstance(item, int) and abs(item) >= _INTEGERS_END:
            return f"holds an integer of over {INTEGER_MAX_DIGITS} digits"
        if isinstance(item, str) and (found := text_problem(item, multiline=True)):
            return f"holds a string that {found}"
    return None


def text_problem(text: str, *, multiline: bool = False) -> str | None:
    """Say which character keeps `text` from being stored: a control or half a surrogate pair."""
    match = (_FORBIDDEN_IN_PROSE if multiline else _FORBIDDEN).search(text)
    if match is None:
        return None
    code = ord(match.group())
    if code >= _FIRST_SURROGATE:
        return "contains a lone surrogate, which is no Unicode text"
    return f"contains the control character U+{code:04X}"


def _walk(value: object) -> Iterator[tuple[object, int]]:
    stack = [(value, 0)]
    while stack:
        item, level = stack.pop()
        if isinstance(item, dict):
            stack.extend((key, level) for key in item)
            stack.extend((child, level + 1) for child in item.values())
            yield item, level + 1
        elif isinstance(item, list):
            stack.extend((child, level + 1) for child in item)
            yield item, level + 1
        else:
            yield item, 0
