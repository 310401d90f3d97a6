"""What is shown of GraphQL's data: the same values, in snake case and less deep.

A list stands in the place of a connection that has nothing else; the next page's `after` stands
beside it where it has a page. `graph.rest.schemas` describes the same.
"""

from typing import Any

from graph.rest.names import snake_case

VERBATIM = frozenset({"metadata"})
"""Fields whose values are the client's own JSON."""
FIELD_NAMES = frozenset({"fieldsChanged"})
"""Fields whose values are names of fields."""
NODES, PAGE_INFO = "nodes", "pageInfo"
NEXT_AFTER, HAS_MORE = "next_after", "has_more"


def shown(value: Any) -> Any:  # noqa: ANN401  # whatever a document answers
    """Return an answer's value as REST has it."""
    if isinstance(value, list):
        return [shown(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {NODES}:
        return shown(value[NODES])
    return {snake_case(name): _field(name, item) for name, item in value.items()}


def shown_page(name: str, connection: dict[str, Any]) -> dict[str, Any]:
    """Return a page of a list, with where the next one begins if there is one."""
    info = connection[PAGE_INFO]
    has_more: bool = info["hasNextPage"]
    return {
        name: shown(connection[NODES]),
        NEXT_AFTER: info["endCursor"] if has_more else None,
        HAS_MORE: has_more,
    }


def _field(name: str, value: Any) -> Any:  # noqa: ANN401  # see `shown`
    if name in VERBATIM:
        return value
    if name in FIELD_NAMES:
        return [snake_case(item) for item in value]
    return shown(value)
