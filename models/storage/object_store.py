"""The one adapter to S3: what it stores of a file, and how a file in parts is begun and ended."""

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import (
    ClientError,
    ConnectionError,  # noqa: A004  # botocore's own
    HTTPClientError,
    IncompleteReadError,
)

from models.errors import Throttled

PENDING_TAG = "pending=1"
"""On every upload until it is complete; the bucket's lifecycle expires what keeps it."""
READ_ATTEMPTS = 4
"""Of reading on where a connection broke, as long as not one byte comes of it."""
_CHUNK_BYTES = 1024 * 1024
_UNDECLARED = (
    "ContentDisposition",
    "ContentEncoding",
    "ContentLanguage",
    "Metadata",
    "WebsiteRedirectLocation",
)
"""Cache-Control is not among them: browsers add it to a PUT with If-None-Match by themselves."""
_OVERLOADED = frozenset({"503", "ServiceUnavailable", "SlowDown"})
_NO_SUCH = frozenset({"404", "NoSuchKey", "NoSuchUpload", "NoSuchVersion", "NotFound"})


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What S3 has under a key.

    Attributes:
        sha256: of the whole object, lower-case hex; None where S3 has only that of its parts.
        undeclared: headers that it was sent with and that change what a download gives, such as a
            content encoding: a signature does not keep a sender from adding them.
    """

    version: str
    size_bytes: int
    content_type: str
    sha256: str | None
    undeclared: str = ""


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A part that S3 has already."""

    size_bytes: int
    sha256: str | None
    etag: str


class ObjectStore:
    """The bucket of artifacts.

    Args:
        client: builds the S3 client, when it is first needed: importing boto3 takes longer than
            most requests do, and few of them need S3.
    """

    def __init__(self, client: Callable[[], Any], bucket: str) -> None:
        self._make_client = client
        self._made_client: Any = None
        self._bucket = bucket

    @property
    def _client(self) -> Any:  # noqa: ANN401  # boto3's clients have no public type
        if self._made_client is None:
            self._made_client = self._make_client()
        return self._made_client

    def check(self) -> None:
        """Look at the bucket, which may be empty.

        Raises:
            ClientError: it is not there, or cannot be read.
        """
        self._client.head_bucket(Bucket=self._bucket)

    def head(self, key: str) -> StoredObject | None:
        """Tell what S3 has under a key, or None where it has nothing."""
        with _absent_is_none() as absent:
            found = self._client.head_object(Bucket=self._bucket, Key=key, ChecksumMode="ENABLED")
        if absent:
            return None
        return StoredObject(
            version=found.get("VersionId", "null"),
            size_bytes=found["ContentLength"],
            content_type=found.get("ContentType", ""),
            sha256=_whole_digest(found),
            undeclared=", ".join(name for name in _UNDECLARED if found.get(name)),
        )

    def put(self, key: str, content: bytes, content_type: str) -> str:
        """Store an object whole, checked by its SHA-256, and return its version."""
        with _coded():
            stored = self._client.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=content,
                ContentType=content_type,
                ChecksumSHA256=base64.b64encode(hashlib.sha256(content).digest()).decode(),
            )
        version: str = stored.get("VersionId", "null")
        return version

    def begin_multipart(self, key: str, content_type: str) -> str:
        """Begin an upload in parts, and return its id."""
        with _coded():
            begun = self._client.create_multipart_upload(
                Bucket=self._bucket,
                Key=key,
                ContentType=content_type,
                ChecksumAlgorithm="SHA256",
                Tagging=PENDING_TAG,
            )
        upload_id: str = begun["UploadId"]
        return upload_id

    def parts(self, key: str, upload_id: str) -> dict[int, StoredPart] | None:
        """Tell which parts S3 has, or None where the upload was ended or aborted."""
        parts: dict[int, StoredPart] = {}
        marker = 0
        while True:
            with _absent_is_none() as absent:
                page = self._client.list_parts(
                    Bucket=self._bucket, Key=key, UploadId=upload_id, PartNumberMarker=marker
                )
            if absent:
                return None
            for part in page.get("Parts", ()):
                digest = part.get("ChecksumSHA256")
                parts[part["PartNumber"]] = StoredPart(
                    part["Size"], _hex(digest) if digest else None, part["ETag"]
                )
            if not page.get("IsTruncated"):
                return parts
            marker = page["NextPartNumberMarker"]

    def end_multipart(self, key: str, upload_id: str, parts: Mapping[int, StoredPart]) -> None:
        """Join the parts to an object; nothing happens where that was done already."""
        with _absent_is_none():
            self._client.complete_multipart_upload(
                Bucket=self._bucket,
                Key=key,
                UploadId=upload_id,
                MultipartUpload={"Parts": _part_list(parts)},
            )

    def keep(self, key: str, version: str) -> None:
        """Take the pending tag off, so that the object stays."""
        with _coded():
            self._client.delete_object_tagging(Bucket=self._bucket, Key=key, VersionId=version)

    def chunks(self, key: str, version: str) -> Iterator[bytes]:
        """Read an object piece by piece, in constant memory.

        Where the connection breaks, it goes on from there, unless it does not get any further.

        Raises:
            Throttled: S3 does not answer.
        """
        offset, attempts_left = 0, READ_ATTEMPTS
        while attempts_left:
            try:
                for chunk in self._chunks_from(offset, key, version):
                    offset, attempts_left = offset + len(chunk), READ_ATTEMPTS
                    yield chunk
            except (HTTPClientError, IncompleteReadError) as error:
                attempts_left -= 1
                if not attempts_left:
                    raise Throttled("S3 does not answer: try again later") from error
            else:
                return

    def _chunks_from(self, offset: int, key: str, version: str) -> Iterator[bytes]:
        span = {"Range": f"bytes={offset}-"} if offset else {}
        with _coded():
            found = self._client.get_object(Bucket=self._bucket, Key=key, VersionId=version, **span)
        with closing(found["Body"]) as body:
            yield from body.iter_chunks(_CHUNK_BYTES)


def _part_list(parts: Mapping[int, StoredPart]) -> Sequence[Mapping[str, object]]:
    return [
        {
            "PartNumber": number,
            "ETag": part.etag,
            "ChecksumSHA256": base64.b64encode(bytes.fromhex(part.sha256 or "")).decode(),
        }
        for number, part in sorted(parts.items())
    ]


def _whole_digest(found: Mapping[str, Any]) -> str | None:
    digest = found.get("ChecksumSHA256")
    # "-2" after a composite checksum tells of how many parts' digests it is the digest.
    return _hex(digest) if digest and "-" not in digest else None


def _hex(digest: str) -> str:
    return base64.b64decode(digest).hex()


@contextmanager
def _absent_is_none() -> Iterator[list[ClientError]]:
    """Collect S3's saying that there is no such thing, and let every other error pass."""
    absent: list[ClientError] = []
    with _coded():
        try:
            yield absent
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") not in _NO_SUCH:
                raise
            absent.append(error)


@contextmanager
def _coded() -> Iterator[None]:
    """Tell that S3 is not to be reached, or overloaded, from what is wrong with the request."""
    try:
        yield
    except (ConnectionError, HTTPClientError) as error:
        raise Throttled("S3 does not answer: try again later") from error
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _OVERLOADED:
            raise Throttled("S3 is overloaded: try again later") from error
        raise
