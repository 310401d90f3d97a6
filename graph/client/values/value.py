"""What all values have in common: whatever a service answers, each field is of its type."""

from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

_NUMBERS: dict[type[Any], frozenset[type[Any]]] = {
    int: frozenset({int}),
    float: frozenset({int, float}),
}
"""What JSON has of them: a bool is none."""


def called(path: str) -> dict[str, str]:
    """Note what the API calls a field where it has another name: `model.uuid` is inside `model`."""
    return {"api": path}


class Value:
    """A value that was read from an answer."""

    __slots__ = ()


def misfit(value: object) -> str | None:
    """Return the name of the first field that is not of its type, if there is one."""
    kind: Any = type(value)  # which mypy takes for not hashable
    hints = _hints(kind)
    names = (field.name for field in fields(value))  # type: ignore[arg-type]  # a dataclass
    return next((name for name in names if not _fits(getattr(value, name), hints[name])), None)


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)


def _fits(value: object, declared: Any) -> bool:  # noqa: ANN401  # any type
    origin, inner = get_origin(declared), get_args(declared)
    if origin is tuple:
        return isinstance(value, tuple) and all(_fits(item, inner[0]) for item in value)
    if origin is dict and inner == (str, str):
        return isinstance(value, dict) and all(
            isinstance(text, str) for item in value.items() for text in item
        )
    if origin in {list, dict}:  # of JSON, which was parsed as such
        return isinstance(value, origin)
    if inner:
        return any(_fits(value, one) for one in inner)
    if declared in _NUMBERS:
        return type(value) in _NUMBERS[declared]
    return isinstance(value, declared) and not (is_dataclass(value) and misfit(value))
