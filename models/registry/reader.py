"""Reads models and their history: each question in as few requests as its answer allows."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from models.access.record import ApiKeyRecord
from models.artifacts.record import ArtifactRecord
from models.entities import (
    ApiKeyItem,
    ArtifactItem,
    ChangeItem,
    EvaluationItem,
    ModelItem,
    SnapshotItem,
)
from models.entities.api_key import api_key_key
from models.entities.artifact import artifact_key
from models.entities.change import change_key
from models.entities.evaluation import evaluation_key
from models.entities.item import Item, Key
from models.entities.model import SORT_KEY, model_key, partition
from models.entities.snapshot import MAX_VERSION, snapshot_key
from models.evaluation.record import EvaluationRecord
from models.history.snapshot import parse_snapshot
from models.ids import (
    ApiKeyRef,
    ArtifactRef,
    ChangeRef,
    EvaluationRef,
    ModelRef,
    NodeRef,
    is_model_id,
)
from models.records import ChangeRecord, ModelRecord
from models.registry.change_page import ChangePage, changes_in
from models.registry.overview import Overview, Unreached, read_overview
from models.table import SortRange, Table
from models.timestamps import Clock, Timestamp, now, preceding

Node = ModelRecord | ChangeRecord | ArtifactRecord | EvaluationRecord | ApiKeyRecord


class Reader:
    """Reads from the table, consistently."""

    def __init__(self, table: Table, clock: Clock = now) -> None:
        self._table = table
        self._clock = clock

    def model(self, model_id: str) -> ModelRecord | None:
        """Read a model's newest state: one request."""
        return _as_model(self._table.get(model_key(model_id))) if is_model_id(model_id) else None

    def model_with_changes(
        self, model_id: str, first: int
    ) -> tuple[ModelRecord, ChangePage] | None:
        """Read a model's newest state and its newest changes: one request."""
        if not is_model_id(model_id):
            return None
        page = self._table.query(
            partition(model_id),
            SortRange(change_key(model_id, "").sk, SORT_KEY),
            limit=1 + first,
            descending=True,
        )
        model = _as_model(page.items[0]) if page.items else None
        if model is None:
            return None
        # A change that was written between the two items' reading belongs to no model we show.
        entries = [entry for entry in changes_in(page.items[1:]) if entry.version <= model.version]
        if len(entries) < min(first, model.version) and page.read_up_to:
            return model, self.changes(model, first)
        return model, ChangePage(entries)

    def overview(self, model_id: str, first: int, files: int) -> Overview | None:
        """Read a model's newest state, its newest changes and its newest files.

        One request while it has few files; two where its changes, and three where it itself was
        not reached: then the files are left to be read.
        """
        if not is_model_id(model_id):
            return None
        try:
            found = read_overview(self._table, model_id, first, files)
        except Unreached:
            with_changes = self.model_with_changes(model_id, first)
            return Overview(*with_changes) if with_changes else None
        if found is None or found.has_changes(first):
            return found
        return replace(found, changes=self.changes(found.model, first))

    def model_at_version(self, model_id: str, version: int) -> ModelRecord | None:
        """Read a model as of one version: one request."""
        if not is_model_id(model_id) or not 1 <= version <= MAX_VERSION:
            return None
        return _as_model(self._table.get(snapshot_key(model_id, version)))

    def model_as_of(self, model_id: str, instant: Timestamp) -> ModelRecord | None:
        """Read a model as it stood at an instant: two requests, however long its history."""
        if not is_model_id(model_id):
            return None
        page = self._table.query(
            partition(model_id),
            SortRange(change_key(model_id, "").sk, change_key(model_id, instant).sk),
            limit=1,
            descending=True,
        )
        entries = changes_in(page.items)
        return self.model_at_version(model_id, entries[0].version) if entries else None

    def changes(
        self, model: ModelRecord, first: int, *, before: Timestamp | None = None
    ) -> ChangePage:
        """Read the changes up to the version of `model`, newest first, or those `before` one.

        One request for up to 1 MB.
        """
        newest = min(model.updated_at, preceding(before)) if before else model.updated_at
        low, high = change_key(model.id, "").sk, change_key(model.id, newest).sk
        entries: list[ChangeRecord] = []
        while len(entries) < first:
            page = self._table.query(
                partition(model.id),
                SortRange(low, high),
                limit=first - len(entries),
                descending=True,
            )
            entries += changes_in(page.items)
            if page.read_up_to is None or not page.items:
                break
            high = change_key(model.id, preceding(entries[-1].timestamp)).sk
        return ChangePage(entries)

    def models(self, model_ids: Iterable[str]) -> dict[str, ModelRecord]:
        """Read the newest state of many models: one request for each 100."""
        items = self._table.get_many(model_key(model_id) for model_id in model_ids)
        found = (_as_model(item) for item in items.values())
        return {model.id: model for model in found if model}

    def versions(self, refs: Iterable[tuple[str, int]]) -> dict[tuple[str, int], ModelRecord]:
        """Read models as of versions: one request for each 100."""
        items = self._table.get_many(snapshot_key(*ref) for ref in refs)
        found = (_as_model(item) for item in items.values())
        return {(model.id, model.version): model for model in found if model}

    def nodes(self, refs: Iterable[NodeRef]) -> dict[NodeRef, Node]:
        """Read many objects of any kind by their ids: one request for each 100."""
        keys = {ref: _key_of(ref) for ref in refs}
        proofs = {ref: key for ref in keys if (key := _proof_of(ref))}
        items = self._table.get_many([*keys.values(), *proofs.values()])
        made = {ref: key for ref, key in keys.items() if proofs.get(ref, key) in items}
        nodes = _by_ref(made, items)
        return {ref: self._seen(node) for ref, node in nodes.items()}

    def _seen(self, node: Node) -> Node:
        return node.seen_at(self._clock()) if isinstance(node, EvaluationRecord) else node


