"""What an operation takes, read off its document and the schema."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from graphql import (
    FieldNode,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    ObjectValueNode,
    VariableNode,
    get_named_type,
)
from graphql.utilities import type_from_ast

from graph.rest.names import in_snake_case, snake_case
from graph.rest.routes import Operation

INPUT = "input"
"""The variable whose fields are parameters of their own."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that a client may say.

    Attributes:
        name: in snake case.
        variable: the document's variable, or the field of its `$input`.
        argument: what the variable is given to, by which errors name it.
    """

    name: str
    variable: str
    argument: str
    type: GraphQLInputType
    description: str

    @property
    def is_required(self) -> bool:
        """Tell whether it must be given."""
        return isinstance(self.type, GraphQLNonNull)


@dataclass(frozen=True, slots=True)
class _Use:
    """Where a variable is used: the argument, or the field of an input, that it is given to."""

    argument: str
    description: str


@lru_cache(maxsize=64)
def parameters_of(operation: Operation, schema: GraphQLSchema) -> Mapping[str, Parameter]:
    """Return what an operation takes, by the names of REST."""
    found = [
        *_declared(operation, schema),
        *(
            Parameter(name, name, name, GraphQLString, description)
            for name, description in (operation.extra or {}).items()
        ),
    ]
    return {parameter.name: parameter for parameter in found}


def takes_input(operation: Operation) -> bool:
    """Tell whether all parameters go into one variable."""
    return any(
        one.variable.name.value == INPUT for one in operation.definition.variable_definitions or ()
    )


def _declared(operation: Operation, schema: GraphQLSchema) -> Iterator[Parameter]:
    uses = _uses(operation, schema)
    for definition in operation.definition.variable_definitions or ():
        name = definition.variable.name.value
        declared: Any = type_from_ast(schema, definition.type)
        if name == INPUT:
            yield from _fields(get_named_type(declared))
        else:
            use = uses[name]
            yield Parameter(snake_case(name), name, use.argument, declared, use.description)


def _fields(input_type: GraphQLInputObjectType) -> Iterator[Parameter]:
    for name, field in input_type.fields.items():
        description = in_snake_case(field.description or "")
        yield Parameter(snake_case(name), name, name, field.type, description)


def _uses(operation: Operation, schema: GraphQLSchema) -> dict[str, _Use]:
    """Return what each variable of the root field is given to."""
    root: FieldNode = operation.root
    kind = cast("GraphQLObjectType", schema.get_root_type(operation.definition.operation))
    waiting: list[tuple[Any, Any]] = [(root.arguments or (), kind.fields[root.name.value].args)]
    uses: dict[str, _Use] = {}
    while waiting:
        nodes, declared = waiting.pop()
        for node in nodes:
            given = declared[node.name.value]
            if isinstance(node.value, VariableNode):
                description = in_snake_case(given.description or "")
                uses[node.value.name.value] = _Use(node.name.value, description)
            elif isinstance(node.value, ObjectValueNode):
                waiting.append((node.value.fields, get_named_type(given.type).fields))
    return uses
