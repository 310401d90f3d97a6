"""The keys of an OpenID Connect issuer: found by discovery, and kept for a while."""

import json
import logging
import time
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPException, HTTPResponse
from threading import BoundedSemaphore, Lock
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

from models.errors import Misconfigured

FRESH_SECONDS = 300.0
"""For so long keys are used without asking again: then a withdrawn one is refused."""
STALE_SECONDS = 3_600.0
"""For so long they are used where the issuer does not answer."""
RETRY_SECONDS = 30.0
"""Between two requests for what is unknown, or while the issuer does not answer."""
TIMEOUT_SECONDS = 3.0
"""For each thing that is waited for."""
ANSWER_SECONDS = 6.0
"""For a whole answer, however it trickles."""
WAITING_MAX = 16
"""Requests that wait while the issuer is asked; the others go by what is known."""
_CHUNK_BYTES = 64 * 1024
_MAX_BYTES = 1 << 20
_log = logging.getLogger(__name__)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Fetch = Callable[[str], bytes]
"""Gets what is at a URL, or raises OSError, HTTPException or ValueError."""
JsonWebKey = Mapping[str, Any]


class IssuerKeys:
    """The public keys of one issuer, by their ids.

    Args:
        issuer: its URL, which its tokens name.
        timer: tells seconds.
    """

    def __init__(
        self, issuer: str, fetch: Fetch | None = None, timer: Callable[[], float] = time.monotonic
    ) -> None:
        if not _is_trustworthy(issuer):
            raise Misconfigured("OIDC_ISSUER must be an https URL.")
        self._issuer = issuer
        self._fetch = fetch or _fetch
        self._timer = timer
        self._keys: dict[str, JsonWebKey] = {}
        self._read_at: float | None = None
        self._asked_at: float | None = None
        self._missed_at: float | None = None
        self._lock = Lock()
        self._waiting = BoundedSemaphore(WAITING_MAX)

    def key(self, key_id: str) -> JsonWebKey | None:
        """Return a key, asking the issuer where it is unknown or was read too long ago."""
        known = self._keys.get(key_id)
        if known is not None and self._is_within(FRESH_SECONDS, self._read_at):
            return known  # without the lock: nobody waits while another asks for what is unknown
        if not self._waiting.acquire(blocking=False):  # else a slow issuer would hold up everybody
            return known if self._is_within(STALE_SECONDS, self._read_at) else None
        try:
            return self._asked_for(key_id)
        finally:
            self._waiting.release()

    def _asked_for(self, key_id: str) -> JsonWebKey | None:
        with self._lock:
            if not self._is_within(FRESH_SECONDS, self._read_at):
                if not self._is_within(RETRY_SECONDS, self._asked_at):
                    self._refresh()
            elif key_id not in self._keys and not self._is_within(RETRY_SECONDS, self._missed_at):
                self._missed_at = self._timer()
                self._refresh()
            return self._keys.get(key_id)

    def _refresh(self) -> None:
        self._asked_at = self._timer()
        try:
            self._keys = self._read()
            self._read_at = self._timer()
        except (OSError, HTTPException, ValueError, RecursionError) as error:
            _log.warning("the keys of %s cannot be read: %r", self._issuer, error)
            if not self._is_within(STALE_SECONDS, self._read_at):
                self._keys = {}

    def _read(self) -> dict[str, JsonWebKey]:
        configuration = _object(self._fetch(_well_known(self._issuer)))
        url = configuration.get("jwks_uri")
        if configuration.get("issuer") != self._issuer or not isinstance(url, str):
            raise ValueError("the issuer's configuration is another's")
        if not _is_trustworthy(url):
            raise ValueError("the issuer's keys are not at an https URL")
        found = _object(self._fetch(url)).get("keys")
        keys = found if isinstance(found, list) else []
        return {
            key["kid"]: key
            for key in keys
            if isinstance(key, dict) and isinstance(key.get("kid"), str)
        }

    def _is_within(self, seconds: float, since: float | None) -> bool:
        return since is not None and self._timer() - since < seconds


def _well_known(issuer: str) -> str:
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"


def _is_trustworthy(url: str) -> bool:
    """Tell whether nobody between here and there can change what `url` answers."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme == "http":
        return parts.hostname in _LOOPBACK
    return parts.scheme == "https" and bool(parts.hostname)


def _object(body: bytes) -> dict[str, Any]:
    value = json.loads(body)
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")  # of what is read, not of an argument
    return value


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: the keys are where the configuration says."""

    def redirect_request(self, *_: object) -> None:
        """Refuse."""


def _fetch(url: str) -> bytes:
    request = urllib.request.Request(url, headers={"Accept": "application/json"})  # noqa: S310  # _is_trustworthy
    # http is for this machine, about which no proxy is asked: it could answer what it likes.
    proxies = {name: at for name, at in urllib.request.getproxies().items() if name == "https"}
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler(proxies))
    try:
        with opener.open(request, timeout=TIMEOUT_SECONDS) as reply:
            return _read_whole(reply)
    except HTTPError as error:
        error.close()  # it is an open reply, too
        raise


def _read_whole(reply: HTTPResponse) -> bytes:
    body = bytearray()
    deadline = time.monotonic() + ANSWER_SECONDS
    while chunk := reply.read1(_CHUNK_BYTES):
        body += chunk
        if len(body) > _MAX_BYTES:
            raise ValueError("more than anybody's keys")
        if time.monotonic() > deadline:
            raise TimeoutError("it took too long to answer")
    return bytes(body)
