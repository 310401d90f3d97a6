"""GraphQL over HTTP: methods, media types, bodies, statuses."""

import json

import pytest

from tests.api.client import Api, checked, code, field
from tests.api.documents import CREATE
from tests.api.doors import REQUEST_ID, Door, LambdaDoor, Reply
from tests.api.stored import Stored

JSON = "application/json; charset=utf-8"
GRAPHQL = "application/graphql-response+json; charset=utf-8"
VIEWER = "{ viewer { subject } }"
TWO = "query A { viewer { subject } } query B { viewer { roles } }"
MIXED = "query Q { viewer { subject } } mutation M { deleteModel(input: {id: 1}) { model { id } } }"
VALID = {"name": "n", "source": "s", "license": "l"}


def refused(reply: Reply) -> tuple[int, str, list[str] | None]:
    """Return status, code and field of a request that was not executed."""
    assert "data" not in reply.json
    (error,) = reply.json["errors"]
    return reply.status, code(error), field(error)


class TestMediaTypes:
    """What is answered, and in which form."""

    @pytest.mark.parametrize(
        ("accept", "media_type"),
        [
            (None, JSON),
            ("*/*", JSON),
            ("application/*", JSON),
            ("application/json", JSON),
            ("application/graphql-response+json", GRAPHQL),
            ("application/graphql-response+json; charset=utf-8, application/json;q=0.9", GRAPHQL),
            ("application/graphql-response+json;q=0.5, application/json", JSON),
            ("text/html, */*;q=0.1", JSON),
        ],
    )
    def test_follow_the_accept_header(self, api: Api, accept: str | None, media_type: str) -> None:
        headers = {"accept": accept} if accept else {}
        reply = api.post(VIEWER, headers=headers)
        assert (reply.status, reply.headers["content-type"]) == (200, media_type)
        assert reply.json["data"] == {"viewer": {"subject": "local"}}

    @pytest.mark.parametrize("accept", ["text/html", "image/png", "application/json;q=0", "x"])
    def test_that_are_not_offered_are_refused(self, api: Api, accept: str) -> None:
        reply = api.post(VIEWER, headers={"accept": accept})
        assert refused(reply) == (406, "BAD_USER_INPUT", None)
        assert reply.headers["content-type"] == JSON

    def test_are_utf_8_in_their_own_script(self, api: Api) -> None:
        reply = api.post("{ größe }")
        assert "größe".encode() not in reply.body
        given = {"input": VALID | {"metadata": "大 𝄞"}}
        assert "大 𝄞".encode() in api.post(CREATE, given).body

    @pytest.mark.parametrize(
        ("query", "variables", "expected"),
        [
            ("{ viewer {", None, "GRAPHQL_PARSE_FAILED"),
            ("{ nothing }", None, "GRAPHQL_VALIDATION_FAILED"),
            ("query ($id: ID!) { model(id: $id) { id } }", {}, "BAD_USER_INPUT"),
            (TWO, None, "BAD_USER_INPUT"),
        ],
    )
    def test_decide_the_status_of_what_is_not_executed(
        self, api: Api, query: str, variables: object, expected: str
    ) -> None:
        for accept, status in ((JSON, 200), (GRAPHQL, 400)):
            reply = api.post(query, variables, headers={"accept": accept.partition(";")[0]})
            assert refused(reply)[:2] == (status, expected)

    def test_leave_the_status_of_what_was_executed(self, api: Api) -> None:
        for accept in (JSON, GRAPHQL):
            reply = api.post(
                "{ models(first: 0) { nodes { id } } }",
                headers={"accept": accept.partition(";")[0]},
            )
            assert (reply.status, reply.json["data"]) == (200, None)


