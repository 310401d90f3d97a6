"""The page that a browser gets at the API's own URL: GraphiQL, or what is missing of it."""

import base64
import hashlib
import html
import secrets
import shlex
from functools import cache
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse

from graph.playground.assets import PACKAGE, Assets

# The two style attributes of CodeMirror's "jump to line" prompt (Alt-G), which is set as HTML.
_JUMP_TO_LINE_STYLES = ("width: 10em", "color: #888")

_CURL_QUERY = '{"query": "{ models { nodes { id name } } }"}'


def render_page(assets: Assets, request: Request) -> HTMLResponse:
    """Answer with GraphiQL, or with a page that says what is missing and how to go on without.

    Links are relative to the last segment of the page's path, `graphql`, so that they hold under
    any prefix that a gateway's stage or a proxy puts before it.
    """
    nonce = secrets.token_urlsafe(16)
    values = {"version": assets_version(), "nonce": nonce}
    if assets.problem is None:
        template, texts = "index.html", {"opening": _text("opening.graphql")}
    else:
        template, texts = "missing.html", {"problem": assets.problem, "curl": _curl(request)}
    escaped = {name: html.escape(text) for name, text in texts.items()}
    page = Template(_text(template)).substitute(values, **escaped)
    return HTMLResponse(page, headers=_headers(nonce))


@cache
def assets_version() -> str:
    """Identify what the page links to, so that browsers may keep the files for ever."""
    digest = hashlib.sha256()
    for name in ("package-lock.json", "boot.js", "style.css"):
        digest.update((PACKAGE / name).read_bytes())
    return digest.hexdigest()[:16]


def content_security_policy(nonce: str) -> str:
    """Allow what GraphiQL needs, and nothing from another origin or inline.

    Scripts are files of ours. Fonts are data URLs in graphiql.css. `nonce` signs the style
    elements that boot.js lets through; styles set by script need no permission.
    """
    style_attributes = " ".join(_hash_source(style) for style in _JUMP_TO_LINE_STYLES)
    directives = (
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' 'nonce-{nonce}'",
        f"style-src-attr 'unsafe-hashes' {style_attributes}",
        "img-src data:",
        "font-src data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
    return "; ".join(directives)


def _hash_source(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _headers(nonce: str) -> dict[str, str]:
    return {
        "Content-Security-Policy": content_security_policy(nonce),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        # The nonce is for once, and the same URL answers programs with JSON.
        "Cache-Control": "no-store",
        "Vary": "Accept",
    }


def _curl(request: Request) -> str:
    url = shlex.quote(str(request.url.replace(query="")))
    return (
        f"curl {url} \\\n"
        "  --header 'Content-Type: application/json' \\\n"
        f"  --data {shlex.quote(_CURL_QUERY)}"
    )


@cache
def _text(name: str) -> str:
    return (PACKAGE / name).read_text(encoding="utf-8")
