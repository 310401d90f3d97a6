"""What can go wrong on the way to the Hub: each takes a good answer and spoils it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Protocol

from graph.local.hub.reply import Headers, Reply, json_reply, redirect, refusal


class Fault(Protocol):
    """A way to spoil an answer."""

    def spoil(self, reply: Reply) -> Reply:
        """Return what is sent in place of `reply`."""
        ...


@dataclass(frozen=True, slots=True)
class Status:
    """Answer with a status, such as 500 or a 429 with Retry-After."""

    status: int
    headers: Headers = ()
    body: bytes = b""

    def spoil(self, _reply: Reply) -> Reply:
        """Drop the answer."""
        return Reply(self.status, self.body, self.headers)


@dataclass(frozen=True, slots=True)
class Refuse:
    """Refuse as the Hub does, with a code such as RepoNotFound or GatedRepo."""

    status: int
    code: str
    message: str = ""

    def spoil(self, _reply: Reply) -> Reply:
        """Drop the answer."""
        return refusal(self.status, self.code, self.message)


@dataclass(frozen=True, slots=True)
class Delay:
    """Say nothing for a while."""

    seconds: float

    def spoil(self, reply: Reply) -> Reply:
        """Answer later."""
        return replace(reply, delay_seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Drip:
    """Send the body byte by byte, with a pause after each."""

    seconds: float

    def spoil(self, reply: Reply) -> Reply:
        """Answer slowly."""
        return replace(reply, drip_seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class CutOff:
    """Announce a longer body than is sent, then hang up."""

    missing_bytes: int = 100

    def spoil(self, reply: Reply) -> Reply:
        """Break off."""
        return replace(reply, missing_bytes=self.missing_bytes)


@dataclass(frozen=True, slots=True)
class HangUp:
    """Close the connection in place of an answer."""

    def spoil(self, reply: Reply) -> Reply:
        """Say nothing."""
        return replace(reply, is_hung_up=True)


@dataclass(frozen=True, slots=True)
class InvalidJson:
    """Answer with half a JSON value."""

    def spoil(self, reply: Reply) -> Reply:
        """Break the body."""
        return replace(reply, body=b'{"id": "half')


@dataclass(frozen=True, slots=True)
class OtherJson:
    """Answer with some other JSON value, of any type."""

    value: object

    def spoil(self, _reply: Reply) -> Reply:
        """Drop the answer."""
        return json_reply(self.value)


@dataclass(frozen=True, slots=True)
class Changed:
    """Answer with other values for some fields of the JSON object."""

    fields: Mapping[str, object]

    def spoil(self, reply: Reply) -> Reply:
        """Change the fields, and leave a refusal alone."""
        if reply.status != HTTPStatus.OK:
            return reply
        return replace(reply, body=json.dumps({**json.loads(reply.body), **self.fields}).encode())


@dataclass(frozen=True, slots=True)
class HugeBody:
    """Answer with so many bytes."""

    size_bytes: int = 20_000_000

    def spoil(self, reply: Reply) -> Reply:
        """Replace the body."""
        return replace(reply, body=b"#" * self.size_bytes)


@dataclass(frozen=True, slots=True)
class ManySiblings:
    """List so many files in place of the repository's own."""

    count: int = 10_000

    def spoil(self, reply: Reply) -> Reply:
        """Replace the list of files."""
        files = [{"rfilename": f"part-{i:05}.bin", "size": i} for i in range(self.count)]
        return Changed({"siblings": files}).spoil(reply)


@dataclass(frozen=True, slots=True)
class RedirectTo:
    """Send the client to any URL."""

    url: str
    status: int = HTTPStatus.TEMPORARY_REDIRECT

    def spoil(self, _reply: Reply) -> Reply:
        """Drop the answer."""
        return redirect(self.status, self.url)