class TestMethods:
    """Methods other than POST."""

    @pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
    def test_that_graphql_has_no_use_for_are_refused(self, api: Api, method: str) -> None:
        reply = checked(api.send(method))
        assert refused(reply)[:2] == (405, "BAD_USER_INPUT")
        assert reply.headers["allow"] == "GET, POST"

    def test_head_is_refused(self, api: Api) -> None:
        reply = api.send("HEAD")
        assert (reply.status, reply.headers["allow"]) == (405, "GET, POST")

    def test_get_reads(self, api: Api) -> None:
        reply = api.get(
            query="query A($id: ID!) { node(id: $id) { id } } query B { viewer { subject } }",
            variables='{"id": "größe & more"}',
            operationName="A",
            extensions="{}",
        )
        assert (reply.status, reply.json["data"]) == (200, {"node": None})

    @pytest.mark.parametrize(
        "params",
        [
            {"query": "mutation { deleteModel(input: {id: 1}) { model { id } } }"},
            {"query": MIXED, "operationName": "M"},
        ],
    )
    def test_get_changes_nothing(self, api: Api, params: dict[str, str]) -> None:
        reply = api.get(**params)
        assert refused(reply)[:2] == (405, "BAD_USER_INPUT")
        assert reply.headers["allow"] == "POST"

    def test_get_reads_beside_a_mutation(self, api: Api) -> None:
        assert api.get(query=MIXED, operationName="Q").status == 200

    @pytest.mark.parametrize(
        ("params", "expected"),
        [
            ({}, (400, "BAD_USER_INPUT", ["query"])),
            ({"query": ""}, (400, "BAD_USER_INPUT", ["query"])),
            ({"query": VIEWER, "variables": "{"}, (400, "BAD_USER_INPUT", None)),
            ({"query": VIEWER, "variables": "[]"}, (400, "BAD_USER_INPUT", ["variables"])),
            ({"query": VIEWER, "extensions": "1"}, (400, "BAD_USER_INPUT", ["extensions"])),
        ],
    )
    def test_get_refuses_what_makes_no_sense(
        self, api: Api, params: dict[str, str], expected: tuple[int, str, list[str] | None]
    ) -> None:
        assert refused(api.get(**params)) == expected


class TestBodies:
    """What a POST may hold."""

    @pytest.mark.parametrize(
        "media_type",
        [
            "",
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/jsonp-evil",
            "application/graphql",
        ],
    )
    def test_of_another_media_type_are_refused(self, api: Api, media_type: str) -> None:
        reply = api.post(VIEWER, headers={"content-type": media_type})
        assert refused(reply) == (415, "BAD_USER_INPUT", None)

    @pytest.mark.parametrize(
        "media_type", ["application/json; charset=utf-8", "Application/JSON", "application/json;"]
    )
    def test_of_json_are_read(self, api: Api, media_type: str) -> None:
        assert api.post(VIEWER, headers={"content-type": media_type}).status == 200

    def test_over_1_mib_are_refused(self, api: Api) -> None:
        body = json.dumps({"query": VIEWER})
        assert api.post_body(body.ljust(1024 * 1024)).status == 200
        reply = api.post_body(body.ljust(1024 * 1024 + 1))
        assert refused(reply) == (413, "BAD_USER_INPUT", None)

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"{'query': 1}",
            b'{"query": "{ viewer { subject } }"} x',
            b"\xff\xfe",
            b'{"query": "\xff"}',
            b'"x"',
            b"null",
            b"1",
            b"true",
            b"[]",
            b'[{"query": "{ viewer { subject } }"}]',
            b"[" * 100_000,
            b'{"a":' * 100_000,
            b"[" * 100_000 + b"]" * 100_000,
        ],
        ids=lambda body: repr(body[:20]),
    )
    def test_that_are_no_json_object_are_refused(self, api: Api, body: bytes) -> None:
        assert refused(api.post_body(body))[:2] == (400, "BAD_USER_INPUT")

    @pytest.mark.parametrize(
        ("given", "wrong"),
        [
            ({}, "query"),
            ({"query": ""}, "query"),
            ({"query": " \n"}, "query"),
            ({"query": None}, "query"),
            ({"query": 1}, "query"),
            ({"query": {}}, "query"),
            ({"query": VIEWER, "variables": []}, "variables"),
            ({"query": VIEWER, "variables": "{}"}, "variables"),
            ({"query": VIEWER, "variables": 0}, "variables"),
            ({"query": VIEWER, "operationName": 1}, "operationName"),
            ({"query": VIEWER, "operationName": {}}, "operationName"),
            ({"query": VIEWER, "extensions": "x"}, "extensions"),
            ({"query": VIEWER, "extensions": []}, "extensions"),
        ],
    )
    def test_name_the_parameter_that_is_wrong(
        self, api: Api, given: dict[str, object], wrong: str
    ) -> None:
        assert refused(api.post_body(json.dumps(given))) == (400, "BAD_USER_INPUT", [wrong])

    @pytest.mark.parametrize(
        "given",
        [
            {"variables": None, "operationName": None, "extensions": None},
            {"variables": {}, "operationName": "", "extensions": {"a": 1}},
            {"variables": {"unknown": 1}, "more": [1]},
        ],
    )
    def test_take_null_and_what_is_unknown(self, api: Api, given: dict[str, object]) -> None:
        assert api.post_body(json.dumps({"query": VIEWER} | given)).status == 200

    @pytest.mark.parametrize("text", ["\\ud800", "\\u0000"])
    def test_with_half_characters_are_answered(self, api: Api, text: str) -> None:
        for body in (
            f'{{"query": "{{ {text} }}"}}',
            f'{{"query": "{{ viewer {{ subject }} }}", "operationName": "{text}"}}',
            f'{{"query": "query ($a: Int) {{ __typename }}", "variables": {{"a": "{text}"}}}}',
        ):
            reply = api.post_body(body)
            assert reply.status in {200, 400}
            assert code(reply.json["errors"][0]) != "INTERNAL_SERVER_ERROR"


