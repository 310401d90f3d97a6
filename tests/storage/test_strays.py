"""Items that nobody wrote, and changes that are made while a history is verified."""

from collections.abc import Callable
from typing import Any

import pytest

from models.entities.change import change_key
from models.entities.model import model_key
from models.entities.snapshot import snapshot_key
from models.listing.plan import plan_list
from models.listing.query import ModelFilter, Order, Window
from models.timestamps import now
from models.verification.reading import HistoryReading
from tests.storage.house import House

FORGED_SORT_KEYS = (
    *("A", "CHANGE", "CHANGE$2026", "CHANGE#zzz", "CHANGE#\U0010ffff!", "L", "MODEK"),
    *("MODEL!", "MODEL#", "MODEL#ARTIFACT", "MODEL#ZZZ", "STATE", "STATE#zzz", "STATF"),
    *("UPLOAC", "ZZZ", "\U0010ffff"),
)


class TestStray:
    """An item at a sort key that this service never writes."""

    @pytest.mark.parametrize("sort_key", FORGED_SORT_KEYS)
    def test_a_copied_entry_is_found(self, house: House, sort_key: str) -> None:
        model_id = house.create().model.id
        entry = house.history(model_id)[0]
        raw = house.raw(change_key(model_id, entry.timestamp))
        assert raw
        house.put_raw(raw | {"SK": {"S": sort_key}, "changed_by": {"S": "user:ceo"}})
        assert not house.verdict(model_id).intact
        shown, page = house.reader.model_with_changes(model_id, 10) or (None, None)
        assert shown
        assert page
        assert page.entries == [entry]

    @pytest.mark.parametrize("sort_key", ["MODEL!", "STATE", "MODEK", "ZZZ"])
    def test_a_copied_model_is_found_and_not_listed(self, house: House, sort_key: str) -> None:
        model_id = house.create().model.id
        raw = house.raw(model_key(model_id))
        assert raw
        house.put_raw(raw | {"SK": {"S": sort_key}, "state_license": {"S": "ACTIVE#forged"}})
        assert not house.verdict(model_id).intact
        plan = plan_list(ModelFilter(license="forged"), Order())
        assert house.lister.page(plan, Window(10)).models == []

    @pytest.mark.parametrize("version", [0, 3, 9, 9_999_999_999])
    def test_a_snapshot_of_no_version_is_found(self, house: House, version: int) -> None:
        model_id = house.create().model.id
        house.update(model_id, name="two")
        raw = house.raw(snapshot_key(model_id, 2))
        assert raw
        house.put_raw(raw | {"SK": {"S": snapshot_key(model_id, version).sk}})
        assert not house.verdict(model_id).intact


class TestMeanwhile:
    """A change between two reads of one verification is no tampering."""

    @pytest.mark.parametrize(
        "step", ["current", "entry_before", "entries", "snapshots", "artifacts"]
    )
    def test_a_change_is_no_tampering(
        self, house: House, monkeypatch: pytest.MonkeyPatch, step: str
    ) -> None:
        model_id = house.create().model.id
        house.update(model_id, name="two")
        read: Callable[..., Any] = getattr(HistoryReading, step)

        def read_and_change(reading: HistoryReading, *arguments: object) -> object:
            found = read(reading, *arguments)
            monkeypatch.setattr(HistoryReading, step, read)
            house.update(model_id, name=f"changed at {now()}")
            return found

        monkeypatch.setattr(HistoryReading, step, read_and_change)
        verdict = house.verdict(model_id)
        assert (verdict.intact, verdict.problem) == (True, None)
        assert house.history(model_id)[-1].version == 3
