"""Taking a file off its model: its record stays, and its bytes do too."""

from dataclasses import replace

from models.artifacts.arrival import ArtifactOutcome, artifact_ref
from models.artifacts.change import removal
from models.artifacts.commands import DeleteArtifact
from models.artifacts.findings import no_artifact
from models.artifacts.record import ArtifactRecord, ArtifactStatus
from models.entities import ArtifactItem, ModelItem
from models.entities.artifact import artifact_key
from models.entities.model import model_key
from models.errors import Refusal, UserErrorCode
from models.history.chain import Attribution, link
from models.ids import ArtifactRef
from models.principal import Principal
from models.records import ChangeAction, ModelState
from models.registry.belonging import active_model, next_version
from models.registry.commit import attribution_of, commit, persistently
from models.registry.validation import Faults
from models.table import Table
from models.timestamps import Clock
from models.transaction import Check, ConditionFailed, Put, TransactionConflict


class Deletion:
    """Deletes files. Their bytes are left to the bucket: this service may delete nothing there."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def delete(self, principal: Principal, command: DeleteArtifact) -> ArtifactOutcome:
        """Delete a file. One that never was AVAILABLE leaves no entry.

        Raises:
            Refusal: there is no such file, or its state or its model's does not allow it.
        """
        faults = Faults()
        faults.check_attribution(command)
        faults.raise_any()
        attribution = attribution_of(principal, command)
        ref = artifact_ref(command.artifact_id)
        return persistently(lambda: self._try_delete(ref, attribution))

    def _try_delete(self, ref: ArtifactRef, attribution: Attribution) -> ArtifactOutcome:
        key = artifact_key(ref.model_id, ref.artifact_id)
        found = self._table.get_many([model_key(ref.model_id), key])
        item = found.get(key)
        if not isinstance(item, ArtifactItem):
            raise no_artifact()
        artifact = item.to_record()
        if artifact.status is ArtifactStatus.DELETED:
            raise Refusal.because(
                UserErrorCode.INVALID_STATE, "the artifact is DELETED already", "artifactId"
            )
        model = active_model(found.get(model_key(ref.model_id)), "artifactId")
        try:
            return self._delete(model, artifact, attribution)
        except ConditionFailed as failed:
            raise TransactionConflict("the model or the file changed meanwhile") from failed

    def _delete(
        self, found: ModelItem, artifact: ArtifactRecord, attribution: Attribution
    ) -> ArtifactOutcome:
        unchanged = ArtifactItem.status == artifact.status.value
        deleted = replace(artifact, status=ArtifactStatus.DELETED, hashing=None)
        if artifact.status is not ArtifactStatus.AVAILABLE:
            active = Check(found, ModelItem.state == ModelState.ACTIVE.value)
            self._table.transact([active, Put(ArtifactItem.of(deleted), unchanged)])
            return ArtifactOutcome(deleted, None)
        model = found.to_record()
        after = next_version(model, self._clock())
        deleted = replace(deleted, deleted_in_version=after.version)
        changes = [removal(artifact)]
        made = link(model, after, ChangeAction.ARTIFACT_DELETE, attribution, changes)
        if made is None:
            raise ValueError("removing a file always changes a model")
        commit(self._table, model, made, [Put(ArtifactItem.of(deleted), unchanged)])
        return ArtifactOutcome(deleted, made.entry)
