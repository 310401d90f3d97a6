"""How large a query may be: what is larger is refused before anything of it runs, and fast."""

import gc
from typing import Any

import pytest
from graphql import DocumentNode, get_introspection_query, parse, validate

import graph.documents
import graph.limits
from graph.limits import MAX_CHARACTERS
from graph.schema import KNOWN_DOCUMENTS, KNOWN_DOCUMENTS_TOKENS
from tests.api.client import Answer, Api, checked, code

pytestmark = pytest.mark.timeout(60)
"""What takes exponential time takes forever."""
MODEL_ID = "00000000-0000-7000-8000-000000000000"


def verdict(api: Api, query: str, **variables: object) -> tuple[list[str], Answer]:
    """Return the codes of the answer's errors and its complexity."""
    reply = api.post(query, variables)
    codes = [code(error) for error in reply.json.get("errors", [])]
    if "QUERY_TOO_COMPLEX" in codes:
        assert reply.status == 400
        assert "data" not in reply.json
        assert reply.json["extensions"]["cost"]["dynamodb"]["requests"] == 0
    complexity: Answer = reply.json["extensions"]["cost"]["complexity"]
    assert complexity["limit"] == 5_000
    return codes, complexity


def chain(levels: int, selection: str, leaf: str) -> str:
    """Fragments that spread one another, each by `selection`, in which FRAGMENT is the next."""
    fragments = " ".join(
        f"fragment F{n} on Query {{ {selection.replace('FRAGMENT', f'...F{n + 1}')} }}"
        for n in range(levels)
    )
    return f"{{ ...F0 }} {fragments} fragment F{levels} on Query {{ {leaf} }}"


class TestCharacters:
    """At most 100,000 characters."""

    def test_at_the_limit_are_allowed(self, api: Api) -> None:
        assert verdict(api, "{ __typename }".ljust(MAX_CHARACTERS))[0] == []

    def test_beyond_it_are_refused(self, api: Api) -> None:
        assert verdict(api, "{ __typename }".ljust(MAX_CHARACTERS + 1))[0] == ["QUERY_TOO_COMPLEX"]

    def test_of_variables_are_not_counted(self, api: Api) -> None:
        query = "query ($id: ID!) { node(id: $id) { id } }"
        assert verdict(api, query, id="x" * MAX_CHARACTERS)[0] == []


class TestTokens:
    """At most 2,000 tokens."""

    def test_at_the_limit_are_allowed(self, api: Api) -> None:
        query = "{ nodes(ids: [" + '"a" ' * 1_988 + "]) { id } }"
        assert verdict(api, query)[0] == ["BAD_USER_INPUT"]

    @pytest.mark.parametrize("count", [1_999, 50_000])
    def test_beyond_it_are_refused(self, api: Api, count: int) -> None:
        assert verdict(api, "{ " + "__typename " * count + "}")[0] == ["QUERY_TOO_COMPLEX"]

    def test_of_grammar_are_another_error(self, api: Api) -> None:
        assert verdict(api, "{ ]")[0] == ["GRAPHQL_PARSE_FAILED"]
        text = '{ "Syntax Error: Document contains more than" }'
        assert verdict(api, text)[0] == ["GRAPHQL_PARSE_FAILED"]


class TestComparisons:
    """At most 20,000 comparisons of fields that answer under one name."""

    def test_of_a_repeated_field_are_bounded(self, api: Api) -> None:
        assert verdict(api, "{ " + "viewer { subject } " * 480 + "}")[0] == ["QUERY_TOO_COMPLEX"]

    def test_of_what_clients_send_are_few(self, api: Api) -> None:
        spreads = "".join(f"...F{n} " for n in range(40))
        fragments = "".join(f"fragment F{n} on Model {{ id name version }} " for n in range(40))
        query = f"{{ models(first: 1) {{ nodes {{ {spreads} }} }} }} {fragments}"
        assert verdict(api, query)[0] == []


