"""A model with its newest changes and its newest files, at once."""

from dataclasses import replace
from typing import Any

import pytest

from models.artifacts.reader import ArtifactReader, Wanted
from models.artifacts.record import ArtifactRecord, ArtifactStatus
from models.entities import ArtifactItem, ChangeItem
from models.entities.artifact import artifact_key
from models.entities.change import change_key
from models.entities.model import model_key
from models.ids import new_id
from models.records import ChangeAction, ModelRecord
from models.registry.overview import FILES_EXPECTED, Overview
from models.table import CorruptItem
from models.timestamps import next_after
from tests.storage.house import House
from tests.storage.test_request_budget import chained, counted, stored
from tests.unit.models.artifacts.artifacts import a_file
from tests.unit.models.strategies import a_record

NOBODY = "0198c0de-0000-7000-8000-00000000000a"
VERSIONS = 12


@pytest.fixture
def house(any_house: House) -> House:
    return any_house


def files_of(model_id: str, count: int, **fields: Any) -> list[ArtifactRecord]:  # noqa: ANN401  # a record's
    """Make files, newest first."""
    made = [a_file(id=new_id(), model_id=model_id, **fields) for _ in range(count)]
    return sorted(made, key=lambda file: file.id, reverse=True)


def kept(house: House, files: int = 0, **fields: Any) -> ModelRecord:  # noqa: ANN401  # a file's
    """Keep a model with 12 versions and so many files."""
    links = chained(a_record(id=new_id()), VERSIONS)
    model = links[-1].model
    of_files = [ArtifactItem.of(one) for one in files_of(model.id, files, **fields)]
    house.write_past_the_registry([*stored(links), *of_files])
    return model


def agrees(house: House, model: ModelRecord, changes: int, files: int) -> Overview:
    """Return what is read at once, which must be what is read one after the other."""
    seen = house.reader.overview(model.id, changes, files)
    assert seen is not None
    assert seen.model == house.reader.model(model.id)
    page = house.reader.changes(seen.model, changes)
    assert seen.changes.holds(changes)
    assert seen.changes.first(changes) == page
    assert seen.changes.first(changes).has_more == page.has_more
    if seen.artifacts is not None:
        read = ArtifactReader(house.table).artifacts(model.id, files, Wanted())
        assert replace(seen.artifacts, reached=None) == replace(read, reached=None)
        assert seen.artifacts.reached == (read.positions[-1] if read.positions else None)
    return seen


class TestOverview:
    """Read at once where one request holds it all."""

    @pytest.mark.parametrize(
        ("changes", "files", "there", "requests"),
        [
            (1, 1, 0, 1),
            (5, 5, 5, 1),
            (5, 5, 6, 1),
            (5, 5, FILES_EXPECTED, 1),
            (1, 1, 4, 1),
            (1, 1, 5, 2),
            (5, FILES_EXPECTED + 4, FILES_EXPECTED + 4, 1),
            (100, 100, FILES_EXPECTED, 1),
            (5, 5, FILES_EXPECTED + 1, 2),
            (5, 5, FILES_EXPECTED + 5, 2),
        ],
    )
    def test_is_what_separate_reads_give(
        self, house: House, changes: int, files: int, there: int, requests: int
    ) -> None:
        model = kept(house, there)
        seen = agrees(house, model, changes, files)
        assert seen.artifacts is not None
        with counted(house) as sent:
            house.reader.overview(model.id, changes, files)
        assert sent == ["Query"] * requests

    def test_leaves_the_files_where_there_are_too_many(self, house: House) -> None:
        model = kept(house, FILES_EXPECTED + 6)
        with counted(house) as sent:
            seen = house.reader.overview(model.id, 5, 5)
        assert sent == ["Query", "Query"]
        assert seen == agrees(house, model, 5, 5)
        assert seen.artifacts is None

    def test_passes_over_files_that_are_not_available(self, house: House) -> None:
        model = kept(house, 4)
        for status in ArtifactStatus:
            file = files_of(model.id, 1, status=status)[0]
            house.write_past_the_registry([ArtifactItem.of(file)])
        seen = agrees(house, model, 5, 4)
        assert seen.artifacts
        assert [file.status for file in seen.artifacts.items] == [ArtifactStatus.AVAILABLE] * 4
        assert seen.artifacts.has_more

    def test_ends_where_a_page_of_dynamodb_does(self, house: House) -> None:
        model = house.create().model
        for number in range(36):
            house.update(model.id, name=f"name {number}", reason="日" * 9_900 + "x" * number)
        assert len(agrees(house, model, 37, 5).changes.entries) == 37

    @pytest.mark.parametrize(("model_id", "requests"), [(NOBODY, 1), ("x", 0)])
    def test_of_no_model_is_none(self, house: House, model_id: str, requests: int) -> None:
        with counted(house) as sent:
            assert house.reader.overview(model_id, 5, 5) is None
        assert len(sent) == requests

    @pytest.mark.parametrize("files", [0, 100])
    def test_of_a_model_whose_current_record_is_gone_is_none(
        self, house: House, files: int
    ) -> None:
        model = kept(house, files)
        house.delete_raw(model_key(model.id))
        assert house.reader.overview(model.id, 5, 5) is None
        assert house.reader.overview(model.id, 100, 100) is None


