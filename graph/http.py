"""The GraphQL view: GraphQL over HTTP, with coded errors and the cost of each request.

https://graphql.github.io/graphql-over-http/draft/ tells which status goes with what.
"""

import logging
from collections.abc import Collection
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from strawberry.types.graphql import OperationType

from graph.context import Complexity
from graph.errors import ErrorCode
from graph.execution import Answer, Executor, codes_of, errors_body
from graph.negotiation import GRAPHQL_RESPONSE, JSON, negotiate
from graph.observability.facts import facts_of
from graph.params import GraphQLParams, HttpError, read_params
from graph.request_id import request_id_of
from graph.response import RESPONSE_MAX_BYTES, encode, too_large
from models.metering import CostMeter

_log = logging.getLogger(__name__)

_OPERATIONS_BY_METHOD = {
    "GET": {OperationType.QUERY},
    "POST": {OperationType.QUERY, OperationType.MUTATION},
}
_ALWAYS_REFUSED = frozenset({ErrorCode.QUERY_TOO_COMPLEX.value})
"""Codes that get a 4xx even from clients for which errors of GraphQL are 200."""


class GraphQLView:
    """Answers GraphQL requests.

    Args:
        get_queries: whether queries may come by GET.
    """

    def __init__(self, executor: Executor, *, get_queries: bool) -> None:
        self._executor = executor
        self._operations = {
            method: types
            for method, types in _OPERATIONS_BY_METHOD.items()
            if get_queries or method != "GET"
        }

    async def __call__(self, request: Request) -> Response:
        """Answer one request; whatever goes wrong, the answer is GraphQL's."""
        media_type = negotiate(request.headers.get("accept"))
        facts = facts_of(request)
        answer = await self._executor.answer(request, self)
        status, shown = _status(answer, media_type), answer.body
        cost = {"cost": _cost(facts.meter, answer.complexity)}
        if status != HTTPStatus.UNAUTHORIZED:  # it would tell which keys there are
            shown = {**shown, "extensions": cost}
        body = encode(shown)
        if len(body) > RESPONSE_MAX_BYTES:
            status = HTTPStatus.BAD_REQUEST
            shown = {**errors_body([too_large()], request_id_of(request)), "extensions": cost}
            body = encode(shown)
        facts.note_answer(shown, answer.complexity.requested)
        _log.debug("answered %d bytes", len(body))
        return Response(
            body,
            status,
            {"Vary": "Accept", **answer.headers},
            media_type=f"{media_type or JSON}; charset=utf-8",
        )

    def admit(self, request: Request) -> None:
        """Refuse methods and media types that GraphQL over HTTP does not know.

        Raises:
            HttpError: the request has one of them.
        """
        if request.method not in self._operations:
            allow = ", ".join(sorted(self._operations))
            raise HttpError.method_not_allowed(f"use one of {allow}", allow)
        if negotiate(request.headers.get("accept")) is None:
            raise HttpError.not_acceptable(GRAPHQL_RESPONSE, JSON)

    async def read(self, request: Request) -> GraphQLParams:
        """Read the parameters of GraphQL over HTTP.

        Raises:
            HttpError: there are none that make sense.
        """
        return await read_params(request)

    def operations(self, request: Request) -> Collection[OperationType]:
        """Return what kinds of operation the request's method may have executed."""
        return self._operations[request.method]


def _status(answer: Answer, media_type: str | None) -> HTTPStatus:
    """Return the status: a client of plain JSON gets 200 also for what was not executed."""
    is_relaxed = answer.by_graphql and answer.status == HTTPStatus.BAD_REQUEST
    if (
        is_relaxed
        and media_type != GRAPHQL_RESPONSE
        and not codes_of(answer.body) & _ALWAYS_REFUSED
    ):
        return HTTPStatus.OK
    return answer.status


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
