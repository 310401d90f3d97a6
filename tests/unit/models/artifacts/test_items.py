"""The items of a file, without a table."""

from hypothesis import given
from hypothesis import strategies as st

from models.artifacts.parts import PARTS_MAX
from models.artifacts.record import ArtifactRecord
from models.entities import ArtifactItem, UploadItem
from models.entities.artifact import LAST, PREFIX, artifact_key
from models.entities.model import SORT_KEY
from models.ids import new_id
from tests.unit.models.artifacts.artifacts import a_file, digests, records
from tests.unit.models.strategies import model_ids

ITEM_MAX_BYTES = 400 * 1024
"""DynamoDB's limit."""


class TestArtifactKey:
    """Below the model, newest first."""

    def test_newer_ones_sort_first(self) -> None:
        made = [new_id() for _ in range(1_000)]
        keys = [artifact_key("m", artifact_id).sk for artifact_id in made]
        assert sorted(keys) == keys[::-1]

    @given(model_ids, model_ids)
    def test_the_order_is_that_of_the_ids_reversed(self, one: str, other: str) -> None:
        keys = artifact_key("m", one).sk, artifact_key("m", other).sk
        assert (keys[0] < keys[1]) == (one > other)
        assert (keys[0] == keys[1]) == (one == other)

    @given(model_ids)
    def test_every_one_is_between_the_model_and_the_end(self, artifact_id: str) -> None:
        key = artifact_key("m", artifact_id)
        assert SORT_KEY < PREFIX < key.sk < LAST
        assert key.pk == "MODEL#m"
        assert len(key.sk) == len(PREFIX) + 32


class TestArtifactItem:
    """There and back."""

    @given(records)
    def test_a_record_comes_back_as_it_was(self, record: ArtifactRecord) -> None:
        raw = ArtifactItem.of(record).serialize()
        found = ArtifactItem()
        found.deserialize(raw)
        assert found.to_record() == record


class TestUploadItem:
    """The digests of a file's parts."""

    @given(st.lists(digests, min_size=1, max_size=20))
    def test_digests_come_back_in_order(self, given_digests: list[str]) -> None:
        found = UploadItem()
        found.deserialize(UploadItem.of("m", "a", given_digests).serialize())
        assert found.digests() == given_digests

    def test_a_thousand_fit_into_an_item(self) -> None:
        many = [f"{number:064x}" for number in range(PARTS_MAX)]
        item = UploadItem.of(a_file().model_id, a_file().id, many)
        raw = item.serialize()
        found = UploadItem()
        found.deserialize(raw)
        assert found.digests() == many
        assert len(repr(raw)) < ITEM_MAX_BYTES
