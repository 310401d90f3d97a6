"""Which field of the variables is at fault."""

import pytest
from graphql import build_schema, parse

from graph.coercion import variable_errors

SCHEMA = build_schema(
    """
    input Input { name: String! sizes: [Int!] inner: Input }
    type Query { field(input: Input, id: ID): Int }
    """
)
QUERY = "query A($input: Input!, $n: Int = 7) { field(input: $input) }"


def fields(
    variables: dict[str, object], query: str = QUERY, operation_name: str | None = None
) -> list[list[str]]:
    errors = variable_errors(SCHEMA, parse(query), operation_name, variables)
    found = [error.extensions or {} for error in errors]
    assert all(extensions["code"] == "BAD_USER_INPUT" for extensions in found)
    return [extensions["field"] for extensions in found]


class TestVariableErrors:
    """variable_errors()."""

    @pytest.mark.parametrize(
        ("variables", "expected"),
        [
            ({"input": {"name": "n"}}, []),
            ({"input": {"name": "n"}, "n": 8, "other": 9}, []),
            ({}, [["input"]]),
            ({"input": None}, [["input"]]),
            ({"input": 7}, [["input"]]),
            ({"input": {"name": None}}, [["input", "name"]]),
            (
                {"input": {"name": "n", "sizes": [1, "x", None]}},
                [["input", "sizes", "1"], ["input", "sizes", "2"]],
            ),
            ({"input": {"name": "n", "inner": {"name": 7}}}, [["input", "inner", "name"]]),
            ({"input": {"name": 7}, "n": "x"}, [["input", "name"], ["n"]]),
        ],
    )
    def test_name_each_path(self, variables: dict[str, object], expected: list[list[str]]) -> None:
        assert fields(variables) == expected

    def test_begin_with_the_variable(self) -> None:
        (error,) = variable_errors(SCHEMA, parse(QUERY), None, {"input": {"name": 7}})
        assert error.message.startswith("$input.name: ")

    def test_are_those_of_the_operation_that_runs(self) -> None:
        query = QUERY + " query B($n: Int!) { field } fragment F on Query { field }"
        assert fields({}, query, "B") == [["n"]]
