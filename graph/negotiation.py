"""Which media type a response has: what the client prefers of what GraphQL over HTTP knows."""

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"

_OFFERED = (JSON, GRAPHQL_RESPONSE)
"""The first wins where the client has no preference."""
_HTML = "text/html"


def negotiate(accept: str | None) -> str | None:
    """Return the media type to answer with, or None where the client accepts neither.

    A client that says nothing gets application/json, as those expect that are older than the
    specification.
    """
    if accept is None or not accept.strip():
        return JSON
    ranges = _ranges(accept)
    best = max(_OFFERED, key=lambda offered: _quality(offered, ranges))
    return best if _quality(best, ranges) > 0 else None


def accepts_json(accept: str | None) -> bool:
    """Tell whether a client takes application/json, which is all that REST answers with."""
    return accept is None or not accept.strip() or _quality(JSON, _ranges(accept)) > 0


def prefers_html(accept: str | None) -> bool:
    """Tell whether a browser asks for a page, which no GraphQL client does."""
    ranges = _ranges(accept or "")
    return ranges.get(_HTML, 0.0) > max(_quality(JSON, ranges, wildcards=False), 0.0)


def _ranges(accept: str) -> dict[str, float]:
    ranges: dict[str, float] = {}
    for part in accept.split(","):
        media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if media_range:
            ranges[media_range] = max(ranges.get(media_range, 0.0), _quality_of(parameters))
    return ranges


def _quality_of(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def _quality(media_type: str, ranges: dict[str, float], *, wildcards: bool = True) -> float:
    """Return the weight of the most specific range that covers `media_type`."""
    patterns = (media_type, "application/*", "*/*") if wildcards else (media_type,)
    return next((ranges[pattern] for pattern in patterns if pattern in ranges), 0.0)
