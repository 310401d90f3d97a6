"""Identifiers: a model's UUID, and the opaque ids of what belongs to a model.

An id is looked up, never trusted: whatever does not parse is simply not found.
"""

import base64
import binascii
import re
from dataclasses import dataclass

from uuid6 import uuid7

from models.timestamps import Timestamp, parse

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_VERSION = re.compile(r"[1-9][0-9]{0,9}")
_CHANGE_PREFIX = "change:"


@dataclass(frozen=True, slots=True)
class ModelRef:
    """A model now, or as of a version."""

    model_id: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ChangeRef:
    """A change entry, by the instant that its key holds."""

    model_id: str
    timestamp: Timestamp


NodeRef = ModelRef | ChangeRef


def new_model_id() -> str:
    """Make a UUID of version 7 (RFC 9562), whose text order is the order of creation."""
    return str(uuid7())


def is_model_id(text: str) -> bool:
    """Tell whether `text` is a UUID in its canonical, lower-case form."""
    return _UUID.fullmatch(text) is not None


def model_version_id(model_id: str, version: int) -> str:
    """Return the id of a model as of one version."""
    return f"{model_id}@{version}"


def change_id(model_id: str, timestamp: Timestamp) -> str:
    """Return the id of a change entry."""
    text = f"{_CHANGE_PREFIX}{model_id}:{timestamp}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def parse_node_id(node_id: str) -> NodeRef | None:
    """Tell what `node_id` names, or None where it is no id of ours."""
    if is_model_id(node_id):
        return ModelRef(node_id)
    model_id, separator, version = node_id.partition("@")
    if separator:
        valid = is_model_id(model_id) and _VERSION.fullmatch(version)
        return ModelRef(model_id, int(version)) if valid else None
    return _parse_change_id(node_id)


def _parse_change_id(node_id: str) -> ChangeRef | None:
    try:
        text = base64.urlsafe_b64decode(node_id + "=" * (-len(node_id) % 4)).decode()
        model_id, _, instant = text.removeprefix(_CHANGE_PREFIX).partition(":")
        timestamp = parse(instant)
    except (binascii.Error, ValueError):
        return None
    # One object, one id: another spelling of the same bytes would be another key in a cache.
    known = is_model_id(model_id) and change_id(model_id, timestamp) == node_id
    return ChangeRef(model_id, timestamp) if known else None
