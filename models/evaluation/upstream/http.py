"""The HTTP client of one upstream service: it knows one host, and cannot be led away from it."""

from collections.abc import Callable, Mapping
from typing import Final
from urllib.request import getproxies, proxy_bypass

import httpcore2
import httpx2

from models.evaluation.upstream.network import DeadlineBackend
from models.evaluation.upstream.pacing import Pacing
from models.evaluation.upstream.transport import (
    BodyLimit,
    GuardedTransport,
    Origin,
    Pool,
    origin_of,
)

CONNECTIONS_MAX: Final = 16
"""To one service at a time, in this process."""
REDIRECTS_MAX: Final = 5
USER_AGENT: Final = "ml-model-evaluator"

_KEEP_ALIVE_SECONDS: Final = 5.0
_LOOPBACK_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def guarded_client(
    endpoint: str,
    *,
    body_limit: BodyLimit,
    check: Callable[[httpx2.Response], None],
    headers: Mapping[str, str],
    pacing: Pacing,
) -> httpx2.Client:
    """Build a client for the host of `endpoint`.

    Args:
        endpoint: an http or https URL.
        body_limit: how many bytes an answer may have.
        check: raises for an answer that is a refusal.
        headers: sent with each request.
        pacing: how long things may take.
    """
    origin = origin_of(httpx2.URL(endpoint))
    transport = GuardedTransport(_pool(origin), origin, body_limit, pacing)
    # A compressed answer could be thousands of times the bytes that were counted.
    own_headers = {"user-agent": USER_AGENT, "accept-encoding": "identity"}
    return httpx2.Client(
        transport=transport,
        headers={**own_headers, **headers},
        event_hooks={"response": [check]},
        follow_redirects=True,
        max_redirects=REDIRECTS_MAX,
        trust_env=False,  # neither .netrc's passwords nor proxies that `_pool` did not choose
    )


def proxy_for(origin: Origin) -> str | None:
    """Return the proxy that the environment names for a host (HTTPS_PROXY, NO_PROXY, …).

    A deployment may have no other way out; then the proxy is what gets contacted. This machine
    is never asked for by way of another.
    """
    scheme, host, _ = origin
    if host in _LOOPBACK_HOSTS or proxy_bypass(host):
        return None
    proxies = getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


def _pool(origin: Origin) -> Pool:
    return Pool(
        ssl_context=httpx2.create_ssl_context(),
        proxy=_proxy(proxy_for(origin)),
        max_connections=CONNECTIONS_MAX,
        keepalive_expiry=_KEEP_ALIVE_SECONDS,
        network_backend=DeadlineBackend(),
    )


def _proxy(address: str | None) -> httpcore2.Proxy | None:
    if address is None:
        return None
    parsed = httpx2.Proxy(address)
    return httpcore2.Proxy(str(parsed.url), auth=parsed.raw_auth)
