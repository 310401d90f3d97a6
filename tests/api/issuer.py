"""An OpenID Connect issuer of the tests' own: its keys, its tokens, and how often it was asked."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import get_default_algorithms

AUDIENCE = "ml-evaluator"
CONFIGURATION = "/.well-known/openid-configuration"
KEYS = "/keys"
VALID_SECONDS = 300

Json = dict[str, Any]


@dataclass(frozen=True)
class SigningKey:
    """A key pair of an issuer."""

    id: str
    algorithm: str
    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

    @property
    def jwk(self) -> Json:
        """The public key, as issuers publish it."""
        algorithm: Any = get_default_algorithms()[self.algorithm]
        found: Json = algorithm.to_jwk(self.private.public_key(), as_dict=True)
        return found | {"kid": self.id, "alg": self.algorithm, "use": "sig"}

    @property
    def pem(self) -> bytes:
        """The public key, as PEM."""
        public = self.private.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, message: bytes) -> bytes:
        """Sign a token's header and claims."""
        algorithm: Any = get_default_algorithms()[self.algorithm]
        signature: bytes = algorithm.sign(message, self.private)
        return signature


@cache
def rsa_key(key_id: str) -> SigningKey:
    """Make an RSA key: once for each id, since it takes long."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return SigningKey(key_id, "RS256", private)


@cache
def ec_key(key_id: str) -> SigningKey:
    """Make a key on P-256."""
    return SigningKey(key_id, "ES256", ec.generate_private_key(ec.SECP256R1()))


def compact(header: object, claims: object, sign: Callable[[bytes], bytes]) -> str:
    """Write a JWT, whatever it says; bytes are taken as they are."""
    message = f"{_encoded(header)}.{_encoded(claims)}"
    return f"{message}.{_base64(sign(message.encode()))}"


class Issuer:
    """An issuer: what it answers, and the tokens that it gives.

    Attributes:
        keys: those that it publishes; it signs with the last.
        asked: the paths that it was asked for.
        is_up: whether it answers at all.
        answers: in place of its own, by path.
    """

    def __init__(self, url: str = "https://issuer.example") -> None:
        self.url = url
        self.keys = [rsa_key("key-1")]
        self.asked: list[str] = []
        self.is_up = True
        self.answers: dict[str, bytes] = {}

    def rotate(self) -> SigningKey:
        """Replace the key by another: none of the old ones counts any more."""
        self.keys = [rsa_key(f"key-{int(self.keys[-1].id.removeprefix('key-')) + 1}")]
        return self.keys[-1]

    def fetch(self, url: str) -> bytes:
        """Answer without HTTP."""
        path = urlsplit(url).path
        self.asked.append(path)
        if not self.is_up:
            raise ConnectionRefusedError
        return self.answers.get(path) or json.dumps(self._documents[path]).encode()

    def token(
        self,
        *,
        key: SigningKey | None = None,
        header: Mapping[str, object] | None = None,
        without: tuple[str, ...] = (),
        **claims: Any,  # noqa: ANN401  # what tests want to see refused
    ) -> str:
        """Give a token, of a writer called ada unless told otherwise."""
        key = key or self.keys[-1]
        now = int(time.time())
        said: Json = {"iss": self.url, "aud": AUDIENCE, "sub": "ada", "roles": ["WRITER"]}
        said = said | {"iat": now, "exp": now + VALID_SECONDS} | claims
        head = {"typ": "JWT", "alg": key.algorithm, "kid": key.id} | dict(header or {})
        kept = {name: value for name, value in said.items() if name not in without}
        return compact({k: v for k, v in head.items() if v is not None}, kept, key.sign)

    @property
    def _documents(self) -> dict[str, Json]:
        return {
            CONFIGURATION: {"issuer": self.url, "jwks_uri": f"{self.url}{KEYS}"},
            KEYS: {"keys": [key.jwk for key in self.keys]},
        }


@contextmanager
def served(issuer: Issuer) -> Iterator[Issuer]:
    """Let an issuer answer on a loopback port, by whose URL it goes from then on."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                body = issuer.fetch(self.path)
            except OSError:
                return self.close_connection_at_once()
            self.wfile.write(_response(body))
            return None

        def close_connection_at_once(self) -> None:
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _response(body: bytes) -> bytes:
    """Return a response; what begins with HTTP/ is one already."""
    if body.startswith(b"HTTP/"):
        return body
    return b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def _encoded(part: object) -> str:
    return _base64(part if isinstance(part, bytes) else json.dumps(part).encode())


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")
