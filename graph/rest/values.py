"""Values of parameters: what a query string's text says, and what is wrong with a value."""

import re
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, cast

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    get_nullable_type,
)

_INT_MAX = 2**31 - 1


def from_text(text: str, declared: GraphQLInputType) -> object:
    """Read a value of a query string, where a list is separated by commas.

    What cannot be read is returned as it is, for `problem` to tell what is wrong with it.
    """
    kind = get_nullable_type(declared)
    if isinstance(kind, GraphQLList):
        return [from_text(item, kind.of_type) for item in text.split(",")]
    form, read = _READERS.get(getattr(kind, "name", ""), (None, str))
    return read(text) if form and form.fullmatch(text) else text


def problem(value: object, declared: GraphQLInputType) -> str | None:
    """Tell what a value must be that it is not."""
    if isinstance(declared, GraphQLNonNull):
        return "must not be null" if value is None else problem(value, declared.of_type)
    if value is None:
        return None
    if isinstance(declared, GraphQLList):
        items = value if isinstance(value, list) else [value]
        return next((found for item in items if (found := problem(item, declared.of_type))), None)
    if isinstance(declared, GraphQLEnumType):
        is_one = isinstance(value, str) and value in declared.values
        return None if is_one else f"must be one of {', '.join(declared.values)}"
    return _scalar_problem(value, declared)


def _scalar_problem(value: object, declared: GraphQLInputType) -> str | None:
    name = getattr(declared, "name", "")
    if name in _CHECKS:
        holds, what = _CHECKS[name]
        return None if holds(value) else what
    try:
        cast("GraphQLScalarType", declared).parse_value(value)
    except GraphQLError as error:
        return f"is at fault: {error.message}"
    return None


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_int(value: object) -> bool:
    """Tell whether a value is what GraphQL and JSON Schema take for a whole number."""
    is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return is_whole and not isinstance(value, bool) and abs(value) <= _INT_MAX  # type: ignore[arg-type]  # a number


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


_READERS: Mapping[str, tuple[re.Pattern[str] | None, Callable[[str], Any]]] = {
    "Int": (re.compile(r"-?[0-9]{1,10}"), int),
    "Float": (re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"), float),
}
_CHECKS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "String": (_is_text, "must be a string"),
    "ID": (_is_text, "must be a string"),
    "Int": (_is_int, f"must be a whole number of at most {_INT_MAX}"),
    "Float": (_is_number, "must be a number"),
}
