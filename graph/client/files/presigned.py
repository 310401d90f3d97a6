"""Presigned URLs: where the service may send bytes to, and who must not see that."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

import httpx2

from graph.client.address import Address, is_loopback
from graph.client.errors import UnexpectedAnswer

_SIGNED: Final = re.compile(r"[?&]X-Amz-.*", re.IGNORECASE | re.DOTALL)


class SignedUrl(httpx2.URL):
    """A URL that whoever has it can use, and that is therefore shown without what signs it.

    httpx2 logs the URL of each request at INFO. This is what keeps a signature out of every log,
    without altering any logger of the program that we are a part of.
    """

    def __str__(self) -> str:
        """Tell where it leads."""
        return _SIGNED.sub("", super().__str__())

    def __repr__(self) -> str:
        """Tell where it leads."""
        return f"SignedUrl({str(self)!r})"


def require_safe(url: str, service: Address) -> None:
    """Require that a link is as safe as the service that gives it. No message quotes it.

    Raises:
        UnexpectedAnswer: it is no URL, holds credentials, or is plain http where the service is
            https; a service on this machine may give plain links to this machine.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        httpx2.URL(url)
    except (ValueError, httpx2.InvalidURL) as error:
        raise UnexpectedAnswer("the service gives a link that is no URL") from error
    if not host or port == 0 or parts.username is not None or parts.password is not None:
        raise UnexpectedAnswer("the service gives a link that is none to a mere host")
    if parts.scheme == "https":
        return
    is_as_safe = is_loopback(host) if service.is_loopback else True
    if parts.scheme != "http" or service.is_encrypted or not is_as_safe:
        raise UnexpectedAnswer("the service gives a link that is not https")


def request(
    http: httpx2.Client,
    method: str,
    url: str,
    headers: dict[str, str],
    content: Iterable[bytes] | None = None,
) -> httpx2.Request:
    """Build a request whose URL is shown nowhere as a whole."""
    built = http.build_request(method, url, headers=headers, content=content)
    built.url = SignedUrl(built.url)
    return built
