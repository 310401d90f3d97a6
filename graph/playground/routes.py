"""What the playground serves: its page, and the files that the page links to.

The files are a closed list of names, so that no path from a request ever reaches the disk.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from graph.playground.assets import FETCHED, PACKAGE, Assets
from graph.playground.page import assets_version, render_page

OWN: Final = frozenset({"boot.js", "style.css"})
"""Files of the page that ship in this package."""

_MEDIA_TYPES: Final = {".js": "text/javascript", ".css": "text/css"}
_ONE_YEAR_SECONDS: Final = 31_536_000


@dataclass(frozen=True, slots=True)
class Playground:
    """GraphiQL on the files of `assets`: `page` answers at `/graphql`, `routes` under its assets.

    Attributes:
        assets: from `ensure_assets` or `find_assets`; the page tells where they are missing.
    """

    assets: Assets

    def page(self, request: Request) -> Response:
        """Answer a browser's GET of the API's URL."""
        return render_page(self.assets, request)

    @property
    def routes(self) -> list[BaseRoute]:
        """Routes of the page's files, to be mounted at `/graphql/assets`."""
        return [Route("/{name}", self._file)]

    def _file(self, request: Request) -> Response:
        path = self._path(request.path_params["name"])
        if path is None or not path.is_file():
            return PlainTextResponse("Not Found", status_code=404)
        return FileResponse(
            path,
            media_type=_MEDIA_TYPES[path.suffix],
            headers={
                "Cache-Control": _cache_control(request),
                "X-Content-Type-Options": "nosniff",
            },
        )

    def _path(self, name: str) -> Path | None:
        if name in OWN:
            return PACKAGE / name
        if name in FETCHED:
            return self.assets.directory / name
        return None


def _cache_control(request: Request) -> str:
    if request.query_params.get("v") == assets_version():
        return f"public, max-age={_ONE_YEAR_SECONDS}, immutable"
    return "no-cache"
