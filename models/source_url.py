"""The canonical form of a source URL, under which exactly one model may claim it.

Two spellings of one page must not register one model twice. Hugging Face writes a model's page in
many ways; every other address gets only what RFC 3986 (section 6.2) calls equivalent.
"""

import hashlib
import re
import string
from urllib.parse import SplitResult, quote, urlsplit

HUB_HOST = "huggingface.co"
_HUB_ALIASES = frozenset({HUB_HOST, "www.huggingface.co", "hf.co"})
_HUB_OTHER_KINDS = frozenset(
    {"datasets", "spaces", "docs", "blog", "papers", "collections", "api", "settings", "join"}
    | {"models", "tasks", "organizations", "posts", "learn", "chat", "new", "login", "pricing"}
)
_HUB_SUBPAGES = frozenset(
    {"tree", "blob", "resolve", "raw", "commits", "commit", "discussions", "blame", "edit"}
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNRESERVED = frozenset(string.ascii_letters + string.digits + "-._~")
_KEPT_IN_PATH = "/:@!$&'()*+,;=-._~%"
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")


def url_problem(url: str) -> str | None:
    """Say why `url` cannot be a source URL, or None where it can."""
    if any(character.isspace() for character in url):
        return "must not contain white space"
    try:
        parts = urlsplit(url)
        port_is_valid = parts.port != 0
    except ValueError:
        return "is not a valid URL"
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or not port_is_valid:
        return "must be an absolute http or https URL"
    if parts.username is not None or parts.password is not None:
        return "must not contain credentials"
    return None


def canonical_url(url: str) -> str:
    """Return the form of `url` that all its spellings share.

    `url` is one in which `url_problem` found nothing.
    """
    model = hub_model(url)
    if model is not None:
        return f"https://{HUB_HOST}/{model}"
    parts = urlsplit(url)
    host = _host(parts)
    default_port = parts.port in {None, _DEFAULT_PORTS[parts.scheme]}
    authority = f"[{host}]" if ":" in host else host
    authority = authority if default_port else f"{authority}:{parts.port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{authority}{_normal_path(parts.path)}{query}"


def hub_model(url: str) -> str | None:
    """Return the name of the model whose page on the Hugging Face Hub `url` is, if it is one's."""
    parts = urlsplit(url)
    return _hub_model_page(parts) if _host(parts) in _HUB_ALIASES else None


def claimed_url(url: str) -> str:
    """Return the form of `url` under which it is claimed.

    It is the canonical one, and for a model's page on the Hub without regard to case: the Hub takes
    a name in any case for the same model.
    """
    canonical = canonical_url(url)
    return canonical if hub_model(url) is None else canonical.lower()


def url_digest(url: str) -> str:
    """Return the SHA-256 of the claimed form of `url`: the key of its claim."""
    return hashlib.sha256(claimed_url(url).encode()).hexdigest()


def _host(parts: SplitResult) -> str:
    return _ascii_host((parts.hostname or "").rstrip("."))


def _ascii_host(host: str) -> str:
    """Return a host as DNS knows it (RFC 3490), or as it is where it is no valid name."""
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


def _hub_model_page(parts: SplitResult) -> str | None:
    segments = [segment for segment in _normal_path(parts.path).split("/") if segment]
    if not segments or segments[0] in _HUB_OTHER_KINDS:
        return None
    if segments[1:] and segments[1] in _HUB_SUBPAGES:
        segments = segments[:1]  # of a model whose name has one part
    if len(segments) > 2:  # noqa: PLR2004  # beyond owner and name
        page_end = next((i for i, name in enumerate(segments) if i and name in _HUB_SUBPAGES), None)
        segments = segments[:page_end] if page_end is not None and page_end <= 2 else []  # noqa: PLR2004
    return "/".join(segments) or None


def _normal_path(path: str) -> str:
    encoded = quote(path, safe=_KEPT_IN_PATH)
    return _without_dots(_ESCAPE.sub(_normal_escape, encoded)).rstrip("/")


def _without_dots(path: str) -> str:
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[max(len(kept) - 1, 1) :]  # never the root
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept)


def _normal_escape(match: re.Match[str]) -> str:
    character = chr(int(match.group(1), 16))
    return character if character in _UNRESERVED else match.group().upper()
