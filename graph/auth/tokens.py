"""Tokens of an OpenID Connect issuer: JWTs, verified against the issuer's keys.

PyJWT is imported with the first token: with its cryptography it takes 0.2 s.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from graph.auth.issuer import IssuerKeys
from models.access.keyring import InvalidCredentials, roles_of
from models.json_text import text_problem
from models.principal import Principal, Role

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""All asymmetric: with a symmetric one, whoever knows the public key could sign."""
LEEWAY_SECONDS = 30
_SUBJECT_MAX_CHARACTERS = 200
_TOO_ODD = (OverflowError, RecursionError)
"""What releases of PyJWT before 2.15 let through: of 1e400, and of JSON nested too deep."""


class TokenVerifier:
    """Authenticates by token.

    Args:
        issuer: its URL, as tokens name it in `iss`.
        audience: what tokens for this service name in `aud`.
        roles_claim: which claim lists the roles, such as `roles` or `realm_access.roles`.
    """

    def __init__(self, keys: IssuerKeys, issuer: str, audience: str, roles_claim: str) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._roles_claim = roles_claim

    def principal(self, token: str) -> Principal:
        """Return whose token it is.

        Raises:
            InvalidCredentials: it is not valid, or not any more.
        """
        import jwt  # noqa: PLC0415  # see above

        try:
            claims = jwt.decode(
                token,
                self._key(token),
                algorithms=list(ALGORITHMS),
                audience=self._audience,
                issuer=self._issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise InvalidCredentials(has_expired=True) from error
        except (jwt.PyJWTError, ValueError, TypeError, KeyError, *_TOO_ODD) as error:
            raise InvalidCredentials from error
        return Principal(f"user:{_subject(claims)}", self._roles(claims), may_attribute=False)

    def _key(self, token: str) -> Any:  # noqa: ANN401  # PyJWT's key
        import jwt  # noqa: PLC0415

        header = jwt.get_unverified_header(token)
        key_id, algorithm = header.get("kid"), header.get("alg")
        # Before anything is fetched: what we would refuse anyway costs the issuer nothing.
        if algorithm not in ALGORITHMS or not isinstance(key_id, str):
            raise InvalidCredentials
        found = self._keys.key(key_id)
        if found is None or found.get("alg", algorithm) != algorithm:
            raise InvalidCredentials
        if found.get("use", "sig") != "sig":  # RFC 7517, section 4.2: others hold the keys to read
            raise InvalidCredentials
        return jwt.PyJWK(dict(found), algorithm)

    def _roles(self, claims: Mapping[str, Any]) -> frozenset[Role]:
        named = _names(_claim(claims, self._roles_claim))
        # Of ASCII only: a dotless i becomes an I, too.
        names = {name.upper() for name in named if name.isascii()}
        granted = (roles_of(role) for role in Role if role.value in names)
        return frozenset().union(*granted)


def _subject(claims: Mapping[str, Any]) -> str:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 1 <= len(subject) <= _SUBJECT_MAX_CHARACTERS:
        raise InvalidCredentials
    if text_problem(subject) or subject.strip() != subject:
        raise InvalidCredentials
    return subject


def _claim(claims: Mapping[str, Any], name: str) -> object:
    """Return a claim by its whole name, or by a path of names with dots."""
    if name in claims:
        return claims[name]
    value: object = claims
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _names(value: object) -> Iterator[str]:
    values = value.split() if isinstance(value, str) else value
    if isinstance(values, list):
        yield from (name for name in values if isinstance(name, str))
