"""ArtifactUpload: what a client sends to S3 itself, since bytes never pass through the API."""

from collections.abc import Callable
from functools import cache

import strawberry

from graph.context import Info
from graph.types.scalars import Long
from models.artifacts.parts import Part
from models.artifacts.record import ArtifactRecord, ArtifactStatus
from models.storage.links import PartLink
from models.timestamps import Timestamp


@strawberry.type(description="A header of an HTTP request")
class HttpHeader:
    """A name and its value."""

    name: str = strawberry.field(description="Lower case")
    value: str = strawberry.field(description="To be sent unchanged: it is signed")


@strawberry.type(description="One PUT")
class UploadPart:
    """A part of a file, and the link that takes its bytes and no others."""

    part_number: int = strawberry.field(description="From 1")
    offset: Long = strawberry.field(description="First byte of the part in the file")
    size_bytes: Long = strawberry.field(description="How many bytes to send")
    url: str = strawberry.field(description="Presigned PUT, good until expiresAt")
    headers: list[HttpHeader] = strawberry.field(
        description="To be sent, besides Content-Length: sizeBytes, which browsers set themselves"
    )
    arrived: strawberry.Private[Callable[[], set[int]]]

    @strawberry.field(description="S3 has this part already. Asks S3")
    def uploaded(self) -> bool:
        """Ask S3, once for all parts."""
        return self.part_number in self.arrived()

    @classmethod
    def of(cls, part: Part, link: PartLink, arrived: Callable[[], set[int]]) -> "UploadPart":
        """Show a part and its link."""
        return cls(
            part_number=part.number,
            offset=Long(part.offset),
            size_bytes=Long(part.size_bytes),
            url=link.url,
            headers=[HttpHeader(name=name, value=value) for name, value in link.headers.items()],
            arrived=arrived,
        )


@strawberry.type(
    description="What a client sends to S3: one PUT per part, each with exactly these headers"
)
class ArtifactUpload:
    """The way of a file's bytes."""

    multipart: bool = strawberry.field(description="Whether there are several parts to be joined")
    parts: list[UploadPart] = strawberry.field(description="In the order of the file")
    expires_at: Timestamp = strawberry.field(
        description="Until when the URLs are good; `Artifact.upload` gives fresh ones"
    )


def upload_of(info: Info, record: ArtifactRecord) -> ArtifactUpload | None:
    """Sign links to the parts of a file that waits for its bytes."""
    if record.status is not ArtifactStatus.PENDING:
        return None
    uploads, links = info.context.services.uploads, info.context.services.links
    arrived = cache(lambda: uploads.arrived(record))
    return ArtifactUpload(
        multipart=record.is_multipart,
        parts=[
            UploadPart.of(part, _charged(info, links.part(record, part)), arrived)
            for part in uploads.parts(record)
        ],
        expires_at=links.upload_expiry(),
    )


def _charged(info: Info, link: PartLink) -> PartLink:
    info.context.budget.charge(link.url)
    return link