class TestErrors:
    """However wrong a request is, its answer stays small."""

    def test_of_variables_are_at_most_20(self, api: Api) -> None:
        wrong = {f"field{n}": n for n in range(2_000)}
        query = "mutation($i: CreateModelInput!) { createModel(input: $i) { model { id } } }"
        reply = api.post(query, {"i": wrong})
        assert len(reply.json["errors"]) == 20

    def test_of_a_query_are_at_most_5_and_one_that_says_so(self, api: Api) -> None:
        reply = api.post("{ " + " ".join(f"nope{n}" for n in range(500)) + " }")
        assert len(reply.json["errors"]) == 6

    def test_quote_at_most_1_000_characters(self, api: Api) -> None:
        reply = api.post("{ " + "n" * 100_000 + " }")
        assert len(reply.json["errors"][0]["message"]) <= 1_001

    def test_of_a_number_tell_nothing_of_python(self, api: Api) -> None:
        reply = api.post(f"{{ models(first: {'9' * 5_000}) {{ nodes {{ id }} }} }}")
        (error,) = reply.json["errors"]
        assert code(error) == "GRAPHQL_VALIDATION_FAILED"
        assert error["message"] == "the query holds a number of over 4300 digits"


class TestDepth:
    """At most 12 levels of fields."""

    DEEPER = "changeHistory(first: 1) { nodes { model {"

    def query(self, deeper: int) -> str:
        opening, closing = self.DEEPER * deeper, "} } }" * deeper
        return f"{{ models(first: 1) {{ nodes {{ {opening} id {closing} }} }} }}"

    def test_of_12_levels_is_allowed(self, api: Api) -> None:
        assert verdict(api, self.query(3))[0] == []

    def test_of_13_levels_is_refused(self, api: Api) -> None:
        deeper = self.query(3).replace(
            " id ", " changeHistory(first: 1) { pageInfo { endCursor } } "
        )
        assert verdict(api, deeper)[0] == ["QUERY_TOO_COMPLEX"]
        through = self.query(3).replace(" id ", " ...M ")
        fragment = "fragment M on Model { changeHistory(first: 1) { nodes { id } } }"
        assert verdict(api, through + fragment)[0] == ["QUERY_TOO_COMPLEX"]

    def test_does_not_grow_with_fragments(self, api: Api) -> None:
        assert verdict(api, "{ " + "... { " * 50 + "viewer { subject }" + " }" * 51)[0] == []

    @pytest.mark.parametrize("levels", [150, 190])
    def test_of_fragments_is_a_coded_error_at_most(self, api: Api, levels: int) -> None:
        codes, _ = verdict(api, chain(levels, "FRAGMENT", "viewer { subject }"))
        assert "INTERNAL_SERVER_ERROR" not in codes


class TestAliases:
    """At most 30 aliases."""

    def test_of_30_are_allowed(self, api: Api) -> None:
        fields = " ".join(f"a{n}: __typename" for n in range(30))
        assert verdict(api, f"{{ {fields} }}")[0] == []

    @pytest.mark.parametrize(
        "query",
        [
            "{ FIELDS }",
            "{ ...F } fragment F on Query { FIELDS }",
            "{ ... on Query { FIELDS } }",
            "{ __schema { FIELDS } }",
        ],
    )
    def test_of_31_are_refused(self, api: Api, query: str) -> None:
        fields = " ".join(f"a{n}: __typename" for n in range(31))
        assert verdict(api, query.replace("FIELDS", fields))[0] == ["QUERY_TOO_COMPLEX"]

    def test_are_counted_at_every_spread(self, api: Api) -> None:
        fragment = (
            "fragment F on Query { " + " ".join(f"a{n}: __typename" for n in range(16)) + " }"
        )
        assert verdict(api, "{ ...F } " + fragment)[0] == []
        assert verdict(api, "{ ...F ...F } " + fragment)[0] == ["QUERY_TOO_COMPLEX"]


