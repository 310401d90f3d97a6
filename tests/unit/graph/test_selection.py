"""What a query selects below a field."""

import pytest
import strawberry

from graph.selection import requested_page_size


@strawberry.type
class Leaf:
    """What is selected from."""

    id: int = 1

    @strawberry.field
    def history(self, first: int | None = None, after: str | None = None) -> int:
        """The connection that is looked for."""
        return first or len(after or "")


@strawberry.type
class Query:
    """Tells what it finds below itself."""

    @strawberry.field
    def leaf(self, info: strawberry.Info) -> Leaf | None:
        """Look below this field."""
        found: list[int | None] = info.context
        found.append(requested_page_size(info, "history"))
        return None


SCHEMA = strawberry.Schema(Query)


def found_in(query: str, **variables: object) -> int | None:
    found: list[int | None] = []
    result = SCHEMA.execute_sync(query, variables, context_value=found)
    assert result.errors is None
    (size,) = found
    return size


class TestRequestedPageSize:
    """requested_page_size()."""

    @pytest.mark.parametrize(
        ("selected", "size"),
        [
            ("id", None),
            ("history", 20),
            ("history(first: 7)", 7),
            ("history(first: 1)", 1),
            ("history(first: 100)", 100),
            ("history(first: 0)", None),
            ("history(first: -1)", None),
            ("history(first: 101)", None),
            ("history(first: null)", 20),
            ("history(after: null)", 20),
            ('history(after: "x")', None),
            ('history(first: 7, after: "")', None),
            ("a: history(first: 7) b: history(first: 9)", 9),
            ("a: history(first: 7) b: history(first: 101)", 7),
            ("... { history(first: 7) }", 7),
            ("... on Leaf { ... { a: history(first: 7) } } history(first: 2)", 7),
        ],
    )
    def test_is_the_largest_that_is_asked_for(self, selected: str, size: int | None) -> None:
        assert found_in(f"{{ leaf {{ id {selected} }} }}") == size

    def test_looks_into_fragments(self) -> None:
        query = "{ leaf { ...A } } fragment A on Leaf { ...B } fragment B on Leaf { history }"
        assert found_in(query) == 20

    def test_looks_at_every_place_of_the_field(self) -> None:
        assert found_in("{ leaf { id } leaf { history(first: 3) } }") == 3

    def test_knows_variables_and_their_defaults(self) -> None:
        query = "query ($n: Int = 5, $c: String) { leaf { history(first: $n, after: $c) } }"
        assert found_in(query) == 5
        assert found_in(query, n=9) == 9
        assert found_in(query, n=None) == 20
        assert found_in(query, c="x") is None

    @pytest.mark.timeout(60)
    def test_takes_linear_time(self) -> None:
        fragments = " ".join(
            f"fragment F{n} on Leaf {{ ...F{n + 1} ...F{n + 1} }}" for n in range(90)
        )
        query = f"{{ leaf {{ ...F0 }} }} {fragments} fragment F90 on Leaf {{ history(first: 3) }}"
        assert found_in(query) == 3
