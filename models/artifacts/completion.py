"""Checking what S3 holds of a file, and only then making it AVAILABLE."""

from dataclasses import replace

from models.artifacts.arrival import Arrival, ArtifactOutcome, artifact_ref, is_asked_for
from models.artifacts.commands import CompleteUpload
from models.artifacts.findings import difference, incomplete, require_parts
from models.artifacts.parts import MIB
from models.artifacts.record import (
    ArtifactRecord,
    ArtifactStatus,
    HashingRequest,
    VerificationMethod,
)
from models.artifacts.uploads import Uploads
from models.entities import ArtifactItem
from models.history.chain import Attribution
from models.ids import ArtifactRef
from models.principal import Principal
from models.registry.belonging import active_model
from models.registry.commit import attribution_of, persistently
from models.registry.validation import Faults
from models.storage.object_store import ObjectStore
from models.timestamps import Clock, elapsed_ms

REHASH_INLINE_MAX_BYTES = 64 * MIB
"""A larger object is hashed beside the request, which would else take too long."""
HASHING_MAX_SECONDS = 900
"""Hashing that was asked for longer ago may be asked for anew: no run of it lasts longer."""


class Completion:
    """Step 2 of 2 of a file's way into the registry.

    A large object is hashed by `Hasher`, which the table's stream tells of it.
    """

    def __init__(
        self, store: ObjectStore, uploads: Uploads, arrival: Arrival, clock: Clock
    ) -> None:
        self._store = store
        self._uploads = uploads
        self._arrival = arrival
        self._clock = clock

    def complete(self, principal: Principal, command: CompleteUpload) -> ArtifactOutcome:
        """Check a file's bytes, and add it to its model. Doing so twice is the same as once.

        The outcome is VERIFYING, without an entry, where the object is still being hashed.

        Raises:
            Refusal: the bytes are not there, or not what was declared.
        """
        faults = Faults()
        faults.check_attribution(command)
        faults.raise_any()
        attribution = attribution_of(principal, command)
        ref = artifact_ref(command.artifact_id)
        return persistently(lambda: self._complete(ref, attribution))

    def _complete(self, ref: ArtifactRef, attribution: Attribution) -> ArtifactOutcome:
        model, artifact = self._arrival.read(ref)
        if done := self._arrival.finished(artifact):
            return done
        active_model(model, "artifactId")
        if artifact.is_multipart:
            return self._complete_parts(artifact, attribution)
        stored = self._store.head(artifact.object_key)
        if stored is None:
            raise incomplete("S3 has no bytes of this file yet: send them first")
        artifact = replace(artifact, object_version=stored.version)
        self._arrival.require(artifact, difference(artifact, stored))
        return self._arrival.make_available(artifact, VerificationMethod.S3_CHECKSUM, attribution)

    def _complete_parts(
        self, artifact: ArtifactRecord, attribution: Attribution
    ) -> ArtifactOutcome:
        is_large = artifact.size_bytes > REHASH_INLINE_MAX_BYTES
        hashing = HashingRequest(self._clock(), attribution) if is_large else None
        if artifact.status is ArtifactStatus.PENDING:
            artifact = self._join(artifact, hashing)
        else:
            self._arrival.require_current(artifact)
            if hashing and not self._is_being_hashed(artifact):
                unchanged = is_asked_for(artifact.hashing)
                artifact = replace(artifact, hashing=hashing)
                self._arrival.put(artifact, unchanged)
        if is_large:
            return ArtifactOutcome(artifact, None)
        return self._arrival.rehash(artifact, attribution)

    def _is_being_hashed(self, artifact: ArtifactRecord) -> bool:
        if artifact.hashing is None:
            return False
        asked_ms_ago = elapsed_ms(artifact.hashing.asked_at, self._clock())
        return asked_ms_ago < HASHING_MAX_SECONDS * 1_000

    def _join(self, artifact: ArtifactRecord, hashing: HashingRequest | None) -> ArtifactRecord:
        """Make one object of the parts, and mark the file VERIFYING."""
        upload_id = str(artifact.upload_id)
        stored = self._store.parts(artifact.object_key, upload_id)
        if stored is not None:
            expected = self._uploads.parts(artifact)
            require_parts(expected, stored)
            wanted = {part.number: stored[part.number] for part in expected}
            self._store.end_multipart(artifact.object_key, upload_id, wanted)
        joined = self._store.head(artifact.object_key)
        if joined is None:
            raise incomplete("the upload expired before it was complete: announce the file anew")
        verifying = replace(
            artifact,
            status=ArtifactStatus.VERIFYING,
            object_version=joined.version,
            hashing=hashing,
        )
        declared = replace(joined, sha256=artifact.sha256)  # S3 has none of the whole
        self._arrival.require(verifying, difference(verifying, declared))
        # Of many who complete at once one has it hashed.
        self._arrival.put(verifying, ArtifactItem.status == ArtifactStatus.PENDING.value)
        return verifying
