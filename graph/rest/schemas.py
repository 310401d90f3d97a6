"""JSON Schemas of what a route takes and answers, read off its document and the GraphQL schema."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
)

from graph.rest.names import snake_case
from graph.rest.outcome import USER_ERRORS
from graph.rest.parameters import Parameter
from graph.rest.routes import Operation
from graph.rest.shape import HAS_MORE, NEXT_AFTER, NODES, PAGE_INFO
from models.evaluation.validation import WAIT_MAX_SECONDS
from models.limits import PAGE_MAX_ITEMS

Json = dict[str, Any]

_INT: Json = {"type": "integer", "minimum": -(2**31) + 1, "maximum": 2**31 - 1}
_SCALARS: Mapping[str, Json] = {
    "ID": {"type": "string"},
    "String": {"type": "string"},
    "Boolean": {"type": "boolean"},
    "Int": _INT,
    "Long": {"type": "integer"},
    "Float": {"type": "number"},
    "DateTime": {"type": "string", "format": "date-time"},
    "JSON": {"type": ["object", "array", "string", "number", "boolean"]},
}
_BOUNDS: Mapping[str, Json] = {
    "limit": {"minimum": 1, "maximum": PAGE_MAX_ITEMS},
    "wait_seconds": {"minimum": 0, "maximum": WAIT_MAX_SECONDS},
}
"""Of parameters, by their names; GraphQL's types have none."""


def of_input(parameter: Parameter, *, may_be_null: bool = True) -> Json:
    """Return the schema of a parameter's value, which is never null in a query string."""
    declared: Any = parameter.type
    if not may_be_null:
        declared = GraphQLNonNull(get_nullable_type(declared))
    schema = _of_type(declared, _leaf)
    return schema | _BOUNDS.get(parameter.name, {})


def of_body(taken: Iterable[Parameter], *, optional: bool = False) -> Json:
    """Return the schema of a body; of one that may leave all to the query string if optional."""
    parameters = list(taken)
    schema: Json = {
        "type": "object",
        "properties": {
            one.name: {**of_input(one), "description": one.description} for one in parameters
        },
        "additionalProperties": False,
    }
    required = [one.name for one in parameters if one.is_required]
    return schema if optional else schema | {"required": required}


def of_answer(operation: Operation, schema: GraphQLSchema) -> Json:
    """Return the schema of an operation's `data`."""
    fragments = {
        node.name.value: node
        for node in operation.parsed.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    selected = _Selected(schema, fragments)
    kind = cast("GraphQLObjectType", schema.get_root_type(operation.definition.operation))
    root = operation.root
    named = get_named_type(kind.fields[root.name.value].type)
    fields = selected.fields(root.selection_set, named)
    if operation.subject:
        subject, declared = fields.pop(operation.subject)
        del fields[USER_ERRORS]
        inner = selected.fields(subject.selection_set, get_named_type(declared))
        return selected.object(inner | fields)
    if PAGE_INFO in fields:
        nodes = selected.of_field(*fields[NODES])
        page = {root.name.value: nodes, NEXT_AFTER: _nullable({"type": "string"})}
        return _object(page | {HAS_MORE: {"type": "boolean"}})
    return selected.object(fields)


class _Selected:
    """Describes what a document's selections answer."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode]
    ) -> None:
        self._schema = schema
        self._fragments = fragments

    def fields(
        self,
        selection_set: SelectionSetNode | None,
        parent: Any,  # noqa: ANN401  # any type of GraphQL's
    ) -> dict[str, tuple[FieldNode, Any]]:
        """Return the selected fields with their types, by the names that they answer under."""
        return dict(self._fields(selection_set, parent))

    def object(self, fields: Mapping[str, tuple[FieldNode, Any]]) -> Json:
        """Return the schema of an object with these fields."""
        return _object(
            {snake_case(name): self.of_field(node, kind) for name, (node, kind) in fields.items()}
        )

    def of_field(self, node: FieldNode, declared: Any) -> Json:  # noqa: ANN401  # any type of GraphQL's
        """Return the schema of what a field answers."""
        below = node.selection_set
        return _of_type(declared, lambda kind: self._named(kind, below))

    def _named(self, kind: Any, selection_set: SelectionSetNode | None) -> Json:  # noqa: ANN401
        if selection_set is None:
            return _leaf(kind)
        fields = self.fields(selection_set, kind)
        return self.of_field(*fields[NODES]) if fields.keys() == {NODES} else self.object(fields)

    def _fields(
        self,
        selection_set: SelectionSetNode | None,
        parent: Any,  # noqa: ANN401  # any type of GraphQL's
    ) -> Iterator[tuple[str, tuple[FieldNode, Any]]]:
        for node in selection_set.selections if selection_set else ():
            if isinstance(node, FragmentSpreadNode):
                fragment = self._fragments[node.name.value]
                kind = self._schema.type_map[fragment.type_condition.name.value]
                yield from self._fields(fragment.selection_set, kind)
            elif isinstance(node, FieldNode):
                name = node.alias.value if node.alias else node.name.value
                yield name, (node, parent.fields[node.name.value].type)


def _of_type(declared: Any, named: Any) -> Json:  # noqa: ANN401  # any type of GraphQL's
    if isinstance(declared, GraphQLNonNull):
        return _of_present(declared.of_type, named)
    return _nullable(_of_present(declared, named))


def _of_present(kind: Any, named: Any) -> Json:  # noqa: ANN401  # any type of GraphQL's
    if isinstance(kind, GraphQLList):
        return {"type": "array", "items": _of_type(kind.of_type, named)}
    found: Json = named(kind)
    return found


def _leaf(kind: Any) -> Json:  # noqa: ANN401  # any type of GraphQL's
    if isinstance(kind, GraphQLEnumType):
        return {"type": "string", "enum": list(kind.values)}
    return dict(_SCALARS[kind.name])


def _nullable(schema: Json) -> Json:
    if "enum" in schema:
        schema = schema | {"enum": [*schema["enum"], None]}
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return schema | {"type": [*kinds, "null"]}


def _object(properties: Mapping[str, Json]) -> Json:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
