"""Identifiers: a model's UUID, and the opaque ids of what belongs to a model.

An id is looked up, never trusted: whatever does not parse is simply not found.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from uuid6 import uuid7

from models.timestamps import Timestamp, parse

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_VERSION = re.compile(r"[1-9][0-9]{0,9}")
_CHANGE = "change"
_ARTIFACT = "artifact"
_EVALUATION = "evaluation"
_API_KEY = "apikey"


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


@dataclass(frozen=True, slots=True)
class ArtifactRef:
    """A file of a model now, or as of a version of the model."""

    model_id: str
    artifact_id: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class EvaluationRef:
    """An evaluation, or how it is seen from a version of its model.

    Attributes:
        model_id: the model from whose version it is seen; None for now.
    """

    evaluation_id: str
    model_id: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ApiKeyRef:
    """An API key."""

    key_id: str


NodeRef = ModelRef | ChangeRef | ArtifactRef | EvaluationRef | ApiKeyRef
_Opaque = ChangeRef | ArtifactRef | EvaluationRef | ApiKeyRef


def new_id() -> str:
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
    return _opaque(f"{_CHANGE}:{model_id}:{timestamp}")


def artifact_node_id(model_id: str, artifact_id: str, version: int | None = None) -> str:
    """Return the id of a file now, or as of a version of its model."""
    suffix = "" if version is None else f"@{version}"
    return _opaque(f"{_ARTIFACT}:{model_id}:{artifact_id}{suffix}")


def evaluation_node_id(
    evaluation_id: str, model_id: str | None = None, version: int | None = None
) -> str:
    """Return the id of an evaluation now, or as it is seen from a version of its model."""
    suffix = "" if version is None else f":{model_id}@{version}"
    return _opaque(f"{_EVALUATION}:{evaluation_id}{suffix}")


def api_key_node_id(key_id: str) -> str:
    """Return the id of an API key."""
    return _opaque(f"{_API_KEY}:{key_id}")


def parse_node_id(node_id: str) -> NodeRef | None:
    """Tell what `node_id` names, or None where it is no id of ours."""
    if is_model_id(node_id):
        return ModelRef(node_id)
    model_id, separator, version = node_id.partition("@")
    if separator:
        valid = is_model_id(model_id) and _VERSION.fullmatch(version)
        return ModelRef(model_id, int(version)) if valid else None
    kind, _, rest = _transparent(node_id).partition(":")
    owner_id, _, rest = rest.partition(":")
    if not is_model_id(owner_id):
        return None
    ref: _Opaque | None = None
    if kind in _PARSERS:
        ref = _PARSERS[kind](owner_id, rest)
    # One object, one id: another spelling of the same bytes would be another key in a cache.
    return ref if ref and _spelling(ref) == node_id else None


def _parse_change(model_id: str, rest: str) -> ChangeRef | None:
    try:
        return ChangeRef(model_id, parse(rest))
    except ValueError:
        return None


def _parse_artifact(model_id: str, rest: str) -> ArtifactRef | None:
    artifact_id, separator, version = rest.partition("@")
    if not is_model_id(artifact_id) or (separator and not _VERSION.fullmatch(version)):
        return None
    return ArtifactRef(model_id, artifact_id, int(version) if separator else None)


def _parse_evaluation(evaluation_id: str, rest: str) -> EvaluationRef | None:
    if not rest:
        return EvaluationRef(evaluation_id)
    model_id, _, version = rest.partition("@")
    if not is_model_id(model_id) or not _VERSION.fullmatch(version):
        return None
    return EvaluationRef(evaluation_id, model_id, int(version))


def _parse_api_key(key_id: str, rest: str) -> ApiKeyRef | None:
    return None if rest else ApiKeyRef(key_id)


def _spelling(ref: _Opaque) -> str:
    if isinstance(ref, ApiKeyRef):
        return api_key_node_id(ref.key_id)
    if isinstance(ref, ChangeRef):
        return change_id(ref.model_id, ref.timestamp)
    if isinstance(ref, EvaluationRef):
        return evaluation_node_id(ref.evaluation_id, ref.model_id, ref.version)
    return artifact_node_id(ref.model_id, ref.artifact_id, ref.version)


_PARSERS: Mapping[str, Callable[[str, str], _Opaque | None]] = {
    _CHANGE: _parse_change,
    _ARTIFACT: _parse_artifact,
    _EVALUATION: _parse_evaluation,
    _API_KEY: _parse_api_key,
}


def _opaque(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _transparent(node_id: str) -> str:
    """Return what an opaque id says, or nothing where it is none."""
    try:
        return base64.urlsafe_b64decode(node_id + "=" * (-len(node_id) % 4)).decode()
    except (binascii.Error, ValueError):
        return ""
