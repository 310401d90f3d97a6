"""Which files the table's stream tells to hash."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from graph.hashing import FileToHash, files_to_hash
from models.artifacts.record import ArtifactRecord, ArtifactStatus, HashingRequest
from models.entities import ArtifactItem, ModelItem
from models.entities.item import Item
from models.history.chain import Attribution
from models.ids import ArtifactRef
from tests.unit.models.artifacts.artifacts import AT, a_file
from tests.unit.models.strategies import a_record

ASKED = replace(
    a_file(),
    status=ArtifactStatus.VERIFYING,
    hashing=HashingRequest(AT, Attribution("user:ann", "key:1", "weights")),
)


def record_of(item: Item, name: str = "MODIFY") -> Mapping[str, Any]:
    image = item.serialize()
    keys = {"PK": image["PK"], "SK": image["SK"]}
    images = {} if name == "REMOVE" else {"NewImage": image}
    return {"eventName": name, "dynamodb": {"Keys": keys, "SequenceNumber": "7", **images}}


def files_in(file: ArtifactRecord) -> list[FileToHash]:
    return files_to_hash([record_of(ArtifactItem.of(file))])


class TestFilesToHash:
    def test_are_those_that_are_asked_for(self) -> None:
        assert files_in(ASKED) == [FileToHash(ArtifactRef(ASKED.model_id, ASKED.id), "7")]

    @pytest.mark.parametrize("status", sorted(set(ArtifactStatus) - {ArtifactStatus.VERIFYING}))
    def test_are_none_of_another_status(self, status: ArtifactStatus) -> None:
        assert files_in(replace(ASKED, status=status)) == []

    def test_are_none_that_a_request_hashes(self) -> None:
        assert files_in(replace(ASKED, hashing=None)) == []

    def test_are_none_without_a_status(self) -> None:
        told = {"NewImage": {"hashing_asked_at": {"S": "now"}}, "SequenceNumber": "7"}
        assert files_to_hash([{"dynamodb": told}]) == []

    def test_are_no_other_items_and_none_that_went(self) -> None:
        went = record_of(ArtifactItem.of(ASKED), "REMOVE")
        assert files_to_hash([record_of(ModelItem.of(a_record())), went]) == []


class TestItem:
    def test_keeps_who_completed_the_file(self) -> None:
        assert ArtifactItem.of(ASKED).to_record() == ASKED
