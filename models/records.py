"""What the registry keeps: a model at one version, and the change that made that version."""

from dataclasses import dataclass
from enum import StrEnum

from models.timestamps import Timestamp


class ModelState(StrEnum):
    """Whether a model can be changed and is listed unless asked otherwise."""

    ACTIVE = "ACTIVE"
    DELETED = "DELETED"


class ChangeAction(StrEnum):
    """The vocabulary of the audit trail. Append-only: stored entries carry these words."""

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    DELETE = "DELETE"
    RESTORE = "RESTORE"
    ARTIFACT_ADD = "ARTIFACT_ADD"
    ARTIFACT_DELETE = "ARTIFACT_DELETE"
    EVALUATE = "EVALUATE"


@dataclass(frozen=True, slots=True)
class Prose:
    """The parts of a model that can be large, and that lists therefore do not read.

    Attributes:
        metadata: compact JSON text.
        risk_notes: free text.
    """

    metadata: str
    risk_notes: str


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """A model as of one version.

    Attributes:
        id: its UUID, the same in every version.
        prose: metadata and risk notes; None in a record that came from a list.
        updated_at: the instant of the change that made this version.
        net_score: of the newest successful evaluation, 0 to 1.
        latest_evaluation_id: the newest successful evaluation.
        source_aliases: other addresses of the page that it came from, such as those before a
            rename; it claims them too, for as long as its source URL is the same page.
        head_hash: hash of the change that made this version; None in a list and in a snapshot,
            which that hash covers.
    """

    id: str
    name: str
    source: str
    source_url: str | None
    license: str
    state: ModelState
    version: int
    created_at: Timestamp
    updated_at: Timestamp
    net_score: float | None
    prose: Prose | None
    head_hash: str | None
    latest_evaluation_id: str | None = None
    source_aliases: tuple[str, ...] = ()

    def require_prose(self) -> Prose:
        """Return the prose of a record that was read whole."""
        if self.prose is None:
            raise ValueError(f"model {self.id} was read from a list, without its prose")
        return self.prose


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """One entry of a model's audit trail. Append-only: its attributes are hashed.

    Attributes:
        changes: JSON text of what changed, as `models.history.diff` writes it.
        snapshot_sha256: of the snapshot's JSON text.
        hash: of this entry, as `models.history.chain` computes it.
        previous_hash: of the entry before; None for the first.
    """

    model_id: str
    version: int
    action: ChangeAction
    timestamp: Timestamp
    changed_by: str
    authenticated_as: str
    reason: str | None
    changes: str
    snapshot_sha256: str
    previous_hash: str | None
    hash: str


@dataclass(frozen=True, slots=True)
class SnapshotRecord:
    """The whole model at a version, as the JSON text that its change's hash covers."""

    model_id: str
    version: int
    text: str
