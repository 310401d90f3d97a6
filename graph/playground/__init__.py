"""GraphiQL at the API's own URL, with no CDN: `Playground` serves what `ensure_assets` fetched."""

from graph.playground.assets import Assets, ensure_assets, find_assets
from graph.playground.routes import Playground

__all__ = ["Assets", "Playground", "ensure_assets", "find_assets"]
