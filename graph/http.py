"""The GraphQL view: GraphQL over HTTP, with coded errors and the cost of each request.

https://graphql.github.io/graphql-over-http/draft/ tells which status goes with what.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from graphql import GraphQLError, parse
from starlette.requests import Request
from starlette.responses import Response
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from graph.auth import Authenticate
from graph.coercion import variable_errors
from graph.context import Complexity, Context
from graph.errors import ErrorCode, RequestError, formatted
from graph.limits import MAX_NODES
from graph.loaders import Loaders
from graph.negotiation import GRAPHQL_RESPONSE, JSON, negotiate
from graph.observability.facts import RequestFacts, facts_of
from graph.params import GraphQLParams, HttpError, read_params
from graph.request_id import request_id_of
from graph.response import RESPONSE_MAX_BYTES, ResponseBudget, encode, too_large
from graph.schema import Schema
from graph.services import Services
from models.access.keyring import InvalidCredentials
from models.errors import Throttled
from models.metering import CostMeter, metered
from models.principal import Principal
from models.retry import MAX_SECONDS, time_limit

_log = logging.getLogger(__name__)

T = TypeVar("T")
THREADS = 200
"""Requests at once, of which most may be waiting for an evaluation to end."""
_OPERATIONS_BY_METHOD = {
    "GET": {OperationType.QUERY},
    "POST": {OperationType.QUERY, OperationType.MUTATION},
}
_ANSWER_SECONDS = 1.0
"""Kept back from a Lambda's time, to say what went wrong."""
_ALWAYS_REFUSED = frozenset({ErrorCode.QUERY_TOO_COMPLEX.value})
"""Codes that get a 4xx even from clients for which errors of GraphQL are 200."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a status, and GraphQL's errors and data."""

    status: HTTPStatus
    body: dict[str, Any]


class GraphQLView:
    """Answers GraphQL requests.

    Args:
        authenticate: tells who sent a request.
        get_queries: whether queries may come by GET.
        in_threads: whether to execute beside the event loop, as a server with several clients
            must; where requests come one at a time it would only cost.
    """

    def __init__(
        self,
        schema: Schema,
        services: Services,
        authenticate: Authenticate,
        *,
        get_queries: bool,
        in_threads: bool,
    ) -> None:
        self._schema = schema
        self._services = services
        self._authenticate = authenticate
        self._operations = {
            method: types
            for method, types in _OPERATIONS_BY_METHOD.items()
            if get_queries or method != "GET"
        }
        self._in_threads = in_threads
        self._limiter: CapacityLimiter | None = None

    async def __call__(self, request: Request) -> Response:
        """Answer one request; whatever goes wrong, the answer is GraphQL's."""
        media_type = negotiate(request.headers.get("accept"))
        facts, complexity = facts_of(request), Complexity(0, MAX_NODES)
        meter = facts.meter
        headers = {"Vary": "Accept"}
        try:
            answer = await self._answer(request, media_type, facts, complexity)
        except HttpError as error:
            answer = _error_answer(error.status, [error.error], request_id_of(request))
            headers |= error.headers
        except Exception as error:  # noqa: BLE001  # masked for the client, and logged whole
            unexpected = GraphQLError(str(error), original_error=error)
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            if isinstance(error, Throttled):
                status = HTTPStatus.SERVICE_UNAVAILABLE
            answer = _error_answer(status, [unexpected], request_id_of(request))
        if answer.status != HTTPStatus.UNAUTHORIZED:  # it would tell which keys there are
            answer.body["extensions"] = {"cost": _cost(meter, complexity)}
        body = encode(answer.body)
        if len(body) > RESPONSE_MAX_BYTES:
            answer = _error_answer(HTTPStatus.BAD_REQUEST, [too_large()], request_id_of(request))
            body = encode({**answer.body, "extensions": {"cost": _cost(meter, complexity)}})
        facts.note_answer(answer.body, complexity.requested)
        _log.debug("answered %d bytes", len(body))
        return Response(
            body,
            answer.status,
            headers,
            media_type=f"{media_type or JSON}; charset=utf-8",
        )

    async def _answer(
        self,
        request: Request,
        media_type: str | None,
        facts: RequestFacts,
        complexity: Complexity,
    ) -> Answer:
        if request.method not in self._operations:
            allow = ", ".join(sorted(self._operations))
            raise _method_not_allowed(f"use one of {allow}", allow)
        if media_type is None:
            message = f"this answers with {GRAPHQL_RESPONSE} or {JSON}: accept one of them"
            error = RequestError(ErrorCode.BAD_USER_INPUT, message)
            raise HttpError(HTTPStatus.NOT_ACCEPTABLE, error)
        principal = await self._run(lambda: self._principal(request, facts.meter))
        facts.subject = principal.subject
        _log.debug("authenticated, with the roles %s", ", ".join(sorted(principal.roles)))
        params = await read_params(request)
        facts.note_operation(params.operation_name)
        loaders = Loaders(self._services.reader, self._services.evaluation_reader)
        context = Context(
            principal=principal,
            operation_name=params.operation_name,
            services=self._services,
            loaders=loaders,
            meter=facts.meter,
            complexity=complexity,
            budget=ResponseBudget(),
        )
        seconds = _seconds_left(request)
        result = await self._run(lambda: self._execute(request.method, params, context, seconds))
        return self._as_answer(result, params, media_type, request_id_of(request))

    def _principal(self, request: Request, meter: CostMeter) -> Principal:
        """Tell who is asking, which can take a request to the table or to an issuer."""
        try:
            with metered(meter):
                principal = self._authenticate(request)
        except InvalidCredentials as invalid:
            raise _unauthenticated(invalid) from invalid
        if principal is None:
            raise _unauthenticated()
        return principal

    async def _run(self, execute: Callable[[], T]) -> T:
        if not self._in_threads:
            return execute()
        return await to_thread.run_sync(execute, limiter=self._threads())

    def _threads(self) -> CapacityLimiter:
        if self._limiter is None:  # it belongs to the event loop
            self._limiter = CapacityLimiter(THREADS)
        return self._limiter

    def _execute(
        self, method: str, params: GraphQLParams, context: Context, seconds: float
    ) -> ExecutionResult:
        with metered(context.meter), time_limit(seconds):
            try:
                return self._schema.execute_sync(
                    params.query,
                    variable_values=params.variables,
                    operation_name=params.operation_name,
                    context_value=context,
                    allowed_operation_types=self._operations[method],
                )
            except InvalidOperationTypeError as error:
                reason = error.as_http_error_reason(method)
                raise _method_not_allowed(reason, "POST") from error
            except CannotGetOperationTypeError as error:
                reason = error.as_http_error_reason()
                raise HttpError.bad_request(reason, "operationName") from error

    def _as_answer(
        self, result: ExecutionResult, params: GraphQLParams, media_type: str, request_id: str
    ) -> Answer:
        errors = result.errors or []
        if not errors:
            return Answer(HTTPStatus.OK, {"data": result.data})
        if result.data is not None or any(error.path for error in errors):
            shown = [formatted(error, request_id) for error in errors]
            return Answer(HTTPStatus.OK, {"data": result.data, "errors": shown})
        answer = _error_answer(HTTPStatus.OK, self._precise(errors, params), request_id)
        return Answer(_request_error_status(answer, media_type), answer.body)

    def _precise(
        self, errors: Sequence[GraphQLError], params: GraphQLParams
    ) -> Sequence[GraphQLError]:
        """Return errors that name the field at fault, where it is one of the variables."""
        codes = {(error.extensions or {}).get("code") for error in errors}
        if not codes <= {None, ErrorCode.BAD_USER_INPUT.value} or not errors[0].nodes:
            return errors
        document = parse(params.query)
        schema = self._schema.graphql_schema
        return variable_errors(schema, document, params.operation_name, params.variables) or errors


