"""The single table: a file per entity, and each builds its own keys.

The order of the sort keys is the point: `CHANGE#` < `MODEL` < `STATE#`. So one descending query
that starts at `MODEL` reads a model and its newest changes, and one ascending query from there to
the end of `MODEL#ARTIFACT#` reads it and its newest files.
"""

from models.entities.api_key import ApiKeyItem
from models.entities.artifact import ArtifactItem
from models.entities.change import ChangeItem
from models.entities.evaluation import (
    EvaluationItem,
    EvaluationUnderWayItem,
    ModelEvaluationItem,
)
from models.entities.idempotency import IdempotencyItem
from models.entities.model import ModelItem
from models.entities.snapshot import SnapshotItem
from models.entities.source_claim import SourceClaimItem
from models.entities.upload import UploadItem

__all__ = [
    "ApiKeyItem",
    "ArtifactItem",
    "ChangeItem",
    "EvaluationItem",
    "EvaluationUnderWayItem",
    "IdempotencyItem",
    "ModelEvaluationItem",
    "ModelItem",
    "SnapshotItem",
    "SourceClaimItem",
    "UploadItem",
]
