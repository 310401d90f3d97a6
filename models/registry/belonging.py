"""What a model must be for something to join or leave it, and the version that this makes."""

from dataclasses import replace

from models.entities import ModelItem
from models.entities.item import Item
from models.errors import Refusal, UserErrorCode
from models.records import ModelRecord, ModelState
from models.timestamps import Timestamp, following


def active_model(found: Item | None, field: str) -> ModelItem:
    """Return the model that was found, if anything may join or leave it.

    Args:
        field: of the input, which names the model.

    Raises:
        Refusal: there is no such model, or it is DELETED.
    """
    if not isinstance(found, ModelItem):
        raise Refusal.because(UserErrorCode.NOT_FOUND, "there is no model with this id", field)
    if found.state != ModelState.ACTIVE.value:
        raise Refusal.because(
            UserErrorCode.INVALID_STATE, "the model is DELETED: restore it first", field
        )
    return found


def next_version(model: ModelRecord, now: Timestamp) -> ModelRecord:
    """Return a model as the next change leaves it, its fields untouched."""
    return replace(model, version=model.version + 1, updated_at=following(model.updated_at, now))
