"""What a query selects below a field, for reads that can be made together with it."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionSetNode,
)
from graphql.pyutils import Undefined
from graphql.utilities import value_from_ast_untyped

from graph.context import Info
from models.limits import PAGE_DEFAULT_ITEMS, PAGE_MAX_ITEMS


def requested_page_size(info: Info, connection: str) -> int | None:
    """Return how many items of a connection below this field are wanted from its beginning.

    None where that is not asked for, or with arguments that its own resolver has to refuse.
    """
    raw = info._raw_info  # noqa: SLF001  # strawberry's selected_fields takes exponential time
    below = [node.selection_set for node in raw.field_nodes if node.selection_set]
    sizes = [
        _size(arguments)
        for field in _fields(below, raw.fragments)
        if field.name.value == connection
        and _asks_for_beginning(arguments := _arguments(field, info.variable_values))
    ]
    return max((size for size in sizes if 1 <= size <= PAGE_MAX_ITEMS), default=None)


def _asks_for_beginning(arguments: Mapping[str, object]) -> bool:
    return all(value is None for name, value in arguments.items() if name != "first")


def _arguments(field: FieldNode, variables: dict[str, Any]) -> dict[str, object]:
    """Return what is given: a variable that was left out gives nothing."""
    values = {
        argument.name.value: value_from_ast_untyped(argument.value, variables)
        for argument in field.arguments or ()
    }
    return {name: value for name, value in values.items() if value is not Undefined}


def _size(arguments: Mapping[str, object]) -> int:
    first = arguments.get("first")
    return first if isinstance(first, int) else PAGE_DEFAULT_ITEMS


def _fields(
    selection_sets: list[SelectionSetNode], fragments: Mapping[str, FragmentDefinitionNode]
) -> Iterator[FieldNode]:
    """Yield the fields of one level, those of a fragment once, however often it is spread."""
    waiting = list(selection_sets)
    spread = set()
    while waiting:
        for node in waiting.pop().selections:
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                waiting.append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                spread.add(node.name.value)
                waiting.append(fragments[node.name.value].selection_set)
