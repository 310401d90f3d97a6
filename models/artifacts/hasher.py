"""Hashes what is too large for a request."""

import logging
import time
from dataclasses import replace

from models.artifacts.arrival import Arrival, is_asked_for
from models.artifacts.record import ArtifactRecord, ArtifactStatus, HashingRequest
from models.entities import ArtifactItem
from models.entities.item import Item
from models.errors import Refusal, UserErrorCode
from models.ids import ArtifactRef
from models.registry.belonging import active_model
from models.table import Table
from models.transaction import TransactionConflict

_log = logging.getLogger(__name__)


class Hasher:
    """Hashes files that were completed. What comes of it is told by the file's status.

    Any number may run, on the same file too: it is added to its model once.
    """

    def __init__(self, table: Table, arrival: Arrival) -> None:
        self._table = table
        self._arrival = arrival

    def run(self, ref: ArtifactRef) -> None:
        """Hash a file, if that is still asked for.

        A failure of S3 or of the table, or other writers who were always faster, are raised and
        change nothing: it can be run again.
        """
        model, artifact = self._arrival.read(ref)
        asked = artifact.hashing
        if artifact.status is not ArtifactStatus.VERIFYING or asked is None:
            return
        begun = time.perf_counter()
        try:
            self._hash(model, artifact, asked)
        except Refusal as refusal:
            if refusal.faults[0].code is UserErrorCode.VERSION_CONFLICT:
                raise
            _log.info("artifact %s did not become available: %s", artifact.id, refusal)
            self._forget(artifact, asked)
        else:
            duration_ms = round((time.perf_counter() - begun) * 1_000)
            message = "artifact %s: %d bytes hashed in %d ms"
            _log.info(message, artifact.id, artifact.size_bytes, duration_ms)

    def _hash(self, model: Item | None, artifact: ArtifactRecord, asked: HashingRequest) -> None:
        active_model(model, "artifactId")
        self._arrival.require_current(artifact)
        self._arrival.rehash(artifact, asked.attribution)

    def _forget(self, artifact: ArtifactRecord, asked: HashingRequest) -> None:
        """Let whoever completes the file again, say once its model is restored, ask anew."""
        try:
            self._arrival.put(replace(artifact, hashing=None), is_asked_for(asked))
        except TransactionConflict:
            return  # it was rejected or deleted, or was asked for anew

    def left_open(self) -> list[ArtifactRef]:
        """Return the files that are still to be hashed. It reads the whole table."""
        is_asked = ArtifactItem.hashing_asked_at.exists()
        is_verifying = ArtifactItem.status == ArtifactStatus.VERIFYING.value
        found = self._table.scan(is_asked & is_verifying)
        records = (item.to_record() for item in found if isinstance(item, ArtifactItem))
        return [ArtifactRef(record.model_id, record.id) for record in records]
