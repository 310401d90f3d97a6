"""How large a query is."""

import pytest
from graphql import parse
from hypothesis import given
from hypothesis import strategies as st

from graph.measure import Size, measure

LEAVES = ["id", "a: id", "id @include(if: true)", "...{ b: id }"]
PARENTS = [
    "model(id: 1)",
    "x: models(first: 3)",
    "models",
    "changeHistory(last: 2)",
    "nodes",
    "nodes(ids: [1, 2])",
    "historyVerification",
    "... @skip(if: false)",
    "... on Query",
    "__schema",
]


def selections(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    inner = st.lists(children, min_size=1, max_size=3).map(" ".join)
    return st.builds("{} {{ {} }}".format, st.sampled_from(PARENTS), inner)


selection = st.recursive(st.sampled_from(LEAVES), selections, max_leaves=10)


def size_of(document: str, operation_name: str | None = None, **variables: object) -> Size:
    return measure(parse(document), operation_name, variables)


class TestFragments:
    """Fragments are measured as what they stand for."""

    @given(selection, selection)
    def test_a_spread_equals_what_it_stands_for(self, inner: str, outer: str) -> None:
        inlined = f"{{ {outer} model {{ {inner} {inner} }} }}"
        spread = f"{{ {outer} model {{ ...F ...F }} }} fragment F on Query {{ {inner} }}"
        assert size_of(spread) == size_of(inlined)

    @given(st.lists(selection, min_size=1, max_size=5))
    def test_so_does_a_spread_in_a_spread(self, parts: list[str]) -> None:
        spread = " ".join(
            f"fragment F{n} on Query {{ {part} models(first: 2) {{ ...F{n + 1} }} }}"
            for n, part in enumerate(parts)
        )
        inlined = "id"
        for part in reversed(parts):
            inlined = f"{part} models(first: 2) {{ {inlined} }}"
        last = f"fragment F{len(parts)} on Query {{ id }}"
        assert size_of(f"{{ ...F0 }} {spread} {last}") == size_of(f"{{ {inlined} }}")

    @pytest.mark.timeout(60)
    @pytest.mark.parametrize("count", [100, 200])
    def test_take_linear_time(self, count: int) -> None:
        fragments = " ".join(
            f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} ...F{n + 1} }}"
            for n in range(count)
        )
        document = parse(f"{{ ...F0 }} {fragments} fragment F{count} on Query {{ a: model }}")
        size = measure(document, None, {})
        assert (size.nodes, size.aliases) == (3**count, 3**count)

    def test_in_circles_end(self) -> None:
        query = "{ ...A } fragment A on Q { model { ...B } } fragment B on Q { model { ...A } }"
        assert size_of(query).depth == 2

    def test_that_are_missing_count_nothing(self) -> None:
        assert size_of("{ ...Missing }") == Size()


class TestOperations:
    """Which operation is measured."""

    TWO = "query A { model { id } } query B { models(first: 5) { a: id } }"

    def test_is_the_named_one(self) -> None:
        assert size_of(self.TWO, "A") == Size(depth=2, nodes=1)
        assert size_of(self.TWO, "B") == Size(depth=2, aliases=1, nodes=5)

    def test_is_the_largest_of_each_where_it_is_not_clear(self) -> None:
        assert size_of(self.TWO) == Size(depth=2, aliases=1, nodes=5)

    def test_is_nothing_where_there_is_none(self) -> None:
        assert size_of(self.TWO, "C") == Size()
        assert size_of("fragment F on Query { id }") == Size()

    def test_has_its_own_defaults(self) -> None:
        query = """
          query A($n: Int = 5) { ...F } query B($n: Int = 7) { ...F }
          fragment F on Query { models(first: $n) { id } }
        """
        assert (size_of(query, "A").nodes, size_of(query, "B").nodes) == (5, 7)
        assert size_of(query).nodes == 7


class TestPageSizes:
    """What multiplies."""

    @pytest.mark.parametrize(
        ("arguments", "nodes"),
        [
            ("", 20),
            ("(first: 7)", 7),
            ("(last: 7)", 7),
            ("(first: null)", 20),
            ("(first: 0)", 0),
            ("(first: -5)", 0),
            ("(first: 1000000)", 100),
            ("(first: 1.5)", 20),
            ('(first: "7")', 20),
            ("(first: $missing)", 20),
            ("(after: 7)", 20),
        ],
    )
    def test_are_the_literal_within_the_bounds(self, arguments: str, nodes: int) -> None:
        assert size_of(f"{{ models{arguments} {{ id }} }}").nodes == nodes

    @pytest.mark.parametrize(
        ("value", "nodes"),
        [
            (7, 7),
            (7.0, 7),
            (10**400, 100),
            (None, 20),
            ("7", 20),
            ([7], 20),
            (float("nan"), 20),
            (float("inf"), 20),
            (1e300, 100),
        ],
    )
    def test_are_the_variable_within_the_bounds(self, value: object, nodes: int) -> None:
        query = "query ($n: Int) { models(first: $n) { id } }"
        assert size_of(query, n=value).nodes == nodes

    @pytest.mark.parametrize(
        ("ids", "nodes"), [("[]", 0), ("[1, 2, 3]", 3), ("1", 1), ("$ids", 1), ("[$ids]", 1)]
    )
    def test_are_the_number_of_ids(self, ids: str, nodes: int) -> None:
        assert size_of(f"{{ nodes(ids: {ids}) {{ id }} }}").nodes == nodes

    def test_are_the_number_of_ids_in_a_variable(self) -> None:
        query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
        assert size_of(query, ids=["a", "b"]).nodes == 2


class TestValues:
    """What variables hold."""

    def test_count_at_each_use(self) -> None:
        query = "query($a: JSON) { a: f(x: $a) b: f(x: {y: [$a, $a]}) c: f(x: 1) }"
        document = parse(query)
        assert measure(document, None, {"a": [1, {"b": [2, 3]}]}).values == 3 * 6
        assert measure(document, None, {}).values == 3

    def test_count_in_fragments_wherever_they_are_spread(self) -> None:
        document = parse("query($a: [Int]) { ...F ...F } fragment F on Q { f(x: $a) }")
        assert measure(document, None, {"a": [1, 2]}).values == 2 * 3


class TestLists:
    """`evaluations`, which is a list of up to 250 in one place, and a connection in another."""

    def test_count_by_their_length(self) -> None:
        assert size_of("{ evaluateModels { evaluations { id } } }").nodes == 1_000 + 250
        assert size_of("{ evaluations { nodes { id } } }").nodes == 20
