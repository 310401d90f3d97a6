"""Requests made to take long, and how each must be refused."""

import json
from typing import Final

from graph.limits import MAX_CHARACTERS
from graph.params import OBJECT_MAX_FIELDS
from tests.api.test_limits import chain

TRY: Final = b"TRY"
"""The name of each operation. Put another in its place, and no cache knows the document."""
MEBIBYTE: Final = 1024 * 1024
MODEL_ID: Final = "00000000-0000-7000-8000-000000000000"
VALID: Final = {"name": "n", "source": "s", "license": "l"}
NUMBER: Final = "query TRY($n: Int) { models(first: $n) { nodes { id } } }"
CREATE: Final = "mutation TRY($i: CreateModelInput!) { createModel(input: $i) { model { id } } }"

Verdict = tuple[int, str]
"""Status, and the code of every error."""
TOO_COMPLEX: Final = (400, "QUERY_TOO_COMPLEX")
NO_GRAPHQL: Final = (400, "GRAPHQL_PARSE_FAILED")
INVALID: Final = (400, "GRAPHQL_VALIDATION_FAILED")
BAD_INPUT: Final = (400, "BAD_USER_INPUT")
TOO_LARGE: Final = (413, "BAD_USER_INPUT")


def request(query: str, variables: object = None) -> bytes:
    """Return the body of a request."""
    return json.dumps({"query": query, "variables": variables}).encode()


def request_with(query: str, variables: str) -> bytes:
    """Return the body of a request with variables that are no JSON, or none to be made up here."""
    return f'{{"query": {json.dumps(query)}, "variables": {variables}}}'.encode()


def create_with(metadata: str) -> bytes:
    """Return the body of a request to create a model with such metadata."""
    return request_with(CREATE, f'{{"i": {{"metadata": {metadata}, {json.dumps(VALID)[1:-1]}}}}}')


def doubling(leaf: str) -> str:
    """Return 95 fragments that each spread the next one twice."""
    return f"query TRY {chain(95, 'FRAGMENT FRAGMENT', leaf)}"


def nested(levels: int, connection: str, first: str = "100") -> str:
    """Return models, with a connection of each one's models inside one another."""
    opening = f"{connection}(first: {first}) {{ nodes {{ model {{ " * levels
    return f"models(first: {first}) {{ nodes {{ {opening} id {'} } } ' * levels} }} }}"


def many(field: str, count: int) -> str:
    """Return a field under many names."""
    return " ".join(f"a{n}: {field}" for n in range(count))


