"""What clients do with a registry, for measuring whether what it costs grows."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

Variables = dict[str, Any]

_MODEL: Final = "id name source sourceUrl license state version createdAt updatedAt netScore"
_PROSE: Final = "metadata riskNotes"
_CHANGE: Final = """
  id version action timestamp changedBy authenticatedAs reason fieldsChanged
  changes { field before after } hash previousHash
"""
_PAGE: Final = "pageInfo { hasNextPage endCursor }"
LIST: Final = f"""query ($first: Int!, $field: ModelOrderField!, $direction: OrderDirection!) {{
  models(first: $first, orderBy: {{field: $field, direction: $direction}}) {{
    nodes {{ {_MODEL} }} {_PAGE}
  }}
}}"""
GET: Final = f"query ($id: ID!) {{ model(id: $id) {{ {_MODEL} {_PROSE} }} }}"
HISTORY: Final = f"""query ($id: ID!, $first: Int!, $after: String) {{
  model(id: $id) {{ version changeHistory(first: $first, after: $after) {{
    nodes {{ {_CHANGE} }} {_PAGE}
  }} }}
}}"""
UPDATE: Final = f"""mutation ($input: UpdateModelInput!) {{ updateModel(input: $input) {{
  model {{ {_MODEL} {_PROSE} }} changeEntry {{ {_CHANGE} }} userErrors {{ code message }}
}} }}"""
AT_VERSION: Final = f"""query ($id: ID!, $version: Int!) {{
  model(id: $id, version: $version) {{ {_MODEL} {_PROSE} }}
}}"""
AS_OF: Final = f"""query ($id: ID!, $asOf: DateTime!) {{
  model(id: $id, asOf: $asOf) {{ {_MODEL} {_PROSE} }}
}}"""
CREATE: Final = f"""mutation ($input: CreateModelInput!) {{ createModel(input: $input) {{
  model {{ {_MODEL} }} userErrors {{ code message }}
}} }}"""


@dataclass(frozen=True, slots=True)
class Operation:
    """One kind of request.

    Attributes:
        variables: gives those of the next request.
        times: how often a round sends it.
    """

    name: str
    document: str
    variables: Callable[[], Variables]
    times: int


def of_lists(times: int) -> list[Operation]:
    """List in each order, newest, highest or first, and a short page."""
    asked = [
        ("UPDATED_AT", "DESC", 100),
        ("UPDATED_AT", "DESC", 20),
        ("CREATED_AT", "ASC", 100),
        ("NAME", "ASC", 100),
        ("NET_SCORE", "DESC", 100),
    ]
    return [_list(field, direction, first, times) for field, direction, first in asked]


def of_models(ids: list[str], times: int) -> list[Operation]:
    """Get, update and look into the history of these models in turn."""
    turns = itertools.cycle(ids)
    return [
        Operation("get", GET, lambda: {"id": next(turns)}, times),
        Operation("history(20)", HISTORY, lambda: {"id": next(turns), "first": 20}, times),
        _update(turns, times),
    ]


def of_history(
    model_id: str, cursor: str, version: int, instant: str, times: int
) -> list[Operation]:
    """Look into the history of one model: its newest part, and around one of its changes."""
    asked = {"id": model_id}
    return [
        *of_models([model_id], times),
        Operation(
            "history(20) after", HISTORY, lambda: asked | {"first": 20, "after": cursor}, times
        ),
        Operation("at a version", AT_VERSION, lambda: asked | {"version": version}, times),
        Operation("as of an instant", AS_OF, lambda: asked | {"asOf": instant}, times),
    ]


def _list(field: str, direction: str, first: int, times: int) -> Operation:
    variables = {"first": first, "field": field, "direction": direction}
    return Operation(f"list({first}) by {field.lower()}", LIST, lambda: variables, times)


def _update(turns: Iterator[str], times: int) -> Operation:
    notes = (f"looked at {number:09} times" for number in itertools.count())
    return Operation(
        "update",
        UPDATE,
        lambda: {"input": {"id": next(turns), "riskNotes": next(notes)}},
        times,
    )
