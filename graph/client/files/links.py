"""The presigned URLs of an upload, asked for anew when they expire."""

import re
import threading
from dataclasses import dataclass, field
from typing import Any, Final, Self

from graph.client.answer import Answer, listed, optional, understood
from graph.client.api import Api
from graph.client.errors import UnexpectedAnswer
from graph.client.files.presigned import require_safe
from graph.client.values.value import Value

_UPLOAD: Final = """query ($id: ID!) { node(id: $id) { ... on Artifact { upload {
  parts { partNumber offset sizeBytes url uploaded headers { name value } }
} } } }"""
_LINKS: Final = """query ($id: ID!) { node(id: $id) { ... on Artifact { upload {
  parts { partNumber offset sizeBytes url headers { name value } }
} } } }"""

_NAME: Final = re.compile(r"[A-Za-z0-9-]+")
_TEXT: Final = re.compile(r"[ -~]*")


@dataclass(frozen=True, slots=True)
class PartLink(Value):
    """Where a part goes.

    Attributes:
        url: lets whoever has it send the part; repr does not show it.
        uploaded: S3 has the part already, as far as it was asked.
    """

    number: int
    offset: int
    size: int
    url: str = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    uploaded: bool = False

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Self:
        """Read an UploadPart."""
        return cls(
            number=answer["partNumber"],
            offset=answer["offset"],
            size=answer["sizeBytes"],
            url=answer["url"],
            headers=dict(_header(header) for header in answer["headers"]),
            uploaded=answer.get("uploaded", False),
        )


class UploadEnded(Exception):  # noqa: N818  # a finding
    """The artifact does not wait for bytes any more: somebody else has completed it."""


class UploadLinks:
    """The links of one artifact's parts, which several threads share.

    Args:
        artifact_id: of one that is PENDING.
        size: of the file, which the parts must cover.

    Raises:
        UploadEnded: it is not.
    """

    def __init__(self, api: Api, artifact_id: str, size: int) -> None:
        self._api = api
        self._artifact_id = artifact_id
        self._size = size
        self._lock = threading.Lock()
        self._links = self._read(_UPLOAD)
        self.parts = list(self._links.values())
        """In the order of the file."""

    def fresh(self, stale: PartLink) -> PartLink:
        """Return another link to a part: of all parts at once, the first time it is asked for.

        Raises:
            UploadEnded: there is none any more.
        """
        with self._lock:
            if self._links[stale.number].url == stale.url:
                self._links = self._read(_LINKS)
            link = self._links.get(stale.number)
            if link is None or (link.offset, link.size) != (stale.offset, stale.size):
                raise UnexpectedAnswer("the parts of the upload are others than before")
            return link

    def _read(self, document: str) -> dict[int, PartLink]:
        node = optional(self._api.query(document, id=self._artifact_id), "node") or {}
        upload = optional(node, "upload")
        if upload is None:
            raise UploadEnded
        parts = [understood(PartLink.of, part) for part in listed(upload, "parts")]
        _require_all(parts, self._size)
        for part in parts:
            require_safe(part.url, self._api.address)
        return {part.number: part for part in parts}


def _header(answer: Answer) -> tuple[str, str]:
    name, value = answer["name"], answer["value"]
    if not _NAME.fullmatch(name) or not _TEXT.fullmatch(value):
        raise ValueError("a header that cannot be sent")
    return name.lower(), value


def _require_all(parts: list[PartLink], size: int) -> None:
    """Require that the parts are the whole file, each byte of it once."""
    end = 0
    for number, part in enumerate(parts, 1):
        if (part.number, part.offset) != (number, end) or part.size < 0:
            raise UnexpectedAnswer("the parts of the upload are not those of a file")
        end += part.size
    if end != size:
        raise UnexpectedAnswer(f"the parts of the upload have {end} bytes, and the file {size}")
