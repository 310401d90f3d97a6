"""`--json` prints what the API has, under its names: graph/schema.graphql is asked for each."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints

import pytest
from graphql import GraphQLObjectType, build_schema, get_named_type

import graph
from graph.cli.output import api_path
from graph.client import (
    Artifact,
    ChangeEntry,
    Evaluation,
    FieldChange,
    HistoryVerification,
    LicenseDecision,
    Model,
    Outcome,
)

SCHEMA: Final = build_schema((Path(graph.__file__).parent / "schema.graphql").read_text())
PRINTED: Final = {
    Artifact: "Artifact",
    ChangeEntry: "ChangeEntry",
    Evaluation: "Evaluation",
    FieldChange: "FieldChange",
    HistoryVerification: "HistoryVerification",
    LicenseDecision: "LicenseDecision",
    Model: "Model",
    Outcome: "UpdateModelPayload",
}
"""What commands print, and which type of the API it is."""


def values_in(hint: Any) -> Iterator[type]:  # noqa: ANN401  # any type
    """Return the values that a field holds, one or several."""
    if is_dataclass(hint):
        yield hint  # type: ignore[misc]  # a class, as of a hint
    for inner in get_args(hint):
        yield from values_in(inner)


def strangers(value: Any, name: str) -> Iterator[str]:  # noqa: ANN401  # a dataclass
    """Return each key that the API's type does not have, in what is inside, too."""
    hints = get_type_hints(value)
    for field in fields(value):
        kind: Any = SCHEMA.get_type(name)
        for step in api_path(field).split("."):
            if not isinstance(kind, GraphQLObjectType) or step not in kind.fields:
                yield f"{name}.{api_path(field)}"
                break
            kind = get_named_type(kind.fields[step].type)
        else:
            for inner in values_in(hints[field.name]):
                yield from strangers(inner, kind.name)


@pytest.mark.parametrize(("value", "name"), PRINTED.items())
def test_every_key_is_one_of_the_api(value: type, name: str) -> None:
    assert [*strangers(value, name)] == []


def test_a_key_that_is_none_is_found() -> None:
    assert [*strangers(Model, "Viewer")][:2] == ["Viewer.id", "Viewer.uuid"]
    assert "Query.entry" not in [*strangers(Outcome, "Query")]
