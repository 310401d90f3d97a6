"""Files: push, pull, list, delete."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import httpx2

from graph.client.answer import Answer, member, optional, understood
from graph.client.calls.base import Calls
from graph.client.errors import not_found
from graph.client.files.announcement import File
from graph.client.files.progress import Progress
from graph.client.files.pull import pull
from graph.client.files.push import push
from graph.client.given import given
from graph.client.pages import items
from graph.client.values.artifact import ARTIFACT_FIELDS, Artifact

_ARTIFACT: Final = (
    f"query ($id: ID!) {{ node(id: $id) {{ ... on Artifact {{ {ARTIFACT_FIELDS} }} }} }}"
)
_ARTIFACTS: Final = f"""query (
  $id: ID!, $version: Int, $first: Int, $after: String, $statuses: [ArtifactStatus!]
) {{
  model(id: $id, version: $version) {{
    artifacts(first: $first, after: $after, statuses: $statuses) {{
      nodes {{ {ARTIFACT_FIELDS} }} pageInfo {{ hasNextPage endCursor }}
    }}
  }}
}}"""
_DELETE: Final = f"""mutation ($input: DeleteArtifactInput!) {{ deleteArtifact(input: $input) {{
  artifact {{ {ARTIFACT_FIELDS} }} userErrors {{ code message field }}
}} }}"""


class FileCalls(Calls):
    """Files of models. Their bytes go straight to S3, and come straight from there."""

    _storage: httpx2.Client
    """Sends no credentials: a presigned URL is enough."""

    def push(  # noqa: PLR0913  # all but two by name
        self,
        path: str | os.PathLike[str],
        model_id: str,
        *,
        filename: str | None = None,
        content_type: str | None = None,
        part_size: int | None = None,
        progress: Progress | None = None,
        workers: int = 4,
        reason: str | None = None,
        changed_by: str | None = None,
        wait: float = 1_800.0,
    ) -> Artifact:
        """Send a file to a model, and return it once it is AVAILABLE.

        It can be run again after any break, and goes on where it stopped; a file that the model has
        already, under this name and with these bytes, is returned without sending anything.

        Args:
            filename: the file's own name unless given.
            part_size: bytes of a part. A file of at most so many goes in one piece; 64 MiB unless
                given, and more where there would be over 1,000 parts.
            progress: called with the bytes sent so far and all bytes; from several threads, but
                never from two at once.
            workers: parts that are sent side by side.
            wait: seconds to wait for the service to hash a large file.

        Raises:
            FileChanged: the file was altered meanwhile.
            ChecksumMismatch: what S3 got is not what was declared.
            UnexpectedAnswer: the artifact is of another file.
            StillVerifying: the time to wait is over.
        """
        file = File(
            path=Path(path),
            model_id=model_id,
            filename=filename or Path(path).name,
            content_type=content_type,
            part_size=part_size,
            reason=reason,
            changed_by=changed_by,
        )
        return push(self._api, self._storage, file, progress=progress, workers=workers, wait=wait)

    def pull(
        self,
        artifact_id: str,
        destination: str | os.PathLike[str],
        *,
        progress: Progress | None = None,
    ) -> Path:
        """Fetch a file, and return where it is.

        Its size and SHA-256 are compared before it appears under its name; until then a file that
        is there stays as it is, and nothing else is left behind. One that is replaced hands on its
        permissions.

        Args:
            destination: a path, or a directory that is there, in which the file gets its own name.
                That name was somebody else's choice: it replaces nothing with other bytes, and may
                not begin with a dot or hold unprintable characters.
            progress: called with the bytes fetched so far and all bytes.

        Raises:
            NotFound: there is no such file.
            InvalidState: it is not AVAILABLE.
            ClientError: something is at the destination that is no regular file, or may not be
                replaced; or the file's own name is no good one.
            ChecksumMismatch: what was fetched is not the file.
        """
        return pull(self._api, self._storage, artifact_id, Path(destination), progress)

    def artifact(self, artifact_id: str) -> Artifact:
        """Read what is known of a file.

        Raises:
            NotFound: there is none.
        """
        found = optional(self._api.query(_ARTIFACT, id=artifact_id), "node")
        if not found:
            raise not_found(f"there is no artifact {artifact_id}")
        return understood(Artifact.of, found)

    def artifacts(
        self,
        model_id: str,
        *,
        version: int | None = None,
        statuses: Sequence[str] | None = None,
        page_size: int = 100,
    ) -> Iterator[Artifact]:
        """List a model's files as they are needed, the newest first.

        Args:
            version: those that the model had then.
            statuses: only AVAILABLE ones unless given.

        Raises:
            NotFound: there is no such model.
        """

        def page(size: int, after: str | None) -> Answer:
            data = self._api.query(
                _ARTIFACTS, id=model_id, version=version, first=size, after=after, statuses=statuses
            )
            model = optional(data, "model")
            if model is None:
                raise not_found(f"there is no model {model_id}")
            return member(model, "artifacts")

        for node in items(page, page_size):
            yield understood(Artifact.of, node)

    def delete_artifact(
        self, artifact_id: str, *, reason: str | None = None, changed_by: str | None = None
    ) -> Artifact:
        """Take a file off its model. Its record stays, and the versions before still have it.

        The API takes no idempotency key here, so that nothing is sent again which may have been
        executed. A file that is DELETED already is InvalidState.
        """
        fields = given(artifact_id=artifact_id, reason=reason, changed_by=changed_by)
        payload = self._api.mutate(_DELETE, fields, keyed=False, repeatable=False)
        return understood(Artifact.of, member(payload, "artifact"))
