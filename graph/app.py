"""The Starlette application: its routes and its middleware."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.types import Receive, Scope, Send

from graph.auth import Authenticate
from graph.errors import ErrorCode
from graph.execution import Executor
from graph.health import Health
from graph.http import GraphQLView
from graph.negotiation import prefers_html
from graph.observability.dimensions import dimensions_of
from graph.observability.request_log import RequestLogMiddleware
from graph.observability.sampling import Sampler
from graph.playground.routes import Playground
from graph.request_id import HEADER as REQUEST_ID_HEADER
from graph.request_id import RequestIdMiddleware
from graph.rest.description import Description
from graph.rest.reading import IDEMPOTENCY_HEADER
from graph.rest.routes import METHODS, ROUTES
from graph.rest.view import RestView
from graph.schema import build_schema
from graph.security_headers import SecurityHeadersMiddleware
from graph.services import Services
from graph.unexpected import UnexpectedErrorMiddleware
from models.settings import Settings

GRAPHQL_PATH = "/graphql"
OPENAPI_PATH = "/openapi.json"
CORS_MAX_AGE_SECONDS = 3_600


def create_app(
    services: Services,
    *,
    authenticate: Authenticate,
    playground: Playground | None = None,
    middleware: Sequence[Middleware] = (),
    in_threads: bool = True,
    settings: Settings | None = None,
) -> Starlette:
    """Build the application.

    Args:
        settings: what of HTTP and GraphQL is switched on, and which origins' pages may ask.
        authenticate: tells who sent a request.
        playground: the page that browsers get, where it is switched on; none unless given.
        middleware: what a request passes before its origin is looked at.
        in_threads: see `graph.execution.Executor`.
    """
    settings = settings or Settings()
    playground = playground if settings.playground else None
    executor = Executor(
        build_schema(introspection=settings.introspection),
        services,
        authenticate,
        in_threads=in_threads,
    )
    view = GraphQLView(executor, get_queries=settings.get_queries)

    health = Health(
        {"table": services.table.check, "bucket": services.store.check}, in_threads=in_threads
    )
    routes: list[BaseRoute] = [
        Route("/", _to_graphql),
        Route("/health", health.answer),
        Route(GRAPHQL_PATH, _GraphQL(view, playground)),
        *_rest(executor),
    ]
    if settings.introspection:
        routes.append(Route(OPENAPI_PATH, Description(executor.graphql_schema).answer))
    if playground:
        assets = Router(playground.routes, redirect_slashes=False)
        routes.append(Mount(f"{GRAPHQL_PATH}/assets", assets))
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(RequestIdMiddleware),
            Middleware(
                RequestLogMiddleware, dimensions_of(settings), Sampler(settings.log_sample_rate)
            ),
            Middleware(SecurityHeadersMiddleware),
            *middleware,
            *_cors(settings.cors_origins),
            Middleware(UnexpectedErrorMiddleware),
        ],
        exception_handlers={HTTPException: _http_exception},
    )
    app.router.redirect_slashes = False  # it would lead to whatever Host says
    return app


class _GraphQL:
    """Answers at the API's path, browsers with the page.

    No method is refused before the view, which does so in GraphQL's form.
    """

    def __init__(self, view: GraphQLView, playground: Playground | None) -> None:
        self._view = view
        self._playground = playground

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if self._playground and _wants_page(request):
            response: Response = self._playground.page(request)
        else:
            response = await self._view(request)
        await response(scope, receive, send)


def _rest(executor: Executor) -> list[BaseRoute]:
    """Return a route for each path of the table."""
    paths = dict.fromkeys(route.path for route in ROUTES)
    return [
        Route(path, RestView(executor, [route for route in ROUTES if route.path == path]))
        for path in paths
    ]


def _cors(origins: Sequence[str]) -> list[Middleware]:
    """Let pages of these origins ask. Cookies are never read, so none need be sent."""
    if not origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=list(origins),
            allow_methods=sorted({"GET", "POST", *METHODS}),
            allow_headers=[
                "Authorization",
                "Content-Type",
                "X-API-Key",
                IDEMPOTENCY_HEADER,
                REQUEST_ID_HEADER,
            ],
            expose_headers=[REQUEST_ID_HEADER],
            max_age=CORS_MAX_AGE_SECONDS,
        )
    ]


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
