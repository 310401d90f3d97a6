"""GET /openapi.json: what it says of the routes, and that they answer as it says."""

from typing import Any

import pytest
from graphql import GraphQLScalarType, TypeInfo, TypeInfoVisitor, Visitor, get_named_type, validate
from graphql import visit as visit_document
from jsonschema import Draft202012Validator

from graph.auth import LOCAL
from graph.rest.routes import ROUTES, Operation
from graph.rest.shape import FIELD_NAMES, VERBATIM
from graph.schema import build_schema
from tests.api.conftest import Caller
from tests.api.doors import Call, Door
from tests.api.rest.job import MODEL, NOBODY, Job, data

Json = dict[str, Any]
OPERATIONS = [operation for route in ROUTES for operation in route.operations]


@pytest.fixture
def document(client: Door, caller: Caller) -> Json:
    """What anybody may read."""
    caller.principal = None
    reply = client.send(Call("GET", "/openapi.json"))
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    found: Json = reply.json
    return found


class TestDocument:
    """What it says."""

    def test_is_the_table(self, document: Json) -> None:
        documented = {(m.upper(), path) for path, item in document["paths"].items() for m in item}
        assert documented == {(route.method, route.path) for route in ROUTES} | {("GET", "/health")}
        assert document["openapi"].startswith("3.1")

    def test_names_nothing_in_camel_case(self, document: Json) -> None:
        for item in document["paths"]["/models"].values():
            for parameter in item["parameters"]:
                assert parameter["name"] in {parameter["name"].lower(), "Idempotency-Key"}
            body = item.get("requestBody", {}).get("content", {}).get("application/json", {})
            names = body.get("schema", {}).get("properties", {})
            assert {*names} == {name.lower() for name in names}

    def test_every_schema_is_one(self, document: Json) -> None:
        for item in document["paths"].values():
            for operation in item.values():
                for response in operation["responses"].values():
                    Draft202012Validator.check_schema(
                        response["content"]["application/json"]["schema"]
                    )

    def test_is_read_with_get(self, client: Door) -> None:
        assert client.send(Call("POST", "/openapi.json")).status == 405

    def test_has_the_bounds(self, document: Json, job: Job, caller: Caller) -> None:
        caller.principal = LOCAL
        models, evaluate = document["paths"]["/models"], document["paths"]["/evaluate"]
        (limit,) = (p["schema"] for p in models["get"]["parameters"] if p["name"] == "limit")
        assert limit == {"type": "integer", "minimum": 1, "maximum": 100}
        for number, status in ((0, 400), (1, 200), (100, 200), (101, 400)):
            assert job.get(limit=number).status == status
        wait = _fields(evaluate["post"])["wait_seconds"]
        assert (wait["minimum"], wait["maximum"]) == (0, 25)

    def test_lets_metadata_be_any_json(self, document: Json, job: Job, caller: Caller) -> None:
        caller.principal = LOCAL
        models = document["paths"]["/models"]
        declared = _fields(models["post"])["metadata"]
        for value in ({"a": 1}, [1], "x", 1.5, True, None):
            Draft202012Validator(declared).validate(value)
            answered = data(job.post(**MODEL, metadata=value), 201)["metadata"]
            assert answered == ({} if value is None else value)
        success = models["post"]["responses"]["201"]["content"]["application/json"]["schema"]
        shown = success["properties"]["data"]["properties"]["metadata"]["type"]
        assert {*declared["type"]} - {*shown} == {"null"}

    def test_has_what_the_guard_of_a_local_server_answers(self, document: Json) -> None:
        answered = {"errors": [{"message": "m", "extensions": {"code": "FORBIDDEN"}}]}
        for route in ROUTES:
            responses = document["paths"][route.path][route.method.lower()]["responses"]
            schema = responses["403"]["content"]["application/json"]["schema"]
            whole = {**schema, "components": document["components"]}
            Draft202012Validator(whole).validate(answered)


def _fields(operation: Json) -> Json:
    found: Json = operation["requestBody"]["content"]["application/json"]["schema"]["properties"]
    return found


class TestAnswers:
    """Each is as the document says."""

    def test_of_every_route(self, job: Job, document: Json, caller: Caller) -> None:
        caller.principal = LOCAL
        model_id = job.new_id(metadata={"a": None}, reason="r", source_url="https://x.org/a")
        key = {"id": model_id}
        for method, path, reply in (
            ("get", "/models", job.get(**key)),
            ("get", "/models", job.get()),
            ("get", "/models", job.get(limit=0)),
            ("post", "/models", job.post(**MODEL)),
            ("post", "/models", job.post()),
            ("put", "/models", job.put(**key, license="MIT")),
            ("put", "/models", job.put(**key, license="MIT")),
            ("put", "/models", job.put(**key, expected_version=9)),
            ("delete", "/models", job.delete(**key)),
            ("post", "/models/restore", job.post("/models/restore", **key)),
            ("get", "/evaluate", job.get("/evaluate", id=NOBODY)),
            ("post", "/evaluate", job.post("/evaluate", url="x")),
        ):
            schema = document["paths"][path][method]["responses"][str(reply.status)]
            described = schema["content"]["application/json"]["schema"]
            whole = {**described, "components": document["components"]}
            Draft202012Validator(whole).validate(reply.json)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
class TestDocuments:
    """The constants."""

    SCHEMA = build_schema().graphql_schema

    def test_fit_the_schema(self, operation: Operation) -> None:
        assert validate(self.SCHEMA, operation.parsed) == []
        assert operation.name

    def test_show_no_json_but_what_is_left_alone(self, operation: Operation) -> None:
        names = _names_of_type(operation, "JSON", self.SCHEMA)
        assert names <= VERBATIM
        assert not VERBATIM & FIELD_NAMES


def _names_of_type(operation: Operation, scalar: str, schema: Any) -> set[str]:  # noqa: ANN401
    found: set[str] = set()
    info = TypeInfo(schema)

    class Fields(Visitor):
        def enter_field(self, node: Any, *_: object) -> None:  # noqa: ANN401  # graphql-core's
            kind = get_named_type(info.get_type())
            if isinstance(kind, GraphQLScalarType) and kind.name == scalar:
                found.add(node.name.value)

    visit_document(operation.parsed, TypeInfoVisitor(info, Fields()))
    return found
