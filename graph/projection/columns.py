"""The values of one field of many objects: checked together, without a call for each of them.

What passes here is what graphql-core would have answered. Everything else is a `Surprise`: also
what graphql-core could convert, such as a number for a String, since that is rare.
"""

from collections.abc import Callable, Iterable
from enum import Enum
from itertools import chain, islice
from math import isfinite
from typing import Any

from graphql import (
    GRAPHQL_MAX_INT,
    GRAPHQL_MIN_INT,
    GraphQLBoolean,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLScalarType,
    GraphQLString,
)

Column = list[Any]
Answer = Callable[[Column], Column]
"""Makes answers of values; raises where graphql-core has to look at them."""

_JSON_TYPES = frozenset({bool, dict, float, int, list, str})
"""What is neither an exception nor awaitable, which graphql-core tells from other values."""


class Surprise(Exception):  # noqa: N818  # no error: it says who is to answer
    """A value that graphql-core has to look at."""


def require(types: frozenset[type], values: Iterable[object]) -> None:
    """Check that values are of these types, and of no class derived from one.

    Raises:
        Surprise: one is not.
    """
    if not types.issuperset(map(type, values)):
        raise Surprise


def leaves(leaf: GraphQLLeafType) -> Answer | None:
    """Return how values of a scalar or an enum are answered, if that is known here."""
    if isinstance(leaf, GraphQLScalarType):
        return _BUILT_IN.get(leaf) or _custom(leaf)
    members: type[Enum] | None = getattr(leaf, "wrapped_cls", None)
    if members is None:
        return None
    # By identity, since a member of a StrEnum equals a text that is none.
    names = {id(member): leaf.coerce_output_value(member) for member in members}
    return lambda column: [names[id(value)] for value in column]


def nullable(answer: Answer) -> Answer:
    """Let nulls be, and have the other values answered."""

    def answered(column: Column) -> Column:
        if None not in column:
            return answer(column)
        others = iter(answer([value for value in column if value is not None]))
        return [None if value is None else next(others) for value in column]

    return answered


def lists(answer: Answer) -> Answer:
    """Have the items of all lists answered together."""

    def answered(column: Column) -> Column:
        require(_LIST, column)
        items = iter(answer(list(chain.from_iterable(column))))
        return [list(islice(items, len(value))) for value in column]

    return answered


def _exactly(kind: type) -> Answer:
    kinds = frozenset({kind})

    def answered(column: Column) -> Column:
        require(kinds, column)
        return column

    return answered


def _integers(column: Column) -> Column:
    require(_INTEGER, column)
    if column and not GRAPHQL_MIN_INT <= min(column) <= max(column) <= GRAPHQL_MAX_INT:
        raise Surprise
    return column


def _floats(column: Column) -> Column:
    require(_FLOAT, column)
    if not all(map(isfinite, column)):
        raise Surprise
    return column


def _custom(scalar: GraphQLScalarType) -> Answer:
    serialize = scalar.coerce_output_value

    def answered(column: Column) -> Column:
        require(_JSON_TYPES, column)
        answers = [serialize(value) for value in column]
        require(_JSON_TYPES, answers)
        return answers

    return answered


_LIST = frozenset({list})
_INTEGER = frozenset({int})
_FLOAT = frozenset({float})
_BUILT_IN: dict[GraphQLScalarType, Answer] = {
    GraphQLString: _exactly(str),
    GraphQLID: _exactly(str),
    GraphQLBoolean: _exactly(bool),
    GraphQLInt: _integers,
    GraphQLFloat: _floats,
}
