"""The credential in a request's headers: at most one, and never in a cookie or a URL."""

from dataclasses import dataclass

from starlette.requests import Request

from models.access.keyring import InvalidCredentials
from models.access.record import PREFIX

_SCHEME = "bearer "
_MAX_CHARACTERS = 16 * 1024
"""Far over any token; gateways allow less for all headers together."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What a caller shows.

    Attributes:
        is_api_key: whether it is a key of ours, and not an issuer's token.
    """

    text: str
    is_api_key: bool

    def __repr__(self) -> str:
        """Leave the secret out: what is printed ends in logs."""
        return f"Credential(is_api_key={self.is_api_key})"


def credential_in(request: Request) -> Credential | None:
    """Return the credential of a request, or None where it shows none.

    Raises:
        InvalidCredentials: it shows two, or one that can be none.
    """
    bearer = request.headers.getlist("authorization")
    key = request.headers.getlist("x-api-key")
    if not bearer and not key:
        return None
    if len(bearer) + len(key) > 1:
        raise InvalidCredentials
    text = key[0] if key else _token(bearer[0])
    if not text.isascii() or not text.isprintable() or not 1 <= len(text) <= _MAX_CHARACTERS:
        raise InvalidCredentials
    return Credential(text, is_api_key=bool(key) or text.startswith(PREFIX))


def _token(header: str) -> str:
    if not header.lower().startswith(_SCHEME):
        raise InvalidCredentials
    return header[len(_SCHEME) :].strip(" ")  # and of nothing else: no token is mended