class TestDirectives:
    """At most 10 directives."""

    def fields(self, count: int) -> str:
        return " ".join("__typename @include(if: true)" for _ in range(count))

    def test_of_10_are_allowed(self, api: Api) -> None:
        assert verdict(api, f"{{ {self.fields(10)} }}")[0] == []

    @pytest.mark.parametrize(
        "query",
        [
            "{ FIELDS __typename @skip(if: false) }",
            "{ FIELDS ... @skip(if: false) { __typename } }",
            "{ FIELDS ...F @skip(if: false) } fragment F on Query { __typename }",
            "query A @a { FIELDS }",
            "{ FIELDS ...F } fragment F on Query @a { __typename }",
        ],
    )
    def test_of_11_are_refused(self, api: Api, query: str) -> None:
        refused, _ = verdict(api, query.replace("FIELDS", self.fields(10)))
        assert refused == ["QUERY_TOO_COMPLEX"]


class TestComplexity:
    """At most 5,000 nodes, each connection multiplying what is under it."""

    HISTORY = "changeHistory(first: {}) {{ nodes {{ {} }} }}"

    def nested(self, sizes: list[int]) -> str:
        query = "id"
        for size in reversed(sizes[1:]):
            query = f"changeHistory(first: {size}) {{ nodes {{ model {{ {query} }} }} }}"
        return f"{{ models(first: {sizes[0]}) {{ nodes {{ {query} }} }} }}"

    @pytest.mark.parametrize(
        ("query", "nodes"),
        [
            ("{ viewer { subject } }", 0),
            (f'{{ model(id: "{MODEL_ID}") {{ id }} }}', 1),
            (f'{{ node(id: "{MODEL_ID}") {{ id }} }}', 1),
            (f'{{ nodes(ids: ["{MODEL_ID}", "x"]) {{ id }} }}', 2),
            ("{ models { nodes { id } } }", 20),
            ("{ models(first: 100) { nodes { id } edges { cursor } } }", 100),
            ("{ models(last: 7) { nodes { id } } }", 7),
            ("{ models(first: null, last: 7) { nodes { id } } }", 7),
            ("{ models(first: 2) { nodes { changeHistory(first: 3) { nodes { id } } } } }", 8),
            ("{ models(first: 2) { edges { node { changeHistory { nodes { id } } } } } }", 42),
            (f'{{ model(id: "{MODEL_ID}") {{ historyVerification {{ intact }} }} }}', 1_001),
        ],
    )
    def test_is_told(self, api: Api, query: str, nodes: int) -> None:
        assert verdict(api, query) == ([], {"requested": nodes, "limit": 5_000})

    @pytest.mark.parametrize(
        ("sizes", "nodes"),
        [([100, 50], 10_100), ([50, 49], 4_950), ([50, 50], 5_050), ([100] * 3, 2_020_100)],
    )
    def test_multiplies(self, api: Api, sizes: list[int], nodes: int) -> None:
        codes, complexity = verdict(api, self.nested(sizes))
        assert complexity["requested"] == nodes
        assert codes == (["QUERY_TOO_COMPLEX"] if nodes > 5_000 else [])

    def test_of_10_9_nodes_is_refused(self, api: Api) -> None:
        query = self.nested([100, 100, 100, 100])
        codes, complexity = verdict(api, query)
        assert codes == ["QUERY_TOO_COMPLEX"]
        assert complexity["requested"] > 10**8

    @pytest.mark.parametrize("count", [5, 6])
    def test_of_verifications_is_bounded(self, api: Api, count: int) -> None:
        fields = " ".join(f"a{n}: historyVerification {{ intact }}" for n in range(count))
        codes, complexity = verdict(api, f'{{ model(id: "{MODEL_ID}") {{ {fields} }} }}')
        assert (codes, complexity["requested"]) == (["QUERY_TOO_COMPLEX"], 1_000 * count + 1)

    @pytest.mark.parametrize("size", [100, 100.0])
    def test_knows_the_sizes_in_variables(self, api: Api, size: float) -> None:
        query = """query ($n: Int) {
          models(first: $n) { nodes { changeHistory(first: $n) { nodes { id } } } }
        }"""
        assert verdict(api, query, n=size) == (
            ["QUERY_TOO_COMPLEX"],
            {"requested": 10_100, "limit": 5_000},
        )
        assert verdict(api, query, n=3)[1]["requested"] == 12
        assert verdict(api, query)[1]["requested"] == 420
        assert verdict(api, query, n=None)[1]["requested"] == 420

    def test_knows_the_defaults_of_variables(self, api: Api) -> None:
        query = """query ($n: Int = 100) {
          models(first: $n) { nodes { changeHistory(first: $n) { nodes { id } } } }
        }"""
        assert verdict(api, query)[1]["requested"] == 10_100
        assert verdict(api, query, n=3)[1]["requested"] == 12
        assert verdict(api, query, n=None)[1]["requested"] == 420

    def test_knows_the_ids_in_variables(self, api: Api) -> None:
        query = """query ($ids: [ID!]! = ["a", "b", "c"]) {
          nodes(ids: $ids) { ... on Model { changeHistory(first: 100) { nodes { id } } } }
        }"""
        assert verdict(api, query)[1]["requested"] == 303
        codes, complexity = verdict(api, query, ids=["x"] * 50)
        assert (codes, complexity["requested"]) == (["QUERY_TOO_COMPLEX"], 5_050)

    @pytest.mark.parametrize(
        ("size", "nodes"), [("0", 0), ("-1", 0), ("101", 100), ("9" * 5_000, 100)]
    )
    def test_bounds_what_is_no_page_size(self, api: Api, size: str, nodes: int) -> None:
        _, complexity = verdict(api, f"{{ models(first: {size}) {{ nodes {{ id }} }} }}")
        assert complexity["requested"] == nodes

    def test_adds_up_fields_side_by_side(self, api: Api) -> None:
        query = "{ a: models(first: 3) { nodes { id } } b: models(first: 4) { nodes { id } } }"
        assert verdict(api, query)[1]["requested"] == 7


