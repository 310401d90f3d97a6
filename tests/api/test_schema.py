"""The schema: what is committed is what is served, and it keeps the contract."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
    is_introspection_type,
    is_specified_scalar_type,
)

import graph
from graph.schema import export_sdl

COMMITTED = Path(graph.__file__).with_name("schema.graphql")
CONTRACT = Path(__file__).with_name("contract.graphql")


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema(export_sdl())


def elements(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Yield every type, field, argument and enum value with its description."""
    for name, kind in schema.type_map.items():
        if is_introspection_type(kind) or is_specified_scalar_type(kind):
            continue
        yield name, kind.description
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in kind.fields.items():
                yield f"{name}.{field_name}", field.description
                for argument_name, argument in field.args.items():
                    yield f"{name}.{field_name}({argument_name})", argument.description
        elif isinstance(kind, GraphQLInputObjectType):
            for input_name, input_field in kind.fields.items():
                yield f"{name}.{input_name}", input_field.description
        elif isinstance(kind, GraphQLEnumType):
            for value_name, value in kind.values.items():
                yield f"{name}.{value_name}", value.description


class TestSchema:
    """graph/schema.graphql and the contract."""

    def test_is_committed_as_it_is_exported(self) -> None:
        assert COMMITTED.read_text(encoding="utf-8") == export_sdl()

    def test_describes_everything(self, schema: GraphQLSchema) -> None:
        found = dict(elements(schema))
        assert len(found) > 100
        assert [name for name, description in found.items() if not description] == []

    def test_keeps_the_contract(self, schema: GraphQLSchema) -> None:
        contract = build_schema(CONTRACT.read_text(encoding="utf-8"))
        changes = find_breaking_changes(contract, schema)
        assert [change.description for change in changes] == []
