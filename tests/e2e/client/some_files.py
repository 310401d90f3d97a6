"""What the tests of files share."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from ministack.services import s3

from graph.client import (
    Client,
)
from models.artifacts.parts import PART_MIN_BYTES
from models.ids import ArtifactRef, parse_node_id

LARGE = os.urandom(2 * PART_MIN_BYTES + 3)
"""In three parts."""
PARTS: Any = {"part_size": PART_MIN_BYTES}


def actions(client: Client, model_id: str) -> list[str]:
    return [entry.action for entry in client.changes(model_id, oldest_first=True)]


@contextmanager
def altered_object(artifact_id: str) -> Iterator[None]:
    """Alter the stored bytes of a file, all versions of them, as S3 itself never would."""
    ref = parse_node_id(artifact_id)
    assert isinstance(ref, ArtifactRef)
    versions = [
        version
        for (_, key), kept in s3._object_versions.items()
        for version in kept
        if ref.artifact_id in key
    ]
    assert versions
    with pytest.MonkeyPatch.context() as patch:
        for version in versions:
            patch.setitem(version, "data", version["data"].swapcase())
        yield
