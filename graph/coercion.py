"""Which field of the variables is at fault, where GraphQL refuses to coerce them.

graphql-core tells it in prose only. So the variables are looked at once more, on failure alone.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode
from graphql.pyutils import Undefined
from graphql.utilities import type_from_ast, validate_input_value

from graph.errors import ErrorCode, RequestError

MAX_ERRORS = 20
"""Told at once; looking for all of them would take quadratic time."""


class _Enough(Exception):  # noqa: N818  # an early end, not an error
    """So many errors were found that no more are looked for."""


def variable_errors(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation_name: str | None,
    variables: Mapping[str, Any],
) -> list[GraphQLError]:
    """Return an error for each value that does not fit its variable's type, with its path."""
    found = (
        error
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
        and operation_name in {None, definition.name.value if definition.name else None}
        for error in _errors_of(schema, definition, variables)
    )
    return list(islice(found, MAX_ERRORS))


def _errors_of(
    schema: GraphQLSchema, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Iterator[GraphQLError]:
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        value = variables.get(name, Undefined)
        if value is Undefined and definition.default_value:
            continue
        input_type: Any = type_from_ast(schema, definition.type)
        found: list[GraphQLError] = []

        def on_error(
            error: GraphQLError,
            path: list[str | int],
            name: str = name,
            found: list[GraphQLError] = found,
        ) -> None:
            field = [name, *map(str, path)]
            message = f"${'.'.join(field)}: {error.message}"
            found.append(RequestError(ErrorCode.BAD_USER_INPUT, message, field))
            if len(found) >= MAX_ERRORS:
                raise _Enough

        with suppress(_Enough):
            validate_input_value(value, input_type, on_error, hide_suggestions=True)
        yield from found
