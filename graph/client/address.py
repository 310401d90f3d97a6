"""Where the service is, and what may be sent there."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit, urlunsplit

_GRAPHQL = "/graphql"
_PRINTABLE = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Address:
    """The service's address.

    Attributes:
        base: without a slash at the end; paths such as `/health` are put behind it.
        is_loopback: it is this machine's own.
        is_encrypted: it is https.
    """

    base: str
    is_loopback: bool
    is_encrypted: bool

    @property
    def graphql(self) -> str:
        """Where GraphQL is answered."""
        return f"{self.base}{_GRAPHQL}"

    @property
    def health(self) -> str:
        """Where the service tells whether it is well."""
        return f"{self.base}/health"


def address_of(url: str) -> Address:
    """Read a service's URL, with or without `/graphql` at its end.

    Raises:
        ValueError: it is no http or https URL, its port is none, or it holds credentials, a query
            or a fragment.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("the service's URL must begin with https:// (or http:// on this machine)")
    if parts.username is not None or parts.password is not None:
        raise ValueError("the service's URL must not hold credentials: give api_key or token")
    if not _has_good_port(parts):
        raise ValueError("the service's URL must have a port from 1 to 65535, or none")
    if parts.query or parts.fragment:
        raise ValueError("the service's URL must end with its path")
    path = parts.path.rstrip("/").removesuffix(_GRAPHQL).rstrip("/")
    return Address(
        base=urlunsplit((parts.scheme, parts.netloc, path, "", "")),
        is_loopback=is_loopback(parts.hostname),
        is_encrypted=parts.scheme == "https",
    )


def authorization(address: Address, api_key: str | None, token: str | None) -> dict[str, str]:
    """Return the headers that show who is asking; none where nothing was given.

    Raises:
        ValueError: both were given, one cannot be a credential, or it would go over the network
            in plain sight. No message quotes a credential.
    """
    if api_key is not None and token is not None:
        raise ValueError("give api_key or token, not both: the service refuses two credentials")
    secret = api_key if token is None else token
    if secret is None:
        return {}
    if not _PRINTABLE.fullmatch(secret):
        raise ValueError("a credential has one or more printable ASCII characters and no spaces")
    if not (address.is_encrypted or address.is_loopback):
        raise ValueError("credentials are not sent over plain http: use the service's https URL")
    return {"Authorization": f"Bearer {secret}"}


def _has_good_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
