"""From a request's credentials to a principal."""

from collections.abc import Callable

from starlette.requests import Request

from graph.auth.credentials import credential_in
from graph.auth.tokens import TokenVerifier
from models.access.keyring import InvalidCredentials, Keyring
from models.principal import Principal, Role

Authenticate = Callable[[Request], Principal | None]
"""Tells who sent a request, or None where it shows no credentials.

It raises InvalidCredentials for those that let nobody in.
"""

LOCAL = Principal("local", frozenset(Role), may_attribute=True)
"""Whoever uses the local server without credentials, which listens to its own machine only."""


def local_admin(_: Request) -> Principal:
    """Take every request for the local admin's."""
    return LOCAL


class Authenticator:
    """Authenticates by API key, and by token where an issuer is configured."""

    def __init__(self, keyring: Keyring, tokens: TokenVerifier | None) -> None:
        self._keyring = keyring
        self._tokens = tokens

    def __call__(self, request: Request) -> Principal | None:
        """Tell who sent a request.

        Raises:
            InvalidCredentials: it shows credentials that let nobody in.
        """
        credential = credential_in(request)
        if credential is None:
            return None
        if credential.is_api_key:
            return self._keyring.principal(credential.text)
        if self._tokens is None:
            raise InvalidCredentials
        return self._tokens.principal(credential.text)
