"""How the objects of one type are answered for one selection."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    TypeNameMetaFieldDef,
    is_leaf_type,
)
from graphql.execution.collect_fields import CollectedFields, FieldDetailsList, GroupedFieldSet
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from graph.projection.columns import Answer, Column, leaves, lists, nullable, require

Collect = Callable[[GraphQLObjectType, FieldDetailsList], CollectedFields]
"""Tells which fields of a type are selected below others: graphql-core's, which knows variables."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A selection's plain fields, and those that have to be resolved.

    Attributes:
        kinds: the type's own classes, whose instances `is_type_of` need not be asked about.
        blank: every answer's keys in their order.
        plain: the plain fields' keys, and the column that each makes of objects.
        resolved: the other fields.
    """

    kinds: frozenset[type]
    blank: dict[str, None]
    plain: dict[str, Answer]
    resolved: GroupedFieldSet

    def answers(self, objects: Column) -> list[dict[str, Any]]:
        """Answer the plain fields of objects.

        Raises:
            Exception: of any kind; graphql-core has to answer instead.
        """
        require(self.kinds, objects)
        names = self.plain.keys()
        columns = [column(objects) for column in self.plain.values()]
        rows = zip(*columns, strict=True)
        return [dict(zip(names, row, strict=False)) for row in rows]  # checking again costs a third


@dataclass(slots=True)
class Planner:
    """Makes plans for one document's selections.

    Attributes:
        columns: how many fields were planned so far, by which the memory of plans is told.
    """

    schema: GraphQLSchema
    collect: Collect
    columns: int = 0

    def plan(self, type_: GraphQLObjectType, below: FieldDetailsList) -> Plan | None:
        """Return how objects are answered for what is selected below; None: by graphql-core."""
        definition = _definition(type_)
        if definition is None:
            return None
        fields = self.collect(type_, below).grouped_field_set
        self.columns += len(fields)
        plain: dict[str, Answer] = {}
        resolved: GroupedFieldSet = {}
        for key, nodes in fields.items():
            field = self.schema.get_field(type_, nodes[0].node.name.value)
            answer = None if field is None else self._field(type_, field, nodes)
            if answer is None:
                resolved[key] = nodes
            else:
                plain[key] = answer
        if not plain:
            return None
        return Plan(_kinds(definition), dict.fromkeys(fields), plain, resolved)

    def _field(
        self, type_: GraphQLObjectType, field: GraphQLField, nodes: FieldDetailsList
    ) -> Answer | None:
        if field is TypeNameMetaFieldDef:
            return lambda objects: [type_.name] * len(objects)
        attribute = _attribute(field)
        answer = attribute and self._values(field.type, nodes)
        if not attribute or not answer:
            return None
        read = attrgetter(attribute)
        return lambda objects: answer(list(map(read, objects)))

    def _values(self, type_: GraphQLOutputType, nodes: FieldDetailsList) -> Answer | None:
        if isinstance(type_, GraphQLNonNull):
            return self._given(type_.of_type, nodes)
        answer = self._given(type_, nodes)
        return answer and nullable(answer)

    def _given(self, type_: GraphQLOutputType, nodes: FieldDetailsList) -> Answer | None:
        if isinstance(type_, GraphQLList):
            answer = self._values(type_.of_type, nodes)
            return answer and lists(answer)
        if is_leaf_type(type_):
            return leaves(type_)
        plan = self.plan(type_, nodes) if isinstance(type_, GraphQLObjectType) else None
        return None if plan is None or plan.resolved else plan.answers


def _definition(type_: GraphQLObjectType) -> StrawberryObjectDefinition | None:
    """Return what strawberry knows of a type, unless the type tells its objects itself."""
    definition = type_.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if not isinstance(definition, StrawberryObjectDefinition) or definition.is_type_of:
        return None
    return definition


def _kinds(definition: StrawberryObjectDefinition) -> frozenset[type]:
    """Return a type's class; a generic one's as well, of which strawberry makes copies by type."""
    generic = definition.concrete_of
    return frozenset({definition.origin, generic.origin if generic else definition.origin})


def _attribute(field: GraphQLField) -> str | None:
    """Return the attribute that a field shows, if it does nothing else."""
    definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if not isinstance(definition, StrawberryField) or not definition.is_basic_field:
        return None
    return definition.python_name if definition.default_resolver is getattr else None
