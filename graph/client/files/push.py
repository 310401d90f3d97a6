"""The whole way of a file into the registry, from wherever an earlier run has left it."""

from typing import Final

import httpx2

from graph.client.answer import member, optional, understood
from graph.client.api import Api
from graph.client.errors import (
    ChecksumMismatch,
    StillVerifying,
    UnexpectedAnswer,
    UploadIncomplete,
    VersionConflict,
    not_found,
)
from graph.client.files.announcement import File, announced_anew, artifact_for, is_of
from graph.client.files.links import UploadEnded, UploadLinks
from graph.client.files.progress import Meter, Progress
from graph.client.files.sending import Sender, UploadExpired
from graph.client.files.source import Source
from graph.client.given import given
from graph.client.retry import Transient
from graph.client.values.artifact import ARTIFACT_FIELDS, Artifact
from graph.client.values.problem import Problem

ROUNDS_MAX: Final = 3
"""So often what S3 lacks is sent: others may interfere, or an upload may expire."""
_ALIVE: Final = frozenset({"PENDING", "VERIFYING", "AVAILABLE"})
_FIRST_POLL_SECONDS: Final = 0.5
_LONGEST_POLL_SECONDS: Final = 5.0

_COMPLETE: Final = f"""mutation ($input: CompleteArtifactUploadInput!) {{
  completeArtifactUpload(input: $input) {{
    artifact {{ {ARTIFACT_FIELDS} }} userErrors {{ code message field }}
  }}
}}"""
_ARTIFACT: Final = f"""query ($id: ID!) {{
  node(id: $id) {{ ... on Artifact {{ {ARTIFACT_FIELDS} }} }}
}}"""


def push(  # the last three by name
    api: Api,
    http: httpx2.Client,
    file: File,
    *,
    progress: Progress | None,
    workers: int,
    wait: float,
) -> Artifact:
    """Send a file, and return its artifact once it is AVAILABLE. See `Client.push`."""
    with Source(file.path, file.part_size) as source:
        artifact = _completed(api, http, file, source, progress, workers)
    artifact = _verified(api, artifact, wait)
    if not is_of(artifact, file, source.digests):
        raise UnexpectedAnswer(
            f"{file.path} was sent, and {artifact.filename} answered, of {artifact.size_bytes} "
            f"bytes with the SHA-256 {artifact.sha256}"
        )
    return artifact


def _completed(
    api: Api,
    http: httpx2.Client,
    file: File,
    source: Source,
    progress: Progress | None,
    workers: int,
) -> Artifact:
    """Send what S3 lacks until the service has all of it, and return the artifact as it is then."""
    artifact = artifact_for(api, file, source.digests)
    for number in range(1, ROUNDS_MAX + 1):
        if artifact.status == "AVAILABLE":
            break
        is_gone = artifact.status == "PENDING" and not _send(
            api, http, source, artifact, progress, workers
        )
        source.require_unchanged()
        try:
            artifact = _complete(api, file, artifact.id)
            break
        except UploadIncomplete:
            if number == ROUNDS_MAX:
                raise
            now = _read(api, artifact.id)
            was_pending = artifact.status == "PENDING"
            # Another run may have completed it just now. If none has, S3 has nothing of it.
            is_lost = is_gone if now.status == "PENDING" else not was_pending
            if now.status not in _ALIVE or (now.status != "AVAILABLE" and is_lost):
                now = announced_anew(api, file, source.digests, after=now)
            artifact = now
    return artifact


def _send(  # what sending takes
    api: Api,
    http: httpx2.Client,
    source: Source,
    artifact: Artifact,
    progress: Progress | None,
    workers: int,
) -> bool:
    """Send what S3 lacks, and return whether S3 knows the upload.

    It knows it no more where it expired, and where another run has just had the parts joined: the
    service tells which, asked to complete it.
    """
    try:
        links = UploadLinks(api, artifact.id, source.digests.size)
        Sender(api, http, source, links, Meter(source.digests.size, progress)).send_missing(workers)
    except UploadEnded:
        return True
    except UploadExpired:
        return False
    return True


def _complete(api: Api, file: File, artifact_id: str) -> Artifact:
    """Complete the upload, which can be done any number of times."""
    fields = given(artifact_id=artifact_id, reason=file.reason, changed_by=file.changed_by)

    def attempt() -> Artifact:
        try:
            payload = api.mutate(_COMPLETE, fields, keyed=False)
        except VersionConflict as busy:  # others kept changing the model
            raise Transient(busy) from busy
        return understood(Artifact.of, member(payload, "artifact"))

    return api.persistently(attempt)


def _verified(api: Api, artifact: Artifact, wait: float) -> Artifact:
    """Wait until the service has hashed the file."""
    clock, pause = api.clock, _FIRST_POLL_SECONDS
    end = clock.monotonic() + wait
    while artifact.status == "VERIFYING":
        if clock.monotonic() >= end:
            raise StillVerifying(
                f"{artifact.filename} is still being hashed: push it again to go on waiting"
            )
        clock.sleep(pause)
        pause = min(pause * 2, _LONGEST_POLL_SECONDS)
        artifact = _read(api, artifact.id)
    if artifact.status == "REJECTED":
        raise ChecksumMismatch([Problem("CHECKSUM_MISMATCH", str(artifact.rejection))])
    if artifact.status != "AVAILABLE":
        raise UnexpectedAnswer(f"the file is {artifact.status} now")
    return artifact


def _read(api: Api, artifact_id: str) -> Artifact:
    node = optional(api.query(_ARTIFACT, id=artifact_id), "node")
    if not node:
        raise not_found(f"there is no artifact {artifact_id} any more")
    return understood(Artifact.of, node)
