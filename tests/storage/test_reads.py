"""Reading models and their past."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from models.entities.model import model_key
from models.ids import ChangeRef, ModelRef, NodeRef
from models.records import ModelRecord
from models.registry.idempotency import Outcome
from models.registry.reader import Node
from models.timestamps import Timestamp, next_after, preceding
from tests.storage.house import House

NOBODY = "0198c0de-0000-7000-8000-00000000000a"
MALFORMED = ["", "x", "\ud800", "a" * 100_000, NOBODY.upper(), f"{NOBODY}@1"]
LARGE = {"a": "x" * (64 * 1024 - 8)}


@pytest.fixture
def house(any_house: House) -> House:
    return any_house


def history_of(house: House, versions: int, **fields: Any) -> list[Outcome]:  # noqa: ANN401  # a command's
    """Create a model and change its name until it has so many versions."""
    first = house.create(**fields)
    return [first] + [
        house.update(first.model.id, name=f"name {number}") for number in range(2, versions + 1)
    ]


def past(outcome: Outcome) -> ModelRecord:
    """Return a model as a read of its past gives it: a snapshot does not hold its own hash."""
    return replace(outcome.model, head_hash=None)


class TestModel:
    """A model now."""

    @pytest.mark.parametrize("model_id", [*MALFORMED, NOBODY])
    def test_that_is_not_there_is_none(self, house: House, model_id: str) -> None:
        assert house.reader.model(model_id) is None
        assert house.reader.model_with_changes(model_id, 5) is None
        assert house.reader.model_at_version(model_id, 1) is None
        assert house.reader.model_as_of(model_id, house.clock.now) is None

    def test_comes_with_its_newest_changes(self, house: House) -> None:
        outcomes = history_of(house, 5, metadata=LARGE)
        model = outcomes[-1].model
        for first in (1, 3, 5, 100):
            found = house.reader.model_with_changes(model.id, first)
            assert found is not None
            assert found[0] == model
            newest = [outcome.entry for outcome in reversed(outcomes)][:first]
            assert found[1].entries == newest
            assert found[1].has_more == (first < 5)

    def test_whose_current_record_is_gone_is_none(self, house: House) -> None:
        model = house.create().model
        house.delete_raw(model_key(model.id))
        assert house.reader.model(model.id) is None
        assert house.reader.model_with_changes(model.id, 5) is None


class TestModelAtVersion:
    """A model as of a version."""

    def test_is_as_it_was(self, house: House) -> None:
        outcomes = history_of(house, 4, metadata=LARGE, risk_notes="é" * 10_000)
        for outcome in outcomes:
            model = outcome.model
            assert house.reader.model_at_version(model.id, model.version) == past(outcome)

    @pytest.mark.parametrize("version", [-1, 0, 3, 2**31, 10**10, 10**30])
    def test_that_never_was_is_none(self, house: House, version: int) -> None:
        model = history_of(house, 2)[-1].model
        assert house.reader.model_at_version(model.id, version) is None

    def test_can_be_read_of_many(self, house: House) -> None:
        outcomes = history_of(house, 3)
        model_id = outcomes[0].model.id
        refs = [(model_id, 1), (model_id, 3), (model_id, 9), (NOBODY, 1)]
        assert house.reader.versions(refs) == {
            (model_id, 1): past(outcomes[0]),
            (model_id, 3): past(outcomes[2]),
        }


class TestModelAsOf:
    """A model as of an instant."""

    def test_is_as_the_last_change_up_to_then_left_it(self, house: House) -> None:
        outcomes = history_of(house, 3, metadata=LARGE)
        model_id = outcomes[0].model.id
        for number, outcome in enumerate(outcomes):
            at = outcome.model.updated_at
            before = past(outcomes[number - 1]) if number else None
            assert house.reader.model_as_of(model_id, preceding(at)) == before
            assert house.reader.model_as_of(model_id, at) == past(outcome)
            assert house.reader.model_as_of(model_id, next_after(at)) == past(outcome)

    @pytest.mark.parametrize(
        ("at", "version"),
        [("0001-01-01T00:00:00.000000Z", None), ("9999-12-31T23:59:59.999999Z", 3)],
    )
    def test_can_be_read_at_the_ends_of_the_calendar(
        self, house: House, at: str, version: int | None
    ) -> None:
        model_id = history_of(house, 3)[0].model.id
        found = house.reader.model_as_of(model_id, Timestamp(at))
        assert (found.version if found else None) == version

    def test_of_changes_that_are_a_microsecond_apart_is_exact(self, house: House) -> None:
        house.clock.step = timedelta(0)
        for outcome in history_of(house, 4):
            found = house.reader.model_as_of(outcome.model.id, outcome.model.updated_at)
            assert found == past(outcome)


class TestChanges:
    """A model's changes, newest first."""

    @pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
    def test_pages_give_each_change_once(self, house: House, size: int) -> None:
        outcomes = history_of(house, 7)
        model = outcomes[-1].model
        found, before = [], None
        while True:
            page = house.reader.changes(model, size, before=before)
            assert len(page.entries) <= size
            found += page.entries
            if not page.has_more:
                break
            before = page.entries[-1].timestamp
        assert found == [outcome.entry for outcome in reversed(outcomes)]

    def test_of_a_model_at_a_version_end_there(self, house: House) -> None:
        outcomes = history_of(house, 5)
        page = house.reader.changes(past(outcomes[2]), 100)
        assert [entry.version for entry in page.entries] == [3, 2, 1]

    def test_before_the_first_are_none(self, house: House) -> None:
        model = house.create().model
        page = house.reader.changes(model, 5, before=model.created_at)
        assert (page.entries, page.has_more) == ([], False)

    def test_are_all_found_where_a_page_of_dynamodb_holds_not_so_many(self, house: House) -> None:
        model_id = house.create().model.id
        for number in range(36):
            house.update(model_id, name=f"name {number}", reason="日" * 9_900 + "x" * number)
        assert [entry.version for entry in house.history(model_id)] == list(range(1, 38))


class TestNodes:
    """Objects of any kind, by their ids."""

    def test_are_found_by_what_names_them(self, house: House) -> None:
        outcomes = history_of(house, 3)
        other = house.create().model
        model, entry = outcomes[-1].model, outcomes[1].entry
        assert entry is not None
        expected: dict[NodeRef, Node] = {
            ModelRef(model.id): model,
            ModelRef(model.id, 2): past(outcomes[1]),
            ChangeRef(model.id, entry.timestamp): entry,
            ModelRef(other.id): other,
        }
        absent: list[NodeRef] = [
            ModelRef(NOBODY),
            ModelRef(model.id, 4),
            ModelRef(model.id, 9_999_999_999),
            ChangeRef(model.id, next_after(entry.timestamp)),
            ChangeRef(NOBODY, entry.timestamp),
        ]
        assert house.reader.nodes([*expected, *absent]) == expected

    def test_of_none_are_none(self, house: House) -> None:
        assert house.reader.nodes([]) == {}
        assert house.reader.models([]) == {}

    def test_asked_for_twice_are_read_once(self, house: House) -> None:
        model = house.create().model
        assert house.reader.models([model.id, model.id]) == {model.id: model}
