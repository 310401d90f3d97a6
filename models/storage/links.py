"""Presigned links to a file's bytes: to fetch them, and to send them part by part."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from models.artifacts.parts import Part
from models.artifacts.record import ArtifactRecord
from models.evaluation.record import EvaluationRecord
from models.storage.object_store import PENDING_TAG
from models.storage.presign import Bucket, Credentials, Presigner
from models.timestamps import Clock, Timestamp, shifted

UPLOAD_SECONDS = 60 * 60
"""How long the links of an upload are good; asking again gives fresh ones."""
DOWNLOAD_DEFAULT_SECONDS = 900
DOWNLOAD_MAX_SECONDS = 60 * 60


@dataclass(frozen=True, slots=True)
class PartLink:
    """Where and how to send one part.

    Attributes:
        headers: what must be sent unchanged. The length is signed too, but stands apart: browsers
            set it themselves, and let nobody else.
    """

    url: str
    headers: dict[str, str]


class Links:
    """Signs links with whatever credentials the process has at the time.

    Args:
        credentials: gives the current ones; those of a role change every few hours.
    """

    def __init__(
        self, bucket: Bucket, credentials: Callable[[], Credentials], clock: Clock
    ) -> None:
        self._bucket = bucket
        self._credentials = credentials
        self._clock = clock

    def download(self, artifact: ArtifactRecord, seconds: int) -> str:
        """Return a link to the bytes that were verified, and to no later ones."""
        query = {
            "response-content-disposition": _attachment(artifact.filename),
            "response-content-type": artifact.content_type,
        }
        if artifact.object_version is not None:
            query["versionId"] = artifact.object_version
        return self._presigner().url(
            "GET", artifact.object_key, at=self._clock(), expires_in_seconds=seconds, query=query
        )

    def report(self, evaluation: EvaluationRecord, seconds: int) -> str | None:
        """Return a link to the report that a successful evaluation names, and to no later one."""
        if evaluation.result is None:
            return None
        query = {
            "response-content-disposition": _attachment(f"evaluation-{evaluation.id}.json"),
            "response-content-type": "application/json",
            "versionId": evaluation.result.report.object_version,
        }
        return self._presigner().url(
            "GET", evaluation.report_key, at=self._clock(), expires_in_seconds=seconds, query=query
        )

    def part(self, artifact: ArtifactRecord, part: Part) -> PartLink:
        """Return a link that takes exactly the bytes of one part, and nothing else."""
        headers = {"x-amz-checksum-sha256": base64.b64encode(bytes.fromhex(part.sha256)).decode()}
        query = {}
        if artifact.upload_id is None:
            headers |= {"content-type": artifact.content_type, "x-amz-tagging": PENDING_TAG}
            # The first bytes win: a link that is used again after the file was checked could
            # else put an object on top that is still to be expired.
            headers["if-none-match"] = "*"
        else:
            query = {"uploadId": artifact.upload_id, "partNumber": str(part.number)}
        url = self._presigner().url(
            "PUT",
            artifact.object_key,
            at=self._clock(),
            expires_in_seconds=UPLOAD_SECONDS,
            query=query,
            headers={**headers, "content-length": str(part.size_bytes)},
        )
        return PartLink(url, headers)

    def upload_expiry(self) -> Timestamp:
        """Return until when the links of an upload that are made now are good."""
        return shifted(self._clock(), timedelta(seconds=UPLOAD_SECONDS))

    def _presigner(self) -> Presigner:
        return Presigner(self._bucket, self._credentials())


def _attachment(filename: str) -> str:
    """Name the file to be saved, for old clients in ASCII (RFC 6266)."""
    plain = "".join(c if c.isascii() and c not in '"\\' else "_" for c in filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
