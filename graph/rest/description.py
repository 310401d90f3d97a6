"""GET /openapi.json: what the routes take and answer, for programs."""

import json
from functools import cached_property

from graphql import GraphQLSchema
from starlette.requests import Request
from starlette.responses import Response

from graph.negotiation import JSON


class Description:
    """Serves the OpenAPI document, which is made when it is first asked for."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema

    async def answer(self, _: Request) -> Response:
        """Answer one request."""
        return Response(self._text, media_type=JSON)

    @cached_property
    def _text(self) -> bytes:
        from graph.rest.openapi import document  # noqa: PLC0415  # no cold start waits for it

        return json.dumps(document(self._schema)).encode()
