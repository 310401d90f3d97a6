"""The Starlette application: its routes and its middleware."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from graph.auth import Authenticate
from graph.errors import ErrorCode
from graph.health import health
from graph.http import GraphQLView
from graph.negotiation import prefers_html
from graph.playground.routes import Playground
from graph.request_id import RequestIdMiddleware
from graph.schema import build_schema
from graph.services import Services

GRAPHQL_PATH = "/graphql"
_METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
"""All that exist, so that the view itself can refuse in GraphQL's form."""


def create_app(
    services: Services,
    *,
    authenticate: Authenticate,
    playground: Playground | None = None,
    middleware: Sequence[Middleware] = (),
    in_threads: bool = True,
) -> Starlette:
    """Build the application.

    Args:
        authenticate: tells who sent a request.
        playground: the page that browsers get; none unless given.
        in_threads: see `graph.http.GraphQLView`.
    """
    view = GraphQLView(build_schema(), services, authenticate, in_threads=in_threads)

    async def graphql(request: Request) -> Response:
        if playground and _wants_page(request):
            return playground.page(request)
        return await view(request)

    routes: list[BaseRoute] = [
        Route("/", _to_graphql),
        Route("/health", health),
        Route(GRAPHQL_PATH, graphql, methods=_METHODS),
    ]
    if playground:
        routes.append(Mount(f"{GRAPHQL_PATH}/assets", routes=playground.routes))
    return Starlette(
        routes=routes,
        middleware=[*middleware, Middleware(RequestIdMiddleware)],
        exception_handlers={HTTPException: _http_exception},
    )


async def _to_graphql(_: Request) -> Response:
    return RedirectResponse(GRAPHQL_PATH.removeprefix("/"))


def _wants_page(request: Request) -> bool:
    is_page = request.method == "GET" and "query" not in request.query_params
    return is_page and prefers_html(request.headers.get("accept"))


async def _http_exception(_: Request, error: Exception) -> Response:
    """Answer what no route takes in the form of every other error."""
    if not isinstance(error, HTTPException):
        raise error
    body = {
        "errors": [
            {
                "message": error.detail,
                "extensions": {"code": ErrorCode.BAD_USER_INPUT.value},
            }
        ]
    }
    return JSONResponse(body, error.status_code, dict(error.headers or {}))
