"""The view of a path: reads a request, has its document executed, and answers in REST's form."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from graphql import GraphQLSchema
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.types.graphql import OperationType

from graph.execution import Answer, Executor, errors_body
from graph.negotiation import JSON, accepts_json
from graph.observability.facts import facts_of
from graph.params import GraphQLParams, HttpError
from graph.request_id import request_id_of
from graph.response import RESPONSE_MAX_BYTES, encode, too_large
from graph.rest.outcome import Outcome, executed, failure_of, refused
from graph.rest.parameters import parameters_of
from graph.rest.reading import read_request
from graph.rest.routes import Operation, Route


class RestView:
    """Answers at one path, whatever the method.

    Args:
        routes: what each method does there.
    """

    def __init__(self, executor: Executor, routes: Collection[Route]) -> None:
        self._executor = executor
        self._routes = {route.method: route for route in routes}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        asking = _Asking(self._routes, self._executor.graphql_schema)
        answer = await self._executor.answer(request, asking)
        outcome = self._outcome(answer, asking.operation, request_id_of(request))
        body = encode(outcome.body)
        if len(body) > RESPONSE_MAX_BYTES:
            (error,) = errors_body([too_large()], request_id_of(request))["errors"]
            outcome = failure_of(error, request_id_of(request))
            body = encode(outcome.body)
        facts_of(request).note_codes(outcome.codes, answer.complexity.requested)
        headers = {"Vary": "Accept", **outcome.headers}
        return Response(body, outcome.status, headers, media_type=JSON)

    def _outcome(self, answer: Answer, operation: Operation | None, request_id: str) -> Outcome:
        schema = self._executor.graphql_schema
        taken = parameters_of(operation, schema) if operation else {}
        if operation is None or "errors" in answer.body:
            return refused(answer, taken, request_id)
        return executed(answer, operation, taken, request_id)


@dataclass(slots=True)
class _Asking:
    """How one request says what to execute.

    Attributes:
        operation: what it asks for, once it was read.
    """

    routes: Mapping[str, Route]
    schema: GraphQLSchema
    operation: Operation | None = field(default=None, init=False)

    def admit(self, request: Request) -> None:
        """Refuse methods that the path has no route for, and clients that want no JSON."""
        if request.method not in self.routes:
            allow = ", ".join(sorted(self.routes))
            raise HttpError.method_not_allowed(f"use one of {allow}", allow)
        if not accepts_json(request.headers.get("accept")):
            raise HttpError.not_acceptable(JSON)

    async def read(self, request: Request) -> GraphQLParams:
        """Read the document's variables."""
        self.operation, params = await read_request(
            request, self.routes[request.method], self.schema
        )
        return params

    def operations(self, request: Request) -> Collection[OperationType]:
        """Allow whatever the route's document is."""
        del request
        return (OperationType.QUERY, OperationType.MUTATION)
