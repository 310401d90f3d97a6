"""Finding the artifact that a file goes into: one of an earlier run, or a new one."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from graph.client.answer import Answer, member, optional, understood
from graph.client.api import Api
from graph.client.errors import IdempotencyConflict, not_found
from graph.client.files.source import Digests
from graph.client.given import given
from graph.client.pages import PAGE_MAX_ITEMS, items
from graph.client.values.artifact import ARTIFACT_FIELDS, Artifact

_CREATE: Final = f"""mutation ($input: CreateArtifactUploadInput!) {{
  createArtifactUpload(input: $input) {{
    artifact {{ {ARTIFACT_FIELDS} }} userErrors {{ code message field }}
  }}
}}"""
_LIST: Final = f"""query ($id: ID!, $first: Int, $after: String) {{
  model(id: $id) {{
    artifacts(first: $first, after: $after, statuses: [PENDING, VERIFYING, AVAILABLE]) {{
      nodes {{ {ARTIFACT_FIELDS} }} pageInfo {{ hasNextPage endCursor }}
    }}
  }}
}}"""
_DEAD: Final = frozenset({"REJECTED", "DELETED"})
_FURTHEST_LAST: Final = ("PENDING", "VERIFYING", "AVAILABLE")


@dataclass(frozen=True, slots=True)
class File:
    """What is to become of a file on this machine.

    Attributes:
        filename: its name in the registry.
        content_type: application/octet-stream where it is None.
        part_size: see `graph.client.files.plan.part_size_for`.
    """

    path: Path
    model_id: str
    filename: str
    content_type: str | None = None
    part_size: int | None = None
    reason: str | None = None
    changed_by: str | None = None


def artifact_for(api: Api, file: File, digests: Digests) -> Artifact:
    """Return the artifact that waits for these bytes or has them, announcing it if there is none.

    An earlier run may have been cut anywhere: its announcement is found among the model's files,
    or, where the list does not show it, by the idempotency key, which follows from the input.
    """
    return _earlier(api, file, digests) or _announced(api, file, digests)


def announced_anew(api: Api, file: File, digests: Digests, after: Artifact) -> Artifact:
    """Announce the file again, after an artifact that it cannot go into any more.

    Whoever else does so after the same artifact gets the same new one.
    """
    return _announced(api, file, digests, after)


def _announced(api: Api, file: File, digests: Digests, after: Artifact | None = None) -> Artifact:
    announcement = _announcement(file, digests)
    text = json.dumps([announcement, after and after.id], sort_keys=True)
    key = f"push/{hashlib.sha256(text.encode()).hexdigest()}"
    try:
        found = _create(api, announcement, key)
        # Sent again, it answers the first artifact, which may have been deleted or rejected since.
        if found.status not in _DEAD:
            return found
        if after is None:
            return _announced(api, file, digests, found)
    except IdempotencyConflict:  # somebody else's use of the key
        pass
    return _create(api, announcement, str(uuid.uuid4()))


def _earlier(api: Api, file: File, digests: Digests) -> Artifact | None:
    def page(size: int, after: str | None) -> Answer:
        data = api.query(_LIST, id=file.model_id, first=size, after=after)
        model = optional(data, "model")
        if model is None:
            raise not_found(f"there is no model {file.model_id}")
        return member(model, "artifacts")

    found: list[Artifact] = []
    for node in items(page, PAGE_MAX_ITEMS):
        artifact = understood(Artifact.of, node)
        if _is_same(artifact, file, digests):
            found.append(artifact)
            if artifact.status == "AVAILABLE":
                return artifact
    # The newest of those that have come furthest: the oldest may have expired.
    return max(found, key=lambda one: _FURTHEST_LAST.index(one.status), default=None)


def is_of(artifact: Artifact, file: File, digests: Digests) -> bool:
    """Tell whether an artifact has a file's name and its bytes."""
    return (artifact.filename, artifact.size_bytes, artifact.sha256) == (
        file.filename,
        digests.size,
        digests.sha256,
    )


def _is_same(artifact: Artifact, file: File, digests: Digests) -> bool:
    same_type = file.content_type in {None, artifact.content_type}
    return (
        is_of(artifact, file, digests)
        and artifact.status in _FURTHEST_LAST
        and (same_type or artifact.status == "AVAILABLE")
    )


def _announcement(file: File, digests: Digests) -> dict[str, Any]:
    announcement = given(
        model_id=file.model_id,
        filename=file.filename,
        size_bytes=digests.size,
        sha256=digests.sha256,
        content_type=file.content_type,
        changed_by=file.changed_by,
    )
    if digests.part_size is not None:
        announcement |= given(part_size_bytes=digests.part_size, part_sha256=digests.part_sha256)
    return announcement


def _create(api: Api, announcement: dict[str, Any], key: str) -> Artifact:
    payload = api.mutate(_CREATE, announcement | {"idempotencyKey": key})
    return understood(Artifact.of, member(payload, "artifact"))