def _request_error_status(answer: Answer, media_type: str) -> HTTPStatus:
    """Return the status of a request that was not executed."""
    codes = {error["extensions"]["code"] for error in answer.body["errors"]}
    if ErrorCode.INTERNAL_SERVER_ERROR.value in codes:
        return HTTPStatus.INTERNAL_SERVER_ERROR
    if media_type == GRAPHQL_RESPONSE or codes & _ALWAYS_REFUSED:
        return HTTPStatus.BAD_REQUEST
    return HTTPStatus.OK


def _error_answer(status: HTTPStatus, errors: Sequence[GraphQLError], request_id: str) -> Answer:
    return Answer(status, {"errors": [formatted(error, request_id) for error in errors]})


def _seconds_left(request: Request) -> float:
    """Return for how long a request may try again: on Lambda, while it has time to answer."""
    lambda_context = request.scope.get("aws.context")
    if lambda_context is None:
        return MAX_SECONDS
    left: float = lambda_context.get_remaining_time_in_millis() / 1000 - _ANSWER_SECONDS
    return min(left, MAX_SECONDS)


def _unauthenticated(invalid: InvalidCredentials | None = None) -> HttpError:
    """Refuse without a hint beyond expired or invalid (RFC 6750, section 3)."""
    if invalid is None:
        message, challenge = "valid credentials are required", "Bearer"
    else:
        message = f"the credentials {'have expired' if invalid.has_expired else 'are invalid'}"
        challenge = f'Bearer error="invalid_token", error_description="{message}"'
    error = RequestError(ErrorCode.UNAUTHENTICATED, message)
    return HttpError(HTTPStatus.UNAUTHORIZED, error, {"WWW-Authenticate": challenge})


def _method_not_allowed(message: str, allow: str) -> HttpError:
    error = RequestError(ErrorCode.BAD_USER_INPUT, message)
    return HttpError(HTTPStatus.METHOD_NOT_ALLOWED, error, {"Allow": allow})


def _cost(meter: CostMeter, complexity: Complexity) -> dict[str, Any]:
    """Return what the request cost: the units are what DynamoDB reports."""
    return {
        "complexity": {"requested": complexity.requested, "limit": complexity.limit},
        "dynamodb": {
            "requests": meter.requests,
            "readUnits": meter.read_units,
            "writeUnits": meter.write_units,
        },
    }
