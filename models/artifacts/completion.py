"""Checking what S3 holds of a file, and only then making it AVAILABLE."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

from models.artifacts.change import addition
from models.artifacts.commands import CompleteUpload
from models.artifacts.findings import (
    difference,
    incomplete,
    mismatch,
    no_artifact,
    require_parts,
)
from models.artifacts.parts import MIB
from models.artifacts.record import (
    ArtifactRecord,
    ArtifactStatus,
    Verification,
    VerificationMethod,
)
from models.artifacts.uploads import Uploads
from models.entities import ArtifactItem, ChangeItem
from models.entities.artifact import artifact_key
from models.entities.change import change_key
from models.entities.item import Item
from models.entities.model import model_key
from models.errors import Refusal, UserErrorCode
from models.history.chain import Attribution, link
from models.ids import ArtifactRef, parse_node_id
from models.principal import Principal
from models.records import ChangeAction, ChangeRecord
from models.registry.belonging import active_model, next_version
from models.registry.commit import attribution_of, commit, persistently
from models.registry.validation import Faults
from models.storage.object_store import ObjectStore
from models.table import Table
from models.timestamps import Clock
from models.transaction import ConditionFailed, Put, TransactionConflict

REHASH_INLINE_MAX_BYTES = 64 * MIB
"""A larger object is hashed beside the request, which would else take too long."""

_log = logging.getLogger(__name__)

Background = Callable[[Callable[[], None]], None]
"""Runs what a request does not wait for."""


@dataclass(frozen=True, slots=True)
class ArtifactOutcome:
    """What a change of a file led to.

    Attributes:
        entry: the change of its model that it made, if it has made one.
    """

    artifact: ArtifactRecord
    entry: ChangeRecord | None


class Completion:
    """Step 2 of 2 of a file's way into the registry.

    Args:
        background: runs the hashing of large objects.
    """

    def __init__(
        self,
        table: Table,
        store: ObjectStore,
        uploads: Uploads,
        clock: Clock,
        background: Background,
    ) -> None:
        self._table = table
        self._store = store
        self._uploads = uploads
        self._clock = clock
        self._background = background
        self._hashing: set[ArtifactRef] = set()
        self._lock = Lock()

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
        model, artifact = self._read(ref)
        if done := self._finished(artifact):
            return done
        active_model(model, "artifactId")
        if artifact.is_multipart:
            return self._complete_parts(artifact, attribution)
        stored = self._store.head(artifact.object_key)
        if stored is None:
            raise incomplete("S3 has no bytes of this file yet: send them first")
        artifact = replace(artifact, object_version=stored.version)
        self._require(artifact, difference(artifact, stored))
        return self._make_available(artifact, VerificationMethod.S3_CHECKSUM, attribution)

    def _complete_parts(
        self, artifact: ArtifactRecord, attribution: Attribution
    ) -> ArtifactOutcome:
        if artifact.status is ArtifactStatus.PENDING:
            artifact = self._join(artifact)
        elif not self._is_current(artifact):
            raise incomplete("the bytes expired before they were verified: announce the file anew")
        if artifact.size_bytes <= REHASH_INLINE_MAX_BYTES:
            return self._rehash(artifact, attribution)
        ref = ArtifactRef(artifact.model_id, artifact.id)
        with self._lock:
            is_new = ref not in self._hashing
            self._hashing.add(ref)
        if is_new:
            self._background(lambda: self._rehash_unattended(ref, attribution))
        _, current = self._read(ref)
        return self._finished(current) or ArtifactOutcome(current, None)

    def _is_current(self, artifact: ArtifactRecord) -> bool:
        """Tell whether the joined object is still what its key holds."""
        stored = self._store.head(artifact.object_key)
        return stored is not None and stored.version == artifact.object_version

    def _join(self, artifact: ArtifactRecord) -> ArtifactRecord:
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
            artifact, status=ArtifactStatus.VERIFYING, object_version=joined.version
        )
        self._require(verifying, difference(verifying, replace(joined, sha256=artifact.sha256)))
        self._put(artifact, verifying)
        return verifying

    def _rehash(self, artifact: ArtifactRecord, attribution: Attribution) -> ArtifactOutcome:
        digest = hashlib.sha256()
        for chunk in self._store.chunks(artifact.object_key, str(artifact.object_version)):
            digest.update(chunk)
        if digest.hexdigest() != artifact.sha256:
            self._require(artifact, f"the stored bytes have the SHA-256 {digest.hexdigest()}")
        return self._make_available(artifact, VerificationMethod.REHASH, attribution)

    def _rehash_unattended(self, ref: ArtifactRef, attribution: Attribution) -> None:
        """Hash beside the request: what comes of it is told by the file's status."""
        try:
            persistently(lambda: self._rehash_if_needed(ref, attribution))
        except Refusal as refusal:
            _log.info("artifact %s did not become available: %s", ref.artifact_id, refusal)
        except Exception:  # noqa: BLE001  # nobody is left to raise it to
            _log.exception("artifact %s could not be verified", ref.artifact_id)
        finally:
            with self._lock:
                self._hashing.discard(ref)

    def _rehash_if_needed(self, ref: ArtifactRef, attribution: Attribution) -> None:
        item, artifact = self._read(ref)
        active_model(item, "artifactId")
        if artifact.status is ArtifactStatus.VERIFYING:
            self._rehash(artifact, attribution)

    def _make_available(
        self, artifact: ArtifactRecord, method: VerificationMethod, attribution: Attribution
    ) -> ArtifactOutcome:
        item, current = self._read(ArtifactRef(artifact.model_id, artifact.id))
        if done := self._finished(current):
            return done
        active_model(item, "artifactId")
        # Before the change: an object that keeps its tag is expired in two days, AVAILABLE or not.
        self._store.keep(artifact.object_key, str(artifact.object_version))
        verification = Verification(method, self._clock())
        verified = replace(artifact, verification=verification)
        return persistently(lambda: self._try_make_available(verified, attribution))

    def _try_make_available(
        self, verified: ArtifactRecord, attribution: Attribution
    ) -> ArtifactOutcome:
        item, current = self._read(ArtifactRef(verified.model_id, verified.id))
        if done := self._finished(current):
            return done
        model = active_model(item, "artifactId").to_record()
        after = next_version(model, self._clock())
        available = replace(
            verified,
            status=ArtifactStatus.AVAILABLE,
            added_in_version=after.version,
            added_at=after.updated_at,
        )
        made = link(model, after, ChangeAction.ARTIFACT_ADD, attribution, [addition(available)])
        if made is None:
            raise ValueError("adding a file always changes a model")
        unchanged = ArtifactItem.status == current.status.value
        try:
            commit(self._table, model, made, [Put(ArtifactItem.of(available), unchanged)])
        except ConditionFailed as failed:
            raise TransactionConflict("the model or the file changed meanwhile") from failed
        return ArtifactOutcome(available, made.entry)

    def _finished(self, artifact: ArtifactRecord) -> ArtifactOutcome | None:
        """Return what completing led to before, if it has led to anything."""
        if artifact.status is ArtifactStatus.REJECTED:
            raise mismatch(str(artifact.rejection))
        if artifact.status is ArtifactStatus.DELETED:
            raise Refusal.because(
                UserErrorCode.INVALID_STATE, "the artifact is DELETED", "artifactId"
            )
        if artifact.status is not ArtifactStatus.AVAILABLE:
            if artifact.added_in_version is not None:
                raise LookupError(f"artifact {artifact.id} was added, and is {artifact.status}")
            return None
        item = self._table.get(change_key(artifact.model_id, str(artifact.added_at)))
        if not isinstance(item, ChangeItem):
            raise LookupError(f"the entry that added artifact {artifact.id} is missing")
        return ArtifactOutcome(artifact, item.to_record())

    def _require(self, artifact: ArtifactRecord, problem: str | None) -> None:
        """Reject the file, and refuse, where there is a problem with its bytes."""
        if problem is None:
            return
        rejected = replace(artifact, status=ArtifactStatus.REJECTED, rejection=problem)
        self._put(artifact, rejected)
        raise mismatch(problem)

    def _put(self, before: ArtifactRecord, after: ArtifactRecord) -> None:
        """Write a file's new state, unless it is not waiting for its bytes any more."""
        waiting = ArtifactItem.status.is_in(
            ArtifactStatus.PENDING.value, ArtifactStatus.VERIFYING.value
        )
        try:
            self._table.transact([Put(ArtifactItem.of(after), waiting)])
        except ConditionFailed as failed:
            raise TransactionConflict(f"artifact {before.id} changed meanwhile") from failed

    def _read(self, ref: ArtifactRef) -> tuple[Item | None, ArtifactRecord]:
        model, artifact = model_key(ref.model_id), artifact_key(ref.model_id, ref.artifact_id)
        found = self._table.get_many([model, artifact])
        item = found.get(artifact)
        if not isinstance(item, ArtifactItem):
            raise no_artifact()
        return found.get(model), item.to_record()


def artifact_ref(artifact_id: str) -> ArtifactRef:
    """Return what an artifact's id names; an id as of a version names the artifact as well."""
    ref = parse_node_id(artifact_id)
    if not isinstance(ref, ArtifactRef):
        raise no_artifact()
    return ref
