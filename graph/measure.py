"""How large a query is, before anything of it runs: pure, and linear in the document.

Fragments are measured once each, however often they are spread. Measuring them at every spread
would take exponential time on fragments that spread one another, which is an attack of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)
from graphql.utilities import value_from_ast_untyped

from models.evaluation.validation import URLS_MAX
from models.limits import PAGE_DEFAULT_ITEMS, PAGE_MAX_ITEMS

CONNECTIONS = frozenset({"models", "changeHistory", "artifacts", "evaluations", "apiKeys"})
"""Fields whose page size multiplies what is under them."""
FIXED_COMPLEXITY: Mapping[str, int] = {
    "model": 1,
    "historyVerification": 1_000,
    "upload": 1_000,
    "completeArtifactUpload": 500,
    "latestEvaluation": 1,
    "evaluateModel": 3_000,
    "evaluateModels": 1_000,
}
"""Fields that cost something themselves, in nodes."""
LISTS: Mapping[str, int] = {"evaluations": URLS_MAX}
"""Fields that are a plain list in one place and a connection in another: how long the list is."""
_CONNECTION_FIELDS = frozenset({"edges", "nodes", "pageInfo"})
_INTROSPECTION: Mapping[str, int] = {"__schema": 2_000, "__type": 200}
"""What asking for the schema costs, in nodes: it is all in memory, and much."""


@dataclass(frozen=True, slots=True)
class Size:
    """The size of a selection.

    Attributes:
        depth: levels of fields, those of introspection apart.
        aliases: fields under another name, counted wherever they are spread.
        directives: directives, counted wherever they are spread.
        nodes: objects that it may fetch, as GitHub counts them.
        values: that its variables hold, counted wherever a variable is used.
    """

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    nodes: int = 0
    values: int = 0

    def beside(self, other: "Size") -> "Size":
        """Return the size of two selections side by side."""
        return Size(
            max(self.depth, other.depth),
            self.aliases + other.aliases,
            self.directives + other.directives,
            self.nodes + other.nodes,
            self.values + other.values,
        )


class Weight(NamedTuple):
    """All that counts of a variable's value.

    Attributes:
        number: that it is, if it is a whole one; those beyond any page size are all alike.
        length: of the list that it is; a single value is as good as a list of one.
        values: that it holds, itself included.
    """

    number: int | None = None
    length: int = 1
    values: int = 1


_NO_WEIGHT = Weight()
"""Of a single value that is no whole number, and of a variable that is not given."""


def weigh(variables: Mapping[str, Any]) -> dict[str, Weight]:
    """Weigh the values of variables."""
    return {name: _weight(value) for name, value in variables.items()}


def measure(
    document: DocumentNode, operation_name: str | None, variables: Mapping[str, Any]
) -> Size:
    """Measure the operation that would run, with the values of its variables."""
    return measure_weighed(document, operation_name, weigh(variables))


def measure_weighed(
    document: DocumentNode, operation_name: str | None, variables: Mapping[str, Weight]
) -> Size:
    """Measure the operation that would run, or the largest where it is not clear which would."""
    fragments = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    sizes = [
        _Ruler(fragments, {**_defaults(definition), **variables}).operation(definition)
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
        and (operation_name is None or _name_of(definition) == operation_name)
    ]
    return Size(
        max((size.depth for size in sizes), default=0),
        max((size.aliases for size in sizes), default=0),
        max((size.directives for size in sizes), default=0),
        max((size.nodes for size in sizes), default=0),
        max((size.values for size in sizes), default=0),
    )


class _Ruler:
    """Measures selections of one operation.

    Args:
        variables: what their values weigh, defaults included.
    """

    def __init__(
        self, fragments: Mapping[str, FragmentDefinitionNode], variables: Mapping[str, Weight]
    ) -> None:
        self._fragments = fragments
        self._variables = variables
        self._known: dict[str, Size] = {}

    def operation(self, operation: OperationDefinitionNode) -> Size:
        """Measure an operation whole."""
        own = Size(directives=len(operation.directives or ()))
        return self.selection(operation.selection_set).beside(own)

    def selection(self, selection_set: SelectionSetNode | None) -> Size:
        """Measure what stands between two braces."""
        total = Size()
        for node in selection_set.selections if selection_set else ():
            own = Size(directives=len(node.directives or ()))
            if isinstance(node, FieldNode):
                inner = self._field(node)
            elif isinstance(node, InlineFragmentNode):
                inner = self.selection(node.selection_set)
            else:
                inner = self._spread(node)
            total = total.beside(own).beside(inner)
        return total

    def _spread(self, node: object) -> Size:
        if not isinstance(node, FragmentSpreadNode):
            return Size()
        name = node.name.value
        if name not in self._known:
            # A fragment that spreads itself counts as nothing there; validation refuses it.
            self._known[name] = Size()
            fragment = self._fragments.get(name)
            if fragment is not None:
                own = Size(directives=len(fragment.directives or ()))
                self._known[name] = self.selection(fragment.selection_set).beside(own)
        return self._known[name]

    def _field(self, node: FieldNode) -> Size:
        name = node.name.value
        aliases = 1 if node.alias else 0
        inner = self.selection(node.selection_set)
        is_introspection = name in _INTROSPECTION
        return Size(
            depth=0 if is_introspection else inner.depth + 1,
            aliases=inner.aliases + aliases,
            directives=inner.directives,
            nodes=_INTROSPECTION.get(name) or self._nodes(node, inner.nodes),
            values=inner.values + sum(self._used(one.value) for one in node.arguments or ()),
        )

    def _nodes(self, node: FieldNode, inner: int) -> int:
        name = node.name.value
        arguments = {argument.name.value: argument.value for argument in node.arguments or ()}
        if "ids" in arguments:
            return self._list_length(arguments["ids"]) * (1 + inner)
        if name in LISTS and not self._is_connection(node.selection_set):
            return LISTS[name] * (1 + inner)
        if name in CONNECTIONS:
            return self._page_size(arguments) * (1 + inner)
        own = 1 if "id" in arguments else FIXED_COMPLEXITY.get(name, 0)
        return own + inner

    def _is_connection(self, selection_set: SelectionSetNode | None) -> bool:
        """Tell whether a selection is of a connection; each fragment is looked at once."""
        waiting, seen = [selection_set], set[str]()
        while waiting:
            for node in found.selections if (found := waiting.pop()) else ():
                if isinstance(node, FieldNode):
                    if node.name.value in _CONNECTION_FIELDS:
                        return True
                elif isinstance(node, InlineFragmentNode):
                    waiting.append(node.selection_set)
                elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                    seen.add(node.name.value)
                    fragment = self._fragments.get(node.name.value)
                    waiting.append(fragment.selection_set if fragment else None)
        return False

    def _page_size(self, arguments: Mapping[str, ValueNode]) -> int:
        """Return the page size that is asked for; its own resolver refuses what is no size."""
        for name in ("first", "last"):
            size = self._integer(arguments.get(name))
            if size is not None:
                return _page_size(size)
        return PAGE_DEFAULT_ITEMS

    def _integer(self, value: ValueNode | None) -> int | None:
        if isinstance(value, IntValueNode):
            digits = value.value
            return int(digits) if len(digits) <= len(str(PAGE_MAX_ITEMS)) else PAGE_MAX_ITEMS
        return self._variable(value).number

    def _list_length(self, value: ValueNode) -> int:
        if isinstance(value, ListValueNode):
            return len(value.values)
        return self._variable(value).length

    def _used(self, argument: ValueNode) -> int:
        """Count what the variables in an argument hold."""
        waiting: list[ValueNode] = [argument]
        total = 0
        while waiting:
            node = waiting.pop()
            if isinstance(node, VariableNode):
                total += self._variable(node).values
            elif isinstance(node, ListValueNode):
                waiting.extend(node.values)
            elif isinstance(node, ObjectValueNode):
                waiting.extend(field.value for field in node.fields)
        return total

    def _variable(self, value: ValueNode | None) -> Weight:
        if isinstance(value, VariableNode):
            return self._variables.get(value.name.value, _NO_WEIGHT)
        return _NO_WEIGHT


def _weight(value: object) -> Weight:
    if isinstance(value, list):
        return Weight(length=len(value), values=_count(value))
    if isinstance(value, dict):
        return Weight(values=_count(value))
    if isinstance(value, float) and value.is_integer():  # GraphQL takes 100.0 for an Int
        return Weight(_page_size(int(value)))
    return Weight(_page_size(value)) if isinstance(value, int) else _NO_WEIGHT


def _page_size(number: int) -> int:
    return min(max(number, 0), PAGE_MAX_ITEMS)


def _count(value: object) -> int:
    waiting, total = [value], 0
    while waiting:
        found = waiting.pop()
        total += 1
        if isinstance(found, dict):
            waiting.extend(found.values())
        elif isinstance(found, list):
            waiting.extend(found)
    return total


def _defaults(operation: OperationDefinitionNode) -> dict[str, Weight]:
    return {
        definition.variable.name.value: _weight(value_from_ast_untyped(definition.default_value))
        for definition in operation.variable_definitions or ()
        if definition.default_value
    }


def _name_of(operation: OperationDefinitionNode) -> str | None:
    return operation.name.value if operation.name else None