class TestFragments:
    """Fragments that spread one another."""

    def test_that_double_95_times_are_refused(self, api: Api) -> None:
        query = chain(95, "FRAGMENT FRAGMENT", f'model(id: "{MODEL_ID}") {{ id }}')
        codes, complexity = verdict(api, query)
        assert codes == ["QUERY_TOO_COMPLEX"]
        assert complexity["requested"] == 2**53 - 1

    def test_that_double_nothing_are_answered(self, api: Api) -> None:
        query = chain(95, "FRAGMENT FRAGMENT", "viewer { subject }")
        assert verdict(api, query)[0] == []

    def test_that_double_below_a_model_are_answered(self, api: Api) -> None:
        spread = chain(95, "FRAGMENT FRAGMENT", "id").replace(" on Query", " on Model")
        query = spread.replace("{ ...F0 }", f'{{ model(id: "{MODEL_ID}") {{ ...F0 }} }}', 1)
        assert verdict(api, query)[0] == []

    @pytest.mark.parametrize(
        "query",
        [
            "{ ...A } fragment A on Query { ...A }",
            "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A ...B }",
            "{ model { ...A } } fragment A on Model { changeHistory { nodes { model { ...A } } } }",
        ],
    )
    def test_that_spread_themselves_are_invalid(self, api: Api, query: str) -> None:
        assert "GRAPHQL_VALIDATION_FAILED" in verdict(api, query)[0]

    @pytest.mark.parametrize(
        "query", ["{ ...Missing }", "{ __typename } fragment A on Query { id }"]
    )
    def test_that_are_missing_or_unused_are_invalid(self, api: Api, query: str) -> None:
        assert "GRAPHQL_VALIDATION_FAILED" in verdict(api, query)[0]


