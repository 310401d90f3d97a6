"""Bad input: each gets its code and its field, and changes nothing."""

import json
from typing import Any

import pytest

from tests.api.client import Answer, Api, code, field
from tests.api.documents import CREATE, DELETE, RESTORE, UPDATE
from tests.api.registry import User, faults
from tests.api.stored import Stored

NO_MODEL = "00000000-0000-7000-8000-000000000000"
VALID = {"name": "n", "source": "s", "license": "l"}


def nested(levels: int) -> Any:  # noqa: ANN401  # JSON can be anything
    return json.loads("[" * levels + "]" * levels)


BAD_LABELS: dict[str, list[object]] = {
    "name": ["", "x" * 257, " x", "x ", "\u00a0x", "x\n", "a\tb", "\x00", "\x7f", "\x85", "\ud800"],
    "source": ["", "x" * 65, " hf", "hf ", "h\x00f"],
    "license": ["", "x" * 257, "\tmit", "mit\n", "\udfff"],
}
BAD_EVERYWHERE: dict[str, list[object]] = {
    **BAD_LABELS,
    "sourceUrl": [
        "",
        "ftp://example.org/a",
        "example.org/a",
        "https://",
        "https://example.org/" + "x" * 2_029,
        "https://example.org/a b",
        "https://user:secret@example.org/a",
        "https://example.org:99999/a",
        "https://[::1",
        "https://example.org/\x00",
        "https://example.org/\ud800",
        "javascript:alert(1)",
    ],
    "metadata": [
        nested(33),
        {"a": nested(32)},
        "x" * (64 * 1024 - 1),
        "大" * (64 * 1024 // 3),
        {"a": "\x00"},
        {"\x1b": 1},
        {"a": ["\ud800"]},
        {"\udfff": 1},
        float("nan"),
        [float("inf")],
        {"a": float("-inf")},
    ],
    "riskNotes": ["x" * 10_001, "\x00", "\x0b", "\ud800"],
    "reason": ["x" * 10_001, "\x07", "\udc00"],
    "changedBy": ["", "x" * 257, " ada", "a\nb", "\ud800"],
    "idempotencyKey": ["", "x" * 256, "a\nb", "\x00", "\u200b", "\ud800", "a\u2028b"],
}
BAD_OF_A_CHANGE: dict[str, list[object]] = {
    "reason": ["x" * 10_001],
    "changedBy": [" ada"],
    "idempotencyKey": [""],
    "expectedVersion": [0, -1, -(2**31)],
}


def cases(bad: dict[str, list[Any]]) -> list[Any]:
    return [
        pytest.param(name, value, id=f"{name}-{number}")
        for name, values in bad.items()
        for number, value in enumerate(values)
    ]


class TestCreateModel:
    """Bad input of createModel."""

    @pytest.mark.parametrize(("name", "value"), cases(BAD_EVERYWHERE))
    def test_is_refused(self, user: User, stored: Stored, name: str, value: object) -> None:
        before = stored.items()
        assert faults(user.create(**{name: value})) == [("INVALID_INPUT", [name])]
        assert stored.items() == before

    @pytest.mark.parametrize("name", ["name", "source", "license"])
    def test_null_for_what_cannot_be_null_is_no_value_of_the_variable(
        self, api: Api, stored: Stored, name: str
    ) -> None:
        error = api.error(CREATE, input=VALID | {name: None})
        assert (code(error), field(error)) == ("BAD_USER_INPUT", ["input", name])
        assert stored.items() == {}

    @pytest.mark.parametrize(
        ("given", "path"),
        [
            ({"source": "s", "license": "l"}, ["input"]),
            (VALID | {"name": 7}, ["input", "name"]),
            (VALID | {"name": ["n"]}, ["input", "name"]),
            (VALID | {"riskNotes": {}}, ["input", "riskNotes"]),
            (VALID | {"state": "DELETED"}, ["input"]),
            (None, ["input"]),
            ("text", ["input"]),
            ([VALID, VALID], ["input"]),
        ],
    )
    def test_that_does_not_fit_its_type_names_the_field(
        self, api: Api, stored: Stored, given: object, path: list[str]
    ) -> None:
        error = api.error(CREATE, input=given)
        assert (code(error), field(error)) == ("BAD_USER_INPUT", path)
        assert stored.items() == {}

    def test_of_the_wrong_type_is_named_all_at_once(self, api: Api) -> None:
        errors = api.errors(CREATE, input={"name": None, "source": 7, "licence": "l"})
        paths = [field(error) for error in errors]
        assert {code(error) for error in errors} == {"BAD_USER_INPUT"}
        assert paths == [["input", "name"], ["input", "source"], ["input"], ["input"]]

    def test_every_fault_is_reported_at_once(self, user: User, stored: Stored) -> None:
        payload = user.create(**{name: values[0] for name, values in BAD_EVERYWHERE.items()})
        assert sorted(faults(payload)) == sorted(
            ("INVALID_INPUT", [name]) for name in BAD_EVERYWHERE
        )
        assert stored.items() == {}


class TestUpdateModel:
    """Bad input of updateModel."""

    @pytest.mark.parametrize(
        ("name", "value"),
        cases(
            BAD_EVERYWHERE
            | BAD_OF_A_CHANGE
            | {"metadataPatch": BAD_EVERYWHERE["metadata"]}
            | {
                name: [*values, None]
                for name, values in BAD_EVERYWHERE.items()
                if name in {"name", "source", "license", "metadata", "riskNotes"}
            }
        ),
    )
    def test_is_refused(self, user: User, stored: Stored, name: str, value: object) -> None:
        model_id = user.new_model()
        before = stored.items()
        assert faults(user.update(model_id, **{name: value})) == [("INVALID_INPUT", [name])]
        assert stored.items() == before

    def test_null_for_a_patch_is_refused(self, user: User) -> None:
        payload = user.update(user.new_model(), metadataPatch=None)
        assert faults(payload) == [("INVALID_INPUT", ["metadataPatch"])]

    def test_every_fault_is_reported_at_once(self, user: User, stored: Stored) -> None:
        bad = BAD_EVERYWHERE | BAD_OF_A_CHANGE | {"metadataPatch": [None], "riskNotes": [None]}
        model_id = user.new_model()
        before = stored.items()
        payload = user.update(model_id, **{name: values[0] for name, values in bad.items()})
        reported = {tuple(path or ()) for _, path in faults(payload)}
        assert reported == {(name,) for name in bad}
        assert stored.items() == before


class TestDeleteAndRestoreModel:
    """Bad input of deleteModel and restoreModel."""

    @pytest.mark.parametrize(("name", "value"), cases(BAD_OF_A_CHANGE))
    def test_is_refused(self, user: User, stored: Stored, name: str, value: object) -> None:
        model_id = user.new_model()
        before = stored.items()
        expected = [("INVALID_INPUT", [name])]
        assert faults(user.delete(model_id, **{name: value})) == expected
        assert faults(user.restore(model_id, **{name: value})) == expected
        assert stored.items() == before


class TestIds:
    """Ids of no model."""

    @pytest.mark.parametrize(
        "model_id",
        [
            NO_MODEL,
            "",
            "no-such-id",
            NO_MODEL.replace("0", "A"),
            f"{NO_MODEL}\n",
            "\ud800",
            "\x00",
            "A" * 100_000,
        ],
    )
    @pytest.mark.parametrize("idempotency_key", [None, "key"])
    def test_are_not_found(
        self, user: User, stored: Stored, model_id: str, idempotency_key: str | None
    ) -> None:
        before = stored.items()
        for change in (user.update, user.delete, user.restore):
            payload = change(model_id, idempotencyKey=idempotency_key)
            assert faults(payload) == [("NOT_FOUND", ["id"])]
        assert stored.items() == before

    def test_of_a_past_version_cannot_be_changed(self, user: User, stored: Stored) -> None:
        model_id = user.new_model()
        before = stored.items()
        for change in (user.update, user.delete, user.restore):
            assert faults(change(f"{model_id}@1")) == [("NOT_FOUND", ["id"])]
        assert stored.items() == before

    @pytest.mark.parametrize("document", [UPDATE, DELETE, RESTORE])
    def test_that_are_missing_are_told(self, api: Api, document: str) -> None:
        error = api.error(document, input={})
        assert (code(error), field(error)) == ("BAD_USER_INPUT", ["input"])
        assert "'id'" in error["message"]


class TestNumbers:
    """Numbers that JSON can write, and that the service cannot hold."""

    def body(self, number: str) -> str:
        given = json.dumps(VALID | {"metadata": ["NUMBER"]}).replace('"NUMBER"', number)
        return f'{{"query": {json.dumps(CREATE)}, "variables": {{"input": {given}}}}}'

    @pytest.mark.parametrize("number", ["1e400", "-1e400", "NaN", "Infinity", "-Infinity"])
    def test_beyond_the_doubles_are_refused(self, api: Api, stored: Stored, number: str) -> None:
        payload = api.post_body(self.body(number)).json["data"]["createModel"]
        assert faults(payload) == [("INVALID_INPUT", ["metadata"])]
        assert stored.items() == {}

    def test_of_5_000_digits_are_a_bad_body(self, api: Api, stored: Stored) -> None:
        reply = api.post_body(self.body("9" * 5_000))
        (error,) = reply.json["errors"]
        assert (reply.status, code(error)) == (400, "BAD_USER_INPUT")
        assert "4300" in error["message"]
        assert stored.items() == {}

    @pytest.mark.parametrize("number", ["9" * 5_000, "-" + "9" * 5_000, "1e400", "-1e400"])
    def test_that_are_too_large_are_refused_as_literals(
        self, api: Api, stored: Stored, number: str
    ) -> None:
        payload = self.literal(api, number)["data"]["createModel"]
        assert payload["userErrors"][0]["field"] == ["metadata"]
        assert stored.items() == {}

    @pytest.mark.parametrize("number", ["9" * 5_000, "1e400", "2147483648", "0.5", "true"])
    def test_that_are_no_int_are_no_arguments(self, api: Api, number: str) -> None:
        for query in (
            f"{{ models(first: {number}) {{ nodes {{ id }} }} }}",
            f'{{ model(id: "x", version: {number}) {{ id }} }}',
        ):
            assert {code(error) for error in api.errors(query)} == {"GRAPHQL_VALIDATION_FAILED"}

    def literal(self, api: Api, number: str) -> Answer:
        query = f"""mutation {{ createModel(
          input: {{name: "n", source: "s", license: "l", metadata: [{number}]}}
        ) {{ userErrors {{ field }} }} }}"""
        answer: Answer = api.post(query).json
        return answer


class TestDepth:
    """Bodies and literals that are nested without end."""

    @pytest.mark.parametrize("levels", [900, 100_000])
    @pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
    def test_of_a_body_is_a_coded_error(
        self, api: Api, stored: Stored, levels: int, opening: str, closing: str
    ) -> None:
        deep = opening * levels + "0" + closing * levels
        given = json.dumps(VALID | {"metadata": "DEEP"}).replace('"DEEP"', deep)
        body = f'{{"query": {json.dumps(CREATE)}, "variables": {{"input": {given}}}}}'
        reply = api.post_body(body)
        if "errors" in reply.json:
            assert (reply.status, code(reply.json["errors"][0])) == (400, "BAD_USER_INPUT")
        else:
            assert faults(reply.json["data"]["createModel"]) == [("INVALID_INPUT", ["metadata"])]
        assert stored.items() == {}

    @pytest.mark.parametrize("levels", [33, 190, 200, 600, 950])
    @pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a:", "}")])
    def test_of_a_literal_is_a_coded_error(
        self, api: Api, stored: Stored, levels: int, opening: str, closing: str
    ) -> None:
        deep = opening * levels + "0" + closing * levels
        query = f"""mutation {{ createModel(
          input: {{name: "n", source: "s", license: "l", metadata: {deep}}}
        ) {{ userErrors {{ code field }} }} }}"""
        reply = api.post(query)
        assert reply.status in {200, 400}
        if "errors" in reply.json:
            assert {code(error) for error in reply.json["errors"]} <= {
                "BAD_USER_INPUT",
                "GRAPHQL_PARSE_FAILED",
                "GRAPHQL_VALIDATION_FAILED",
                "QUERY_TOO_COMPLEX",
            }
        else:
            assert reply.json["data"]["createModel"]["userErrors"] == [
                {"code": "INVALID_INPUT", "field": ["metadata"]}
            ]
        assert stored.items() == {}

    @pytest.mark.parametrize("levels", [98, 99, 190, 200, 600])
    @pytest.mark.parametrize(
        ("opening", "closing"),
        [("model { ", "}"), ("... { ", "}"), ("... on Query { ", "}"), ("a { ...{ ", "} }")],
    )
    def test_of_a_selection_is_a_coded_error(
        self, api: Api, levels: int, opening: str, closing: str
    ) -> None:
        reply = api.post("{ " + opening * levels + "__typename" + closing * levels + " }")
        assert reply.status in {200, 400}
        assert {code(error) for error in reply.json.get("errors", [])} <= {
            "GRAPHQL_PARSE_FAILED",
            "GRAPHQL_VALIDATION_FAILED",
            "QUERY_TOO_COMPLEX",
        }

    @pytest.mark.parametrize("levels", [300, 900])
    def test_of_a_list_type_is_a_coded_error(self, api: Api, levels: int) -> None:
        query = f"query ($a: {'[' * levels}Int{']' * levels}) {{ viewer {{ subject }} }}"
        reply = api.post(query)
        assert reply.status in {200, 400}
        assert code(reply.json["errors"][0]) != "INTERNAL_SERVER_ERROR"

    @pytest.mark.parametrize("levels", [300, 900, 5_000, 100_000])
    def test_of_a_variable_of_another_type_is_a_coded_error(self, api: Api, levels: int) -> None:
        query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
        deep = "[" * levels + "]" * levels
        body = f'{{"query": {json.dumps(query)}, "variables": {{"ids": {deep}}}}}'
        reply = api.post_body(body)
        assert reply.status in {200, 400}
        assert code(reply.json["errors"][0]) == "BAD_USER_INPUT"
