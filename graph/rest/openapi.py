"""The routes as an OpenAPI 3.1 document, made of the table that answers them.

https://spec.openapis.org/oas/v3.1.1.html
"""

from collections.abc import Collection, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from graphql import GraphQLSchema

from graph.health import SERVICE, service_version
from graph.negotiation import JSON
from graph.request_id import HEADER as REQUEST_ID_HEADER
from graph.rest.parameters import Parameter, parameters_of
from graph.rest.reading import IDEMPOTENCY_HEADER, IDEMPOTENCY_KEY
from graph.rest.routes import ROUTES, Body, Operation, Route
from graph.rest.schemas import of_answer, of_body, of_input
from graph.rest.statuses import STATUSES

Json = dict[str, Any]

_BY_HTTP = (
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.NOT_ACCEPTABLE,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
)
"""Failures that have no code of their own."""
_OF_BODIES = frozenset(
    {
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.CONFLICT,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)
"""Failures of changes alone."""
_HEADERS_OF: Mapping[HTTPStatus, Json] = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    HTTPStatus.METHOD_NOT_ALLOWED: {"Allow": {"schema": {"type": "string"}}},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": {"schema": {"type": "string"}}},
}
_TEXT: Json = {"type": "string"}
_ERROR: Json = {
    "type": "object",
    "properties": {
        "code": {"type": "string", "enum": sorted({str(code) for code in STATUSES})},
        "message": {**_TEXT, "description": "What to do about it, for a person"},
        "field": {"type": ["string", "null"], "description": "The parameter at fault"},
    },
    "required": ["code", "message", "field"],
    "additionalProperties": False,
}
_FAILURE: Json = {
    "type": "object",
    "properties": {
        "success": {"const": False},
        "error": {"$ref": "#/components/schemas/Error"},
        "errors": {
            "type": "array",
            "items": {"$ref": "#/components/schemas/Error"},
            "minItems": 2,
            "description": "All of them, where there are several",
        },
        "request_id": _TEXT,
    },
    "required": ["success", "error", "request_id"],
    "additionalProperties": False,
}
_GUARDED: Json = {
    "type": "object",
    "description": "What a server on its caller's own machine answers to another site's page",
    "properties": {
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "message": _TEXT,
                    "extensions": {
                        "type": "object",
                        "properties": {"code": {"const": "FORBIDDEN"}},
                        "required": ["code"],
                        "additionalProperties": False,
                    },
                },
                "required": ["message", "extensions"],
                "additionalProperties": False,
            },
            "minItems": 1,
            "maxItems": 1,
        },
    },
    "required": ["errors"],
    "additionalProperties": False,
}
_STATE: Json = {"type": "string", "enum": ["ok", "unavailable"]}
_HEALTH: Json = {
    "type": "object",
    "properties": {
        "status": _STATE,
        "service": _TEXT,
        "version": _TEXT,
        "table": _STATE,
        "bucket": _STATE,
    },
    "required": ["status", "service", "version"],
    "additionalProperties": False,
}


def document(schema: GraphQLSchema) -> Json:
    """Return the document."""
    paths: Json = {"/health": {"get": _health()}}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _route(route, schema)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": SERVICE,
            "version": service_version(),
            "description": "A registry and evaluator of machine-learning models.",
        },
        "security": [{"bearer": []}, {"apiKey": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
            },
            "schemas": {"Error": _ERROR, "Failure": _FAILURE, "Guarded": _GUARDED},
        },
    }


def _route(route: Route, schema: GraphQLSchema) -> Json:
    taken = [parameters_of(operation, schema) for operation in route.operations]
    described: Json = {
        "operationId": "Or".join(operation.name for operation in route.operations),
        "summary": "; or: ".join(operation.summary for operation in route.operations),
        "parameters": list(_parameters(route, taken)),
        "responses": {
            **_successes(route.operations, schema),
            **{str(int(status)): _failure(status) for status in _failures(route)},
        },
    }
    if route.body is not Body.NONE:
        body = of_body(taken[0].values(), optional=route.body is Body.OPTIONAL)
        described["requestBody"] = {
            "required": route.body is Body.REQUIRED,
            "content": {JSON: {"schema": body}},
        }
    return described


def _parameters(route: Route, taken: Collection[Mapping[str, Parameter]]) -> Iterator[Json]:
    """Describe what may stand in the query string, and the header that every change takes."""
    if route.body is not Body.REQUIRED:
        for parameter in {name: one for each in taken for name, one in each.items()}.values():
            always = route.body is Body.NONE and len(taken) == 1
            yield {
                "name": parameter.name,
                "in": "query",
                "required": parameter.is_required and always,
                "description": parameter.description,
                "schema": of_input(parameter, may_be_null=False),
                "explode": False,
            }
    if any(IDEMPOTENCY_KEY in each for each in taken):
        yield {
            "name": IDEMPOTENCY_HEADER,
            "in": "header",
            "description": f"In the place of {IDEMPOTENCY_KEY}",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        }


def _successes(operations: Collection[Operation], schema: GraphQLSchema) -> Json:
    data = [of_answer(operation, schema) for operation in operations]
    body = {
        "type": "object",
        "properties": {
            "success": {"const": True},
            "data": data[0] if len(data) == 1 else {"oneOf": data},
        },
        "required": ["success", "data"],
        "additionalProperties": False,
    }
    statuses = {operation.status for operation in operations}
    if any(operation.may_be_under_way for operation in operations):
        statuses.add(HTTPStatus.ACCEPTED)
    return {str(int(status)): _response(status, body) for status in sorted(statuses)}


def _failures(route: Route) -> list[HTTPStatus]:
    statuses = {*STATUSES.values(), *_BY_HTTP}
    return sorted(statuses if route.body is not Body.NONE else statuses - _OF_BODIES)


def _failure(status: HTTPStatus) -> Json:
    failure: Json = {"$ref": "#/components/schemas/Failure"}
    if status == HTTPStatus.FORBIDDEN:
        failure = {"oneOf": [failure, {"$ref": "#/components/schemas/Guarded"}]}
    return _response(status, failure)


def _response(status: HTTPStatus, schema: Json) -> Json:
    return {
        "description": status.phrase,
        "headers": {REQUEST_ID_HEADER: {"schema": _TEXT}, **_HEADERS_OF.get(status, {})},
        "content": {JSON: {"schema": schema}},
    }


def _health() -> Json:
    described = {"content": {JSON: {"schema": _HEALTH}}}
    return {
        "operationId": "Health",
        "summary": "Tell that the service answers",
        "security": [],
        "parameters": [
            {
                "name": "deep",
                "in": "query",
                "description": "1 to look at the table and the bucket as well",
                "schema": {},
            }
        ],
        "responses": {
            "200": {"description": "It does", **described},
            "503": {"description": "What was looked at is unavailable", **described},
        },
    }