BOMBS: Final[dict[str, tuple[bytes, Verdict]]] = {
    "95 doubling fragments": (
        request(doubling(f'model(id: "{MODEL_ID}") {{ id }}')),
        TOO_COMPLEX,
    ),
    "95 doubling fragments of what is not there": (request(doubling("nope")), INVALID),
    "circular fragments": (
        request(
            "query TRY { ...A } fragment A on Query { ...B } fragment B on Query { ...A ...B }"
        ),
        INVALID,
    ),
    "a ring of 200 fragments": (
        request(
            "query TRY { ...F0 } "
            + " ".join(f"fragment F{n} on Query {{ ...F{(n + 1) % 200} }}" for n in range(200))
        ),
        TOO_COMPLEX,
    ),
    "10,000 aliases": (request(f"query TRY {{ {many('__typename', 10_000)} }}"), TOO_COMPLEX),
    "600 aliases": (request(f"query TRY {{ {many('__typename', 600)} }}"), TOO_COMPLEX),
    "1,000 directives": (
        request(f"query TRY {{ __typename {'@include(if: true) ' * 1_000} }}"),
        TOO_COMPLEX,
    ),
    "990 directives that are not there": (
        request(f"query TRY {{ __typename {'@a ' * 990} }}"),
        TOO_COMPLEX,
    ),
    "200 levels": (request(f"query TRY {{ {nested(66, 'changeHistory')} }}"), TOO_COMPLEX),
    "200 levels of what is not there": (
        request(f"query TRY {'{ a ' * 200} {'} ' * 200}"),
        TOO_COMPLEX,
    ),
    "480 fields of one name": (
        request(f"query TRY {{ {'viewer { subject } ' * 480} }}"),
        TOO_COMPLEX,
    ),
    "10^9 nodes of changes": (
        request(f"query TRY {{ {nested(4, 'changeHistory')} }}"),
        TOO_COMPLEX,
    ),
    "10^9 nodes of evaluations": (
        request(f"query TRY {{ {nested(4, 'evaluations')} }}"),
        TOO_COMPLEX,
    ),
    "10^9 nodes by a variable": (
        request(f"query TRY($n: Int!) {{ {nested(4, 'artifacts', '$n')} }}", {"n": 100}),
        TOO_COMPLEX,
    ),
    "10,000 ids": (
        request(
            "query TRY($ids: [ID!]!) { nodes(ids: $ids) { id } }",
            {"ids": [f"{MODEL_ID[:-5]}{n:05}" for n in range(10_000)]},
        ),
        TOO_COMPLEX,
    ),
    "30 evaluations": (
        request(
            "mutation TRY($i: EvaluateModelInput!) "
            f"{{ {many('evaluateModel(input: $i) { model { id } }', 30)} }}",
            {"i": {"url": "https://huggingface.co/a/b"}},
        ),
        TOO_COMPLEX,
    ),
    "100,000 braces in the query": (request("query TRY " + "{ a " * 100_000), TOO_COMPLEX),
    "100,000 brackets in the query": (
        request("query TRY { nodes(ids: " + "[" * 100_000),
        TOO_COMPLEX,
    ),
    "1,980 brackets in the query": (
        request(f"query TRY {{ nodes(ids: {'[' * 990}{']' * 990}) {{ id }} }}"),
        TOO_COMPLEX,
    ),
    "100,000 brackets of a type": (request("query TRY($a: " + "[" * 100_000), TOO_COMPLEX),
    "100,000 brackets in variables": (create_with("[" * 100_000 + "]" * 100_000), BAD_INPUT),
    "100,000 braces in variables": (
        create_with('{"a":' * 100_000 + "1" + "}" * 100_000),
        BAD_INPUT,
    ),
    "100,000 brackets and nothing else": (b"[" * 100_000, BAD_INPUT),
    "10 MB of white space": (b" " * (10 * MEBIBYTE), TOO_LARGE),
    "10 MB of a query": (request(f"query TRY {{ {'a ' * (5 * MEBIBYTE)} }}"), TOO_LARGE),
    "1 MB of lines": (request("\n" * (MEBIBYTE // 2 - 100)), BAD_INPUT),
    "1 MB of a comment": (request("query TRY #" + "a" * (MEBIBYTE - 100)), TOO_COMPLEX),
    "the longest query of lines": (
        request("query TRY".ljust(MAX_CHARACTERS - 1, "\n")),
        NO_GRAPHQL,
    ),
    "the longest query of a text": (
        request(f'query TRY {{ node(id: """{" " * (MAX_CHARACTERS - 50)}""") }}'),
        INVALID,
    ),
    "a million digits in the query": (
        request(f"query TRY {{ models(first: {'9' * 1_000_000}) {{ nodes {{ id }} }} }}"),
        TOO_COMPLEX,
    ),
    "90,000 digits in the query": (
        request(f"query TRY {{ models(first: {'9' * 90_000}) {{ nodes {{ id }} }} }}"),
        INVALID,
    ),
    "a variable of a million digits": (
        request_with(NUMBER, f'{{"n": {"9" * 1_000_000}}}'),
        BAD_INPUT,
    ),
    "a variable of 4,000 digits": (request_with(NUMBER, f'{{"n": {"9" * 4_000}}}'), BAD_INPUT),
    "a variable of 1e400": (request_with(NUMBER, '{"n": 1e400}'), BAD_INPUT),
    "a variable of a million characters": (request(NUMBER, {"n": "n" * 1_000_000}), BAD_INPUT),
    "80,000 fields that are not there": (
        request(CREATE, {"i": {f"f{n}": 1 for n in range(80_000)}}),
        BAD_INPUT,
    ),
    "12,000 fields that are not there": (
        request(CREATE, {"i": {f"f{n}": 1 for n in range(OBJECT_MAX_FIELDS)}}),
        BAD_INPUT,
    ),
    "60 fields that are not there beside 80,000 of metadata": (
        request(
            CREATE,
            {
                "i": {f"f{n}": 1 for n in range(60)}
                | {"metadata": {f"f{n}": 1 for n in range(80_000)}}
            },
        ),
        BAD_INPUT,
    ),
    "long lists as metadata under many names": (
        request_with(
            f"mutation TRY($a: JSON) {{ {many('createModel(input: {metadata: $a})', 28)} }}",
            f'{{"a": [{",".join(["[[]]"] * 20_000)}]}}',
        ),
        TOO_COMPLEX,
    ),
    "more values than can be read": (
        request_with(NUMBER, f'{{"n": [{",".join(["[]"] * 300_000)}]}}'),
        (400, "BAD_USER_INPUT"),
    ),
    "the schema many times": (
        request(f"query TRY {{ {many('__schema { types { name fields { name } } }', 20)} }}"),
        TOO_COMPLEX,
    ),
}
"""Requests, each with what it deserves."""
