"""The scalars: instants, JSON values, and whole numbers beyond Int's range."""

from typing import Any, NewType

import strawberry
from graphql import ValueNode
from graphql.pyutils import Undefined
from graphql.utilities import value_from_ast_untyped
from strawberry.types.scalar import ScalarDefinition

from graph.errors import ErrorCode, RequestError
from models import timestamps
from models.timestamps import Timestamp

JSON = NewType("JSON", object)
Long = NewType("Long", int)

LONG_MAX = 2**53 - 1


def _parse_instant(value: object) -> Timestamp:
    if not isinstance(value, str):
        raise _bad(f"DateTime cannot represent {value!r}: it must be a string")
    try:
        return timestamps.parse(value)
    except ValueError as error:
        raise _bad(f"DateTime cannot represent {value!r}: {error}") from error


def _parse_json_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> object:
    """Read a literal. What is no number that Python reads becomes NaN, for validation to refuse."""
    return _defined(value_from_ast_untyped(node, variables))


def _defined(value: object) -> object:
    """Read a variable that was left out as GraphQL does: no field of an object, null in a list."""
    if isinstance(value, dict):
        return {key: _defined(item) for key, item in value.items() if item is not Undefined}
    if isinstance(value, list):
        return [None if item is Undefined else _defined(item) for item in value]
    return value


def _parse_long(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise _bad(f"Long cannot represent {value!r}: it must be a whole number")
    if abs(value) > LONG_MAX:
        raise _bad(f"Long cannot represent {value!r}: it must be at most {LONG_MAX}")
    return int(value)


def _bad(message: str) -> RequestError:
    return RequestError(ErrorCode.BAD_USER_INPUT, message)


def _same(value: Any) -> Any:  # noqa: ANN401  # a scalar's value can be anything
    return value


SCALARS: dict[object, ScalarDefinition] = {
    Timestamp: strawberry.scalar(
        name="DateTime",
        description=(
            "A UTC instant, RFC 3339 with microseconds and a trailing Z: "
            "2026-11-23T10:15:30.123456Z. Any offset is accepted as input."
        ),
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=_same,
        parse_value=_parse_instant,
    ),
    Long: strawberry.scalar(
        name="Long",
        description=("A whole number up to 2^53 - 1, as a JSON number: sizes in bytes outgrow Int"),
        serialize=_same,
        parse_value=_parse_long,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON value, returned exactly as it was given",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
        serialize=_same,
        parse_value=_same,
        parse_literal=_parse_json_literal,
    ),
}