class TestMeanwhile:
    """Read while somebody writes: a Query is no snapshot."""

    def test_a_change_after_the_model_is_not_shown(self, house: House) -> None:
        model = kept(house)
        newest = house.history(model.id)[-1]
        later = replace(newest, version=VERSIONS + 1, timestamp=next_after(newest.timestamp))
        house.write_past_the_registry([ChangeItem.of(later)])
        assert agrees(house, model, 5, 5).changes.entries[0] == newest

    @pytest.mark.parametrize("action", [ChangeAction.ARTIFACT_ADD, ChangeAction.ARTIFACT_DELETE])
    def test_files_that_lack_what_an_entry_tells_are_left_to_be_read(
        self, house: House, action: ChangeAction
    ) -> None:
        model = kept(house, 3, added_in_version=2)
        newest = house.history(model.id)[-1]
        house.write_past_the_registry([ChangeItem.of(replace(newest, action=action))])
        assert agrees(house, model, 5, 5).artifacts is None
        made = files_of(model.id, 1, added_in_version=VERSIONS)[0]
        if action is ChangeAction.ARTIFACT_DELETE:
            made = replace(made, added_in_version=2, deleted_in_version=VERSIONS)
        house.write_past_the_registry([ArtifactItem.of(made)])
        assert agrees(house, model, 5, 5).artifacts is not None


class TestForeignItem:
    """Something that nobody wrote, in the range that is read at once."""

    def test_that_was_not_asked_for_makes_no_difference(self, house: House) -> None:
        model = kept(house, 3)
        oldest = house.history(model.id)[0]
        raw = house.raw(change_key(model.id, oldest.timestamp))
        assert raw
        house.put_raw(raw | {"kind": {"S": "Unknown"}})
        seen = agrees(house, model, 2, 5)
        assert seen.artifacts is None

    def test_among_the_files_leaves_them_to_be_read(self, house: House) -> None:
        model = kept(house)
        key = artifact_key(model.id, new_id())
        house.put_raw({"PK": {"S": key.pk}, "SK": {"S": key.sk}, "kind": {"S": "Unknown"}})
        seen = house.reader.overview(model.id, 5, 5)
        assert seen
        assert seen.artifacts is None
        with pytest.raises(CorruptItem):
            ArtifactReader(house.table).artifacts(model.id, 5, Wanted())

    def test_between_the_model_and_its_files_is_no_file(self, house: House) -> None:
        model = kept(house, 1)
        file = ArtifactItem.of(files_of(model.id, 1)[0]).serialize()
        house.put_raw(file | {"SK": {"S": "MODEL#A"}})
        seen = agrees(house, model, 5, 5)
        assert seen.artifacts
        assert len(seen.artifacts.items) == 1