def _key_of(ref: NodeRef) -> Key:
    match ref:
        case ModelRef(model_id, version):
            return model_key(model_id) if version is None else snapshot_key(model_id, version)
        case ChangeRef(model_id, timestamp):
            return change_key(model_id, timestamp)
        case ArtifactRef(model_id, artifact_id):
            return artifact_key(model_id, artifact_id)
        case EvaluationRef(evaluation_id):
            return evaluation_key(evaluation_id)
        case ApiKeyRef(key_id):
            return api_key_key(key_id)


def _proof_of(ref: NodeRef) -> Key | None:
    """Return the key of what shows that the version of which a belonging's id speaks was made."""
    if not isinstance(ref, ArtifactRef | EvaluationRef) or ref.model_id is None:
        return None
    return None if ref.version is None else snapshot_key(ref.model_id, ref.version)


def _by_ref(keys: Mapping[NodeRef, Key], items: Mapping[Key, Item]) -> dict[NodeRef, Node]:
    nodes: dict[NodeRef, Node] = {}
    for ref, key in keys.items():
        node = _as_node(ref, items.get(key))
        if node is not None:
            nodes[ref] = node
    return nodes


def _as_node(ref: NodeRef, item: Item | None) -> Node | None:
    if isinstance(item, ChangeItem | ApiKeyItem):
        return item.to_record()
    if isinstance(item, ArtifactItem) and isinstance(ref, ArtifactRef):
        record = item.to_record()
        return record if ref.version is None else record.as_of(ref.version)
    if isinstance(item, EvaluationItem) and isinstance(ref, EvaluationRef):
        return _as_seen_from(ref, item.to_record())
    return _as_model(item)


def _as_seen_from(ref: EvaluationRef, record: EvaluationRecord) -> EvaluationRecord | None:
    """Return an evaluation if the version of a model that `ref` names has it."""
    if ref.version is None:
        return record
    has_it = record.model_id == ref.model_id and record.was_made_by(ref.version)
    return record if has_it else None


def _as_model(item: Item | None) -> ModelRecord | None:
    """Return the model that an item or a snapshot holds."""
    if isinstance(item, ModelItem):
        return item.to_record()
    return parse_snapshot(item.text) if isinstance(item, SnapshotItem) else None
