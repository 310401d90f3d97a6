"""How a file joins its model once its bytes were compared, or is refused: in one transaction."""

import hashlib
from dataclasses import dataclass, replace

from pynamodb.expressions.condition import Condition

from models.artifacts.change import addition
from models.artifacts.findings import incomplete, mismatch, no_artifact
from models.artifacts.record import (
    ArtifactRecord,
    ArtifactStatus,
    HashingRequest,
    Verification,
    VerificationMethod,
)
from models.entities import ArtifactItem, ChangeItem
from models.entities.artifact import artifact_key
from models.entities.change import change_key
from models.entities.item import Item
from models.entities.model import model_key
from models.errors import Refusal, UserErrorCode
from models.history.chain import Attribution, link
from models.ids import ArtifactRef, parse_node_id
from models.records import ChangeAction, ChangeRecord
from models.registry.belonging import active_model, next_version
from models.registry.commit import commit, persistently
from models.storage.object_store import ObjectStore
from models.table import Table
from models.timestamps import Clock
from models.transaction import ConditionFailed, Put, TransactionConflict


@dataclass(frozen=True, slots=True)
class ArtifactOutcome:
    """What a change of a file led to.

    Attributes:
        entry: the change of its model that it made, if it has made one.
    """

    artifact: ArtifactRecord
    entry: ChangeRecord | None


class Arrival:
    """The last step of every file, whoever takes it: a request, or the hasher."""

    def __init__(self, table: Table, store: ObjectStore, clock: Clock) -> None:
        self._table = table
        self._store = store
        self._clock = clock

    def read(self, ref: ArtifactRef) -> tuple[Item | None, ArtifactRecord]:
        """Read a file along with its model, in one request.

        Raises:
            Refusal: there is no such file.
        """
        model, artifact = model_key(ref.model_id), artifact_key(ref.model_id, ref.artifact_id)
        found = self._table.get_many([model, artifact])
        item = found.get(artifact)
        if not isinstance(item, ArtifactItem):
            raise no_artifact()
        return found.get(model), item.to_record()

    def finished(self, artifact: ArtifactRecord) -> ArtifactOutcome | None:
        """Return what completing led to before, if it has led to anything.

        Raises:
            Refusal: it has led to nothing, and never will.
        """
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

    def require_current(self, artifact: ArtifactRecord) -> None:
        """Refuse, where the joined object is not what its key holds any more."""
        stored = self._store.head(artifact.object_key)
        if stored is None or stored.version != artifact.object_version:
            raise incomplete("the bytes expired before they were verified: announce the file anew")

    def rehash(self, artifact: ArtifactRecord, attribution: Attribution) -> ArtifactOutcome:
        """Read the stored object, compare its digest, and add the file to its model.

        Raises:
            Refusal: the bytes are not what was declared.
        """
        digest = hashlib.sha256()
        for chunk in self._store.chunks(artifact.object_key, str(artifact.object_version)):
            digest.update(chunk)
        if digest.hexdigest() != artifact.sha256:
            problem = f"the stored bytes have the SHA-256 {digest.hexdigest()}"
            self.require(artifact, problem)
        return self.make_available(artifact, VerificationMethod.REHASH, attribution)

    def make_available(
        self, artifact: ArtifactRecord, method: VerificationMethod, attribution: Attribution
    ) -> ArtifactOutcome:
        """Add a file, whose bytes were compared, to its model.

        Raises:
            Refusal: the model is not ACTIVE any more, or the file was deleted.
        """
        item, current = self.read(ArtifactRef(artifact.model_id, artifact.id))
        if done := self.finished(current):
            return done
        active_model(item, "artifactId")
        # Before the change: an object that keeps its tag is expired in two days, AVAILABLE or not.
        self._store.keep(artifact.object_key, str(artifact.object_version))
        if method is VerificationMethod.REHASH:  # which took long enough to expire meanwhile
            self.require_current(artifact)
        verification = Verification(method, self._clock())
        verified = replace(artifact, verification=verification, hashing=None)
        return persistently(lambda: self._try_make_available(verified, attribution))

    def _try_make_available(
        self, verified: ArtifactRecord, attribution: Attribution
    ) -> ArtifactOutcome:
        item, current = self.read(ArtifactRef(verified.model_id, verified.id))
        if done := self.finished(current):
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

    def require(self, artifact: ArtifactRecord, problem: str | None) -> None:
        """Reject the file, and refuse, where there is a problem with its bytes."""
        if problem is None:
            return
        rejected = replace(
            artifact, status=ArtifactStatus.REJECTED, rejection=problem, hashing=None
        )
        waiting = (ArtifactStatus.PENDING.value, ArtifactStatus.VERIFYING.value)
        self.put(rejected, ArtifactItem.status.is_in(*waiting))
        raise mismatch(problem)

    def put(self, after: ArtifactRecord, unchanged: Condition) -> None:
        """Write a file's new state.

        Raises:
            TransactionConflict: the file is not as the condition says any more.
        """
        try:
            self._table.transact([Put(ArtifactItem.of(after), unchanged)])
        except ConditionFailed as failed:
            raise TransactionConflict(f"artifact {after.id} changed meanwhile") from failed


def is_asked_for(hashing: HashingRequest | None) -> Condition:
    """Return the condition that a file is VERIFYING, and that just this was asked of the hasher."""
    is_verifying: Condition = ArtifactItem.status == ArtifactStatus.VERIFYING.value
    if hashing is None:
        is_asked: Condition = ArtifactItem.hashing_asked_at.does_not_exist()
    else:
        is_asked = ArtifactItem.hashing_asked_at == hashing.asked_at
    both: Condition = is_verifying & is_asked
    return both


def artifact_ref(artifact_id: str) -> ArtifactRef:
    """Return what an artifact's id names; an id as of a version names the artifact as well."""
    ref = parse_node_id(artifact_id)
    if not isinstance(ref, ArtifactRef):
        raise no_artifact()
    return ref
