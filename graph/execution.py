"""Executes GraphQL documents for those who are let in: what every way into the API shares.

A way in says what to execute, and makes an answer of what comes of it in its own form.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol, TypeVar

from anyio import CapacityLimiter, to_thread
from graphql import GraphQLError, GraphQLSchema, parse
from starlette.requests import Request
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from graph.auth import Authenticate
from graph.coercion import variable_errors
from graph.context import Complexity, Context
from graph.errors import ErrorCode, RequestError, formatted
from graph.limits import MAX_NODES
from graph.loaders import Loaders
from graph.observability.facts import RequestFacts, facts_of
from graph.params import GraphQLParams, HttpError
from graph.request_id import request_id_of
from graph.response import ResponseBudget
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
_ANSWER_SECONDS = 1.0
"""Kept back from a Lambda's time, to say what went wrong."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request, as GraphQL says it.

    Attributes:
        status: of HTTP, for a client that knows nothing of GraphQL.
        body: GraphQL's errors and data.
        headers: that the answer must carry besides.
        by_graphql: whether GraphQL refused to execute the document, rather than HTTP.
        complexity: what the document asked for.
    """

    status: HTTPStatus
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    by_graphql: bool = False
    complexity: Complexity = field(default_factory=lambda: Complexity(0, MAX_NODES))


class Asking(Protocol):
    """How requests of one kind say what to execute."""

    def admit(self, request: Request) -> None:
        """Look at a request before anybody is authenticated.

        Raises:
            HttpError: its method or the form it wants an answer in is none of ours.
        """

    async def read(self, request: Request) -> GraphQLParams:
        """Read what to execute.

        Raises:
            HttpError: the request makes no sense.
        """

    def operations(self, request: Request) -> Collection[OperationType]:
        """Return what kinds of operation may be executed."""


class Executor:
    """Executes documents: authenticated, within limits, and with every error coded.

    Args:
        authenticate: tells who sent a request.
        in_threads: whether to execute beside the event loop, as a server with several clients
            must; where requests come one at a time it would only cost.
    """

    def __init__(
        self,
        schema: Schema,
        services: Services,
        authenticate: Authenticate,
        *,
        in_threads: bool,
    ) -> None:
        self._schema = schema
        self._services = services
        self._authenticate = authenticate
        self._in_threads = in_threads
        self._limiter: CapacityLimiter | None = None

    @property
    def graphql_schema(self) -> GraphQLSchema:
        """Return what documents are written against."""
        return self._schema.graphql_schema

    async def answer(self, request: Request, asking: Asking) -> Answer:
        """Execute what a request asks for; whatever goes wrong is answered, and nothing raised."""
        complexity = Complexity(0, MAX_NODES)
        try:
            return await self._answer(request, asking, complexity)
        except HttpError as error:
            errors: Sequence[GraphQLError] = error.errors
            status, headers = error.status, error.headers
        except Exception as error:  # noqa: BLE001  # masked for the client, and logged whole
            errors = [GraphQLError(str(error), original_error=error)]
            status, headers = HTTPStatus.INTERNAL_SERVER_ERROR, {}
            if isinstance(error, Throttled):
                status = HTTPStatus.SERVICE_UNAVAILABLE
        body = errors_body(errors, request_id_of(request))
        return Answer(status, body, headers, complexity=complexity)

    async def _answer(self, request: Request, asking: Asking, complexity: Complexity) -> Answer:
        asking.admit(request)
        facts = facts_of(request)
        principal = await self._run(lambda: self._principal(request, facts.meter))
        facts.subject = principal.subject
        _log.debug("authenticated, with the roles %s", ", ".join(sorted(principal.roles)))
        params = await asking.read(request)
        facts.note_operation(params.operation_name)
        context = self._context(principal, params, facts, complexity)
        allowed, seconds = set(asking.operations(request)), _seconds_left(request)
        result = await self._run(
            lambda: self._execute(request.method, params, context, seconds, allowed)
        )
        return self._as_answer(result, params, request_id_of(request), complexity)

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

    def _context(
        self,
        principal: Principal,
        params: GraphQLParams,
        facts: RequestFacts,
        complexity: Complexity,
    ) -> Context:
        return Context(
            principal=principal,
            operation_name=params.operation_name,
            services=self._services,
            loaders=Loaders(self._services.reader, self._services.evaluation_reader),
            meter=facts.meter,
            complexity=complexity,
            budget=ResponseBudget(),
        )

    async def _run(self, execute: Callable[[], T]) -> T:
        if not self._in_threads:
            return execute()
        return await to_thread.run_sync(execute, limiter=self._threads())

    def _threads(self) -> CapacityLimiter:
        if self._limiter is None:  # it belongs to the event loop
            self._limiter = CapacityLimiter(THREADS)
        return self._limiter

    def _execute(
        self,
        method: str,
        params: GraphQLParams,
        context: Context,
        seconds: float,
        allowed: set[OperationType],
    ) -> ExecutionResult:
        with metered(context.meter), time_limit(seconds):
            try:
                return self._schema.execute_sync(
                    params.query,
                    variable_values=params.variables,
                    operation_name=params.operation_name,
                    context_value=context,
                    allowed_operation_types=allowed,
                )
            except InvalidOperationTypeError as error:
                reason = error.as_http_error_reason(method)
                raise HttpError.method_not_allowed(reason, "POST") from error
            except CannotGetOperationTypeError as error:
                reason = error.as_http_error_reason()
                raise HttpError.bad_request(reason, "operationName") from error

    def _as_answer(
        self,
        result: ExecutionResult,
        params: GraphQLParams,
        request_id: str,
        complexity: Complexity,
    ) -> Answer:
        errors = result.errors or []
        if not errors:
            return Answer(HTTPStatus.OK, {"data": result.data}, complexity=complexity)
        if result.data is not None or any(error.path for error in errors):
            body = {"data": result.data, **errors_body(errors, request_id)}
            return Answer(HTTPStatus.OK, body, complexity=complexity)
        body = errors_body(self._precise(errors, params), request_id)
        status = HTTPStatus.BAD_REQUEST
        if ErrorCode.INTERNAL_SERVER_ERROR.value in codes_of(body):
            status = HTTPStatus.INTERNAL_SERVER_ERROR
        return Answer(status, body, by_graphql=True, complexity=complexity)

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


def errors_body(errors: Sequence[GraphQLError], request_id: str) -> dict[str, Any]:
    """Return errors as GraphQL's answer shows them."""
    return {"errors": [formatted(error, request_id) for error in errors]}


def codes_of(body: dict[str, Any]) -> set[str]:
    """Return the codes of an answer's errors."""
    return {error["extensions"]["code"] for error in body.get("errors", ())}


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
