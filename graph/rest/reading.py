"""What a request says, in query string, body and Idempotency-Key, as a document's variables."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

from graphql import GraphQLSchema
from starlette.requests import Request

from graph.coercion import MAX_ERRORS
from graph.params import GraphQLParams, HttpError, read_object, width_problem
from graph.rest.parameters import INPUT, Parameter, parameters_of, takes_input
from graph.rest.routes import Body, Given, Operation, Route
from graph.rest.values import from_text, problem

IDEMPOTENCY_HEADER = "Idempotency-Key"
IDEMPOTENCY_KEY = "idempotency_key"
ID = "id"
NAME_SHOWN_MAX_CHARACTERS = 100
"""So much of a name that is none of ours is told back."""


async def read_request(
    request: Request, route: Route, schema: GraphQLSchema
) -> tuple[Operation, GraphQLParams]:
    """Tell which operation a request asks for, with its variables.

    Raises:
        HttpError: the request cannot be read, or says what the operation does not take; every
            fault of the latter kind is told.
    """
    query = _once(request.query_params.multi_items(), "the query string")
    body = {} if route.body is Body.NONE else await _read_body(request, route.body)
    operation = route.chosen(has_id=ID in query)
    taken = parameters_of(operation, schema)
    in_query = {} if route.body is Body.REQUIRED else taken
    said = [
        {name: from_text(query[name], taken[name].type) for name in query if name in in_query},
        {name: value for name, value in body.items() if name in taken},
        _idempotency_key(request) if IDEMPOTENCY_KEY in taken else {},
    ]
    given: Given = {name: value for source in said for name, value in source.items()}
    faults = chain(
        _unknown(query, in_query), _unknown(body, taken), _twice(said), _faults(given, taken)
    )
    if told := list(islice(faults, MAX_ERRORS)):
        raise HttpError.together(told)
    variables = {taken[name].variable: value for name, value in operation.prepare(given).items()}
    if takes_input(operation):
        variables = {INPUT: variables}
    return operation, GraphQLParams(operation.document, variables, operation.name)


async def _read_body(request: Request, body: Body) -> Given:
    found = await read_object(request, may_be_absent=body is Body.OPTIONAL, parse=_parse)
    if problem := width_problem(found):
        raise HttpError.bad_request(problem)
    return found


def _parse(text: str) -> Any:  # noqa: ANN401  # JSON can be anything
    """Parse JSON in which no object has a name twice, since nobody knows which value counts."""
    return json.loads(text, object_pairs_hook=lambda pairs: _once(pairs, "the body"))


def _once(pairs: Iterable[tuple[str, Any]], where: str) -> Given:
    found: Given = {}
    for name, value in pairs:
        if name in found:
            raise HttpError.bad_request(f"{where} gives {_cut(name)} twice", _cut(name))
        found[name] = value
    return found


def _idempotency_key(request: Request) -> Given:
    keys = request.headers.getlist(IDEMPOTENCY_HEADER)
    if len(keys) > 1:
        raise HttpError.bad_request(f"{IDEMPOTENCY_HEADER} may be given once", IDEMPOTENCY_KEY)
    return {IDEMPOTENCY_KEY: keys[0]} if keys else {}


def _unknown(given: Given, taken: Mapping[str, Parameter]) -> Iterator[HttpError]:
    for name in given:
        if name not in taken:
            yield HttpError.bad_request(f"there is no parameter {_cut(name)} here", _cut(name))


def _cut(name: str) -> str:
    return name[:NAME_SHOWN_MAX_CHARACTERS]


def _twice(sources: Iterable[Given]) -> Iterator[HttpError]:
    """Refuse what is said in two places, and not the same in both."""
    said: Given = {}
    for source in sources:
        for name, value in source.items():
            if name in said and said[name] != value:
                yield HttpError.bad_request(f"{name} is given twice, and not the same", name)
            said[name] = value


def _faults(given: Given, taken: Mapping[str, Parameter]) -> Iterator[HttpError]:
    for name, parameter in taken.items():
        if name not in given:
            if parameter.is_required:
                yield HttpError.bad_request(f"{name} must be given", name)
        elif found := problem(given[name], parameter.type):
            yield HttpError.bad_request(f"{name} {found}", name)
