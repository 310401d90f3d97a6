"""Announcing a file, and telling how far its bytes have come."""

from dataclasses import replace

from models.artifacts.commands import CreateUpload
from models.artifacts.parts import Part, cut
from models.artifacts.record import ArtifactRecord, ArtifactStatus
from models.artifacts.validation import DEFAULT_CONTENT_TYPE, validate_upload
from models.entities import ArtifactItem, IdempotencyItem, ModelItem, UploadItem
from models.entities.artifact import artifact_key
from models.entities.idempotency import Answer
from models.entities.item import Item
from models.entities.model import model_key
from models.entities.upload import upload_key
from models.ids import is_model_id, new_id
from models.principal import Principal
from models.records import ModelState
from models.registry.belonging import active_model
from models.registry.commit import attribution_of, persistently
from models.registry.idempotency import Resend
from models.storage.object_store import ObjectStore
from models.table import Table
from models.timestamps import Clock, Timestamp
from models.transaction import Check, ConditionFailed, Put, TransactionConflict, Write


class Uploads:
    """Step 1 of 2 of a file's way into the registry."""

    def __init__(self, table: Table, store: ObjectStore, clock: Clock) -> None:
        self._table = table
        self._store = store
        self._clock = clock

    def create(self, principal: Principal, command: CreateUpload) -> ArtifactRecord:
        """Announce a file of a model: two requests, and one to S3 where it comes in parts.

        Raises:
            Refusal: with every fault, and then nothing was written.
        """
        validate_upload(command)
        created_by = attribution_of(principal, command).changed_by
        if not is_model_id(command.model_id):
            active_model(None, "modelId")
        record = _announced(command, created_by, self._clock())
        resend = Resend.of(principal, command)
        return persistently(lambda: self._try_create(command, record, resend))

    def parts(self, record: ArtifactRecord) -> list[Part]:
        """Return the parts in which a file is sent: one request where they are several."""
        if record.part_size_bytes is None:
            return [Part(1, 0, record.size_bytes, record.sha256)]
        item = self._table.get(upload_key(record.model_id, record.id))
        if not isinstance(item, UploadItem):
            raise LookupError(f"the parts of artifact {record.id} are missing")
        return cut(record.size_bytes, record.part_size_bytes, item.digests())

    def arrived(self, record: ArtifactRecord) -> set[int]:
        """Ask S3 which parts it has already."""
        if record.upload_id is None:
            return {1} if self._store.head(record.object_key) else set()
        stored = self._store.parts(record.object_key, record.upload_id)
        if stored is None and self._store.head(record.object_key):
            return {part.number for part in self.parts(record)}  # they were joined already
        return set(stored or ())

    def _try_create(
        self, command: CreateUpload, record: ArtifactRecord, resend: Resend | None
    ) -> ArtifactRecord:
        key = model_key(command.model_id)
        found = self._table.get_many([key, resend.key] if resend else [key])
        if resend and (first := resend.recorded(found.get(resend.key), self._clock())):
            return self._announced_before(first)
        model = active_model(found.get(key), "modelId")
        if record.is_multipart:
            # Where the transaction then fails, the bucket's lifecycle aborts the upload.
            upload_id = self._store.begin_multipart(record.object_key, record.content_type)
            record = replace(record, upload_id=upload_id)
        try:
            self._table.transact(self._writes(command, record, model, resend))
        except ConditionFailed as failed:
            raise TransactionConflict("the model or the key changed meanwhile") from failed
        return record

    def _writes(
        self,
        command: CreateUpload,
        record: ArtifactRecord,
        model: ModelItem,
        resend: Resend | None,
    ) -> list[Write]:
        writes: list[Write] = [
            Check(model, ModelItem.state == ModelState.ACTIVE.value),
            Put(ArtifactItem.of(record), Item.PK.does_not_exist()),
        ]
        if command.part_sha256 is not None:
            digests = [digest.lower() for digest in command.part_sha256]
            item = UploadItem.of(record.model_id, record.id, digests)
            writes.append(Put(item, Item.PK.does_not_exist()))
        if resend:
            answer = Answer(
                model_id=record.model_id, made_at=record.created_at, artifact_id=record.id
            )
            writes.append(resend.put(answer, self._clock()))
        return writes

    def _announced_before(self, first: IdempotencyItem) -> ArtifactRecord:
        item = self._table.get(artifact_key(first.model_id, str(first.artifact_id)))
        if not isinstance(item, ArtifactItem):
            raise LookupError(f"artifact {first.artifact_id} is missing")
        return item.to_record()


def _announced(command: CreateUpload, created_by: str, now: Timestamp) -> ArtifactRecord:
    return ArtifactRecord(
        id=new_id(),
        model_id=command.model_id,
        filename=command.filename,
        content_type=command.content_type or DEFAULT_CONTENT_TYPE,
        size_bytes=command.size_bytes,
        sha256=command.sha256.lower(),
        status=ArtifactStatus.PENDING,
        created_at=now,
        created_by=created_by,
        part_size_bytes=command.part_size_bytes,
    )
