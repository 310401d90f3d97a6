"""The client: where it is built, and what it owns."""

import os
from collections.abc import Mapping
from typing import Self

import httpx2

from graph.client.address import address_of, authorization
from graph.client.api import Api
from graph.client.calls.access import AccessCalls
from graph.client.calls.evaluations import EvaluationCalls
from graph.client.calls.files import FileCalls
from graph.client.calls.history import HistoryCalls
from graph.client.calls.models import ModelCalls
from graph.client.errors import ClientError
from graph.client.retry import Retries, Time

URL_VARIABLE = "ML_EVALUATOR_URL"
API_KEY_VARIABLE = "ML_EVALUATOR_API_KEY"
TIMEOUT_SECONDS = 30.0
_PROXY = "what ALL_PROXY, HTTPS_PROXY or HTTP_PROXY names"


class Client(ModelCalls, HistoryCalls, EvaluationCalls, FileCalls, AccessCalls):
    """A client of the service, which several threads may share.

        with Client("https://…", api_key="mle_…") as client:
            client.model("01a208e0-8d43-7394-83c0-437ffe007901")

    Args:
        url: the service's, with or without `/graphql`.
        api_key: an API key; a local server needs none.
        token: a token of the issuer that the service trusts, in place of a key.
        timeout: seconds without a byte, after which an attempt is given up.
        retries: how persistently to try again.
        transport: what sends requests in place of the network, for tests.
        clock: what passes in place of time, for tests.

    Raises:
        ValueError: the URL is none, or credentials would go over the network in plain sight.
        ClientError: the environment names a proxy that cannot be used.
    """

    def __init__(
        self,
        url: str,
        api_key: str | None = None,
        *,
        token: str | None = None,
        timeout: float = TIMEOUT_SECONDS,
        retries: Retries = Retries(),  # noqa: B008  # it never changes
        transport: httpx2.BaseTransport | None = None,
        clock: Time = Time(),  # noqa: B008
    ) -> None:
        self._address = address_of(url)
        headers = authorization(self._address, api_key, token)
        self._http = _http(headers, timeout, transport, in_house=self._address.is_loopback)
        self._storage = _http({}, timeout, transport, in_house=self._address.is_loopback)
        self._api = Api(self._address, self._http, retries, clock, timeout)

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Self:
        """Build a client from ML_EVALUATOR_URL and ML_EVALUATOR_API_KEY.

        Raises:
            ValueError: the URL is not set, or makes no sense.
        """
        env = os.environ if env is None else env
        if not (url := env.get(URL_VARIABLE)):
            raise ValueError(f"{URL_VARIABLE} is not set: give the service's URL")
        return cls(url, env.get(API_KEY_VARIABLE) or None)

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self.close()

    def __repr__(self) -> str:
        """Tell which service it is, and no credential."""
        return f"Client({self._address.base!r})"

    def close(self) -> None:
        """Close the connections."""
        self._http.close()
        self._storage.close()


def _http(
    headers: dict[str, str],
    timeout: float,
    transport: httpx2.BaseTransport | None,
    *,
    in_house: bool,
) -> httpx2.Client:
    """Build what sends requests: a proxy of the environment is not told of this machine's own.

    Raises:
        ClientError: that proxy cannot be used. No message quotes it: it may hold a password.
    """
    try:
        return httpx2.Client(
            headers=headers,
            timeout=timeout,
            transport=transport,
            follow_redirects=False,
            trust_env=not in_house,
        )
    except ImportError as error:
        raise ClientError(
            f"{_PROXY} is a SOCKS proxy, which needs socksio: unset it, or `pip install socksio`"
        ) from error
    except (ValueError, httpx2.InvalidURL) as error:
        raise ClientError(f"{_PROXY} is no proxy's URL: unset it, or mend it") from error
