"""Metadata: any JSON value, returned exactly as it was given."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from graph.services import Services
from models.json_text import Json
from tests.api.client import Api
from tests.api.conftest import Caller
from tests.api.doors import Door
from tests.api.registry import User, faults
from tests.api.stored import Stored
from tests.unit.models.strategies import json_values

EXACT: dict[str, Any] = {
    "tenth": 0.1,
    "10^20": 10**20,
    "negative zero": -0.0,
    "one": 1,
    "one as a float": 1.0,
    "smallest": 5e-324,
    "largest": 1.7976931348623157e308,
    "4,300 digits": 10**4299,
    "-4,300 digits": -(10**4299),
    "empty string": "",
    "null": [None],
    "empty list": [],
    "empty object": {},
    "empty key": {"": 0},
    "booleans": [True, False, 1, 0],
    "keys in any script": {"ключ": 1, "鍵": 2, "🔑": 3, "مفتاح": 4},
    "key order": {"b": 1, "a": {"z": 0, "y": 0}},
    "values": {"text": "", "none": None, "list": [], "object": {}},
    "escapes": 'quote " backslash \\ slash / line\nbreak\ttab \u2028 \ufeff',
    "beyond the BMP": "𝄞 👩‍🚀",
    "32 levels": json.loads("[" * 32 + "]" * 32),
    "64 KiB": "x" * (64 * 1024 - 2),
    "64 KiB of three-byte characters": "大" * ((64 * 1024 - 2) // 3),
    "proto": {"__proto__": {"a": 1}, "constructor": 1},
}

METADATA_OF = "query ($id: ID!) { model(id: $id) { metadata } }"


def exactly(value: object) -> str:
    """Text that tells 1 from 1.0, 0.0 from -0.0, and one key order from another."""
    return json.dumps(value)


def created_with_literal(api: Api, literal: str) -> Any:  # noqa: ANN401  # JSON can be anything
    """Return the metadata of a model that was created with inline GraphQL."""
    query = f"""mutation {{
      createModel(input: {{name: "n", source: "s", license: "l", metadata: {literal}}}) {{
        model {{ metadata }} userErrors {{ message }}
      }}
    }}"""
    return api.execute(query)["createModel"]["model"]["metadata"]


class TestRoundTrip:
    """Writing metadata and reading it again."""

    @pytest.mark.parametrize("value", EXACT.values(), ids=EXACT.keys())
    def test_is_exact(self, api: Api, user: User, value: object) -> None:
        created = user.create(metadata=value)["model"]
        assert exactly(created["metadata"]) == exactly(value)
        read = api.execute(METADATA_OF, id=created["id"])["model"]["metadata"]
        assert exactly(read) == exactly(value)

    @pytest.mark.parametrize("value", ["text", "", 0, 0.1, False, [], [1, None]])
    def test_holds_values_that_are_no_objects(self, user: User, value: object) -> None:
        created = user.create(metadata=value)["model"]
        assert exactly(created["metadata"]) == exactly(value)

    @settings(max_examples=25)
    @given(json_values.filter(lambda value: value is not None))
    def test_is_exact_for_any_value(self, app_door: Door, services: Services, value: Json) -> None:
        user = User(Api(app_door))
        text = exactly(user.create(metadata=value)["model"]["metadata"])
        assert text == exactly(value)
        assert services

    @pytest.mark.parametrize(
        ("literal", "value"),
        [
            ("0.1", 0.1),
            ("-0.0", -0.0),
            ("100000000000000000000", 10**20),
            ("1e22", 1e22),
            ('""', ""),
            ("true", True),
            ("[]", []),
            ("{}", {}),
            ("[1, [2, {a: null}]]", [1, [2, {"a": None}]]),
            ('{a: 1, b: {c: [null, "大 \\u5927"]}}', {"a": 1, "b": {"c": [None, "大 大"]}}),
            ('"""block\n  text"""', "block\ntext"),
        ],
    )
    def test_is_exact_for_literals(self, api: Api, literal: str, value: object) -> None:
        assert exactly(created_with_literal(api, literal)) == exactly(value)

    def test_variables_fit_inside_literals(self, api: Api) -> None:
        query = """mutation ($part: JSON) {
          createModel(input: {name: "n", source: "s", license: "l", metadata: {a: [$part]}}) {
            model { metadata }
          }
        }"""
        answer = api.execute(query, part={"ключ": 10**20})
        assert answer["createModel"]["model"]["metadata"] == {"a": [{"ключ": 10**20}]}

    @pytest.mark.parametrize(
        ("literal", "value"),
        [("$left", {}), ("[$left, 1]", [None, 1]), ("{a: $left, b: [{c: $left}]}", {"b": [{}]})],
    )
    def test_variables_that_are_left_out_are_no_field_and_null_in_a_list(
        self, api: Api, literal: str, value: object
    ) -> None:
        query = f"""mutation ($left: JSON) {{
          createModel(input: {{name: "n", source: "s", license: "l", metadata: {literal}}}) {{
            model {{ metadata }}
          }}
        }}"""
        assert api.execute(query)["createModel"]["model"]["metadata"] == value

    def test_null_literal_stands_for_left_out(self, api: Api) -> None:
        assert created_with_literal(api, "null") == {}


class TestMetadataPatch:
    """JSON Merge Patch, with the examples of RFC 7396, appendix A."""

    @pytest.mark.parametrize(
        ("target", "patch", "result"),
        [
            ({"a": "b"}, {"a": "c"}, {"a": "c"}),
            ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
            ({"a": "b"}, {"a": None}, {}),
            ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
            ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
            ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
            ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
            ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
            (["a", "b"], ["c", "d"], ["c", "d"]),
            ({"a": "b"}, ["c"], ["c"]),
            ({"a": "foo"}, "bar", "bar"),
            ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
            ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
            ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
        ],
    )
    def test_merges(self, user: User, target: object, patch: object, result: object) -> None:
        model_id = user.new_model(metadata=target)
        model = user.update(model_id, metadataPatch=patch)["model"]
        assert exactly(model["metadata"]) == exactly(result)

    def test_that_changes_nothing_makes_no_version(self, user: User) -> None:
        model_id = user.new_model(metadata={"a": 1})
        payload = user.update(model_id, metadataPatch={"a": 1, "b": None})
        assert (payload["changeEntry"], payload["userErrors"]) == (None, [])

    def test_is_refused_where_its_result_is_too_large(self, user: User) -> None:
        model_id = user.new_model(metadata={"a": "x" * 60_000})
        payload = user.update(model_id, metadataPatch={"b": "x" * 6_000})
        assert faults(payload) == [("INVALID_INPUT", ["metadataPatch"])]

    def test_is_refused_beside_metadata(self, user: User) -> None:
        payload = user.update(user.new_model(), metadataPatch={}, metadata={})
        assert faults(payload) == [("INVALID_INPUT", ["metadataPatch"])]


class TestStoredText:
    """How metadata lies in the table."""

    def test_is_utf_8_and_never_escaped(
        self, api: Api, user: User, stored: Stored, caller: Caller
    ) -> None:
        user.create(metadata={"鍵": "値"})
        assert api
        assert caller
        assert '{"鍵":"値"}' in str(stored.items())