class TestOperationName:
    """Which of several operations is run."""

    def test_chooses(self, api: Api) -> None:
        reply = api.post(TWO, operation_name="B")
        assert list(reply.json["data"]["viewer"]) == ["roles"]

    def test_is_needed_among_several(self, api: Api) -> None:
        assert refused(api.post(TWO)) == (200, "BAD_USER_INPUT", ["operationName"])

    @pytest.mark.parametrize("query", [VIEWER, TWO])
    def test_that_is_unknown_is_refused(self, api: Api, query: str) -> None:
        reply = api.post(query, operation_name="C")
        assert refused(reply) == (400, "BAD_USER_INPUT", ["operationName"])

    @pytest.mark.parametrize(
        "query", ["fragment F on Query { viewer { subject } }", "type A { a: Int }"]
    )
    def test_of_no_operation_is_refused(self, api: Api, query: str) -> None:
        reply = api.post(query)
        assert refused(reply)[:2] == (400, "BAD_USER_INPUT")


class TestRequestId:
    """x-request-id."""

    @pytest.mark.parametrize(
        ("method", "path"),
        [("POST", "/graphql"), ("GET", "/health"), ("GET", "/"), ("GET", "/nowhere")],
    )
    def test_is_on_every_answer(self, api: Api, method: str, path: str) -> None:
        first, second = api.send(method, path), api.send(method, path)
        assert first.headers["x-request-id"]
        assert second.headers["x-request-id"]

    def test_is_another_for_each_request(self, app_door: Door) -> None:
        api = Api(app_door)
        assert api.post(VIEWER).headers["x-request-id"] != api.post(VIEWER).headers["x-request-id"]

    def test_is_api_gateways_own(self, lambda_door: LambdaDoor) -> None:
        assert Api(lambda_door).post(VIEWER).headers["x-request-id"] == REQUEST_ID


class TestOtherPaths:
    """What is not GraphQL."""

    def test_health_is_told(self, api: Api, stored: Stored) -> None:
        reply = api.send("GET", "/health")
        assert reply.status == 200
        assert reply.json["status"] == "ok"
        assert reply.json["service"] == "ml-model-evaluator"
        assert reply.json["version"]
        assert stored.items() == {}

    def test_root_leads_to_graphql(self, api: Api) -> None:
        reply = api.send("GET", "/")
        assert (reply.status, reply.headers["location"]) == (307, "graphql")

    @pytest.mark.parametrize("path", ["/nowhere", "/graphql/x", "/health/x", "/%00", "/%FF"])
    def test_unknown_ones_are_not_found(self, api: Api, path: str) -> None:
        reply = api.send("GET", path)
        assert (reply.status, code(reply.json["errors"][0])) == (404, "BAD_USER_INPUT")

    def test_other_methods_are_refused(self, api: Api) -> None:
        reply = api.send("POST", "/health")
        assert (reply.status, code(reply.json["errors"][0])) == (405, "BAD_USER_INPUT")
        assert set(reply.headers["allow"].split(", ")) == {"GET", "HEAD"}
