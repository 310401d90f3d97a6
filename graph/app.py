"""The Starlette application."""

from collections.abc import Sequence
from pathlib import Path

import strawberry
from starlette.applications import Starlette
from starlette.middleware import Middleware
from strawberry.asgi import GraphQL

from graph.bootstrap import Services


@strawberry.type
class Query:
    @strawberry.field
    def hello(self) -> str:
        return "world"


def create_app(
    services: Services,
    *,
    playground_assets: Path | None = None,
    middleware: Sequence[Middleware] = (),
) -> Starlette:
    app = Starlette(middleware=middleware)
    app.mount("/graphql", GraphQL(strawberry.Schema(Query)))
    return app
