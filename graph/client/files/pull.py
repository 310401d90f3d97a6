"""Fetching a file: nothing appears under its name before it was compared with its digest."""

import hashlib
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, Final

import httpx2

from graph.client.answer import optional, understood
from graph.client.api import Api, unreachable
from graph.client.errors import (
    ChecksumMismatch,
    InvalidState,
    UnexpectedAnswer,
    not_found,
)
from graph.client.errors import Unreachable as NoAnswer
from graph.client.files.destination import replacing, target_of
from graph.client.files.presigned import request, require_safe
from graph.client.files.progress import Meter, Progress
from graph.client.retry import Transient
from graph.client.values.artifact import ARTIFACT_FIELDS, Artifact
from graph.client.values.problem import Problem

_LINK: Final = f"""query ($id: ID!) {{
  node(id: $id) {{ ... on Artifact {{ {ARTIFACT_FIELDS} downloadUrl }} }}
}}"""
_OK: Final = 200
_TRY_AGAIN: Final = frozenset({403, 408, 429, 500, 502, 503, 504})
"""403 is what S3 answers to a link that has expired; each attempt has a link of its own."""


def pull(
    api: Api, http: httpx2.Client, artifact_id: str, destination: Path, progress: Progress | None
) -> Path:
    """Fetch a file, and return where it is. See `Client.pull`."""
    artifact, _ = _link(api, artifact_id)
    target = target_of(destination, artifact.filename)
    if target.is_named_by_service and target.holds(artifact.size_bytes, artifact.sha256):
        return target.path
    target.require_free()  # before anything is fetched
    with replacing(target) as output:

        def attempt() -> None:
            found, url = _link(api, artifact_id)
            output.seek(0)
            output.truncate()
            _fetch(http, url, found, output, progress)

        api.persistently(attempt)
    return target.path


def _link(api: Api, artifact_id: str) -> tuple[Artifact, str]:
    node = optional(api.query(_LINK, id=artifact_id), "node")
    if not node:
        raise not_found(f"there is no artifact {artifact_id}")
    artifact = understood(Artifact.of, node)
    if artifact.id != artifact_id:
        raise UnexpectedAnswer(f"asked for the artifact {artifact_id}, it answers {artifact.id}")
    url = node.get("downloadUrl")
    if not isinstance(url, str):
        message = f"{artifact.filename} is {artifact.status}: only AVAILABLE files can be fetched"
        raise InvalidState([Problem("INVALID_STATE", message)])
    require_safe(url, api.address)
    return artifact, url


def _fetch(
    http: httpx2.Client, url: str, artifact: Artifact, output: BinaryIO, progress: Progress | None
) -> None:
    """Write the bytes of a link to `output`, and compare them with what was declared."""
    meter = Meter(artifact.size_bytes, progress)
    digest, size = hashlib.sha256(), 0
    try:
        built = request(http, "GET", url, {"Accept-Encoding": "identity"})
        with closing(http.send(built, stream=True)) as response:
            if response.status_code != _OK:
                raise _refusal(response.status_code)
            for piece in response.iter_raw():
                size += len(piece)
                if size > artifact.size_bytes:
                    raise _mismatch(f"S3 has more than the {artifact.size_bytes} bytes declared")
                digest.update(piece)
                output.write(piece)
                meter.add(len(piece))
    except (httpx2.RequestError, UnicodeError) as error:
        raise unreachable("S3", error) from error
    if size != artifact.size_bytes:
        raise _mismatch(f"S3 has {size} bytes, and {artifact.size_bytes} were declared")
    if digest.hexdigest() != artifact.sha256:
        raise _mismatch(f"the bytes have the SHA-256 {digest.hexdigest()}, not {artifact.sha256}")


def _refusal(status: int) -> Exception:
    message = f"S3 answered {status}"
    if status in _TRY_AGAIN:
        return Transient(NoAnswer(message))
    return UnexpectedAnswer(message)


def _mismatch(message: str) -> ChecksumMismatch:
    return ChecksumMismatch([Problem("CHECKSUM_MISMATCH", message)])