class TestCaches:
    """What is kept of queries, so that the same ones are read and validated once."""

    SCHEMAS = 2
    """One for each door to the API: both can be open."""
    OTHERS = 10
    """Documents that are kept elsewhere or were not let go of yet."""

    def kept(self, name: str) -> list[int]:
        """Return the tokens of every document in memory whose operation's name begins so."""
        gc.collect()
        documents = [one for one in gc.get_objects() if isinstance(one, DocumentNode)]
        return [
            one.token_count
            for one in documents
            if one.loc and one.loc.source.body.startswith(f"query {name}")
        ]

    def calls(self, patched: pytest.MonkeyPatch) -> list[str]:
        """Return a list to which every parsing and validation is added."""
        calls: list[str] = []

        def parsing(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401  # graphql-core's
            calls.append("parse")
            return parse(*arguments, **options)

        def validating(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401  # graphql-core's
            calls.append("validate")
            return validate(*arguments, **options)

        patched.setattr(graph.documents, "parse", parsing)
        patched.setattr(graph.limits, "validate", validating)
        return calls

    def test_are_bounded_by_documents(self, api: Api) -> None:
        for number in range(3 * KNOWN_DOCUMENTS):
            verdict(api, f"query Kept{number} {{ viewer {{ subject }} nope{number % 2} }}")
            verdict(api, f"query Kept{number} {{ viewer {{ subject }} }}")
        assert len(self.kept("Kept")) <= self.SCHEMAS * KNOWN_DOCUMENTS + self.OTHERS

    def test_are_bounded_by_tokens(self, api: Api) -> None:
        large = "... { __typename } " * 90
        for number in range(KNOWN_DOCUMENTS - 10):
            assert verdict(api, f"query Large{number} {{ {large} }}")[0] == []
        assert (
            sum(self.kept("Large")) <= self.SCHEMAS * KNOWN_DOCUMENTS_TOKENS + self.OTHERS * 1_000
        )

    def test_know_what_was_asked_before(self, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
        calls = self.calls(monkeypatch)
        for _ in range(2):
            assert verdict(api, f"query Again{id(api)} {{ viewer {{ subject }} }}")[0] == []
        assert calls == ["parse", "validate"]

    def test_keep_no_errors(self, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
        calls = self.calls(monkeypatch)
        for _ in range(2):
            refused = verdict(api, f"query Wrong{id(api)} {{ nope }}")[0]
            assert refused == ["GRAPHQL_VALIDATION_FAILED"]
        assert calls == ["parse", "validate", "validate"]


class TestIntrospection:
    """What tools ask of the schema."""

    def test_of_graphiql_is_within_the_limits(self, api: Api) -> None:
        query = get_introspection_query(
            descriptions=True,
            specified_by_url=True,
            directive_is_repeatable=True,
            schema_description=True,
            input_value_deprecation=True,
        )
        answer = checked(api.post(query, operation_name="IntrospectionQuery")).json
        assert "errors" not in answer
        assert answer["data"]["__schema"]["queryType"] == {"name": "Query", "kind": "OBJECT"}
        assert answer["extensions"]["cost"]["complexity"]["requested"] == 2_000

    def test_many_times_over_is_refused(self, api: Api) -> None:
        asked = " ".join(f"a{n}: __schema {{ queryType {{ name }} }}" for n in range(3))
        assert verdict(api, f"{{ {asked} }}")[0] == ["QUERY_TOO_COMPLEX"]

    def test_in_circles_is_refused(self, api: Api) -> None:
        deep = "fields { type { " * 6 + "name" + " } }" * 6
        codes, _ = verdict(api, f"{{ __schema {{ types {{ {deep} }} }} }}")
        assert codes == ["GRAPHQL_VALIDATION_FAILED"]
