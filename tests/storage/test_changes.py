"""Creating, updating, deleting and restoring models."""

import json
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from models import json_text
from models.audit import AUDIT_LOGGER
from models.errors import Forbidden, Refusal, UserErrorCode
from models.history.diff import changed_fields
from models.records import ChangeAction, ModelState, Prose
from models.timestamps import following, next_after, preceding
from tests.storage.house import ANN, JOB, START, House, refused

NOBODY = "0198c0de-0000-7000-8000-00000000000a"


@pytest.fixture
def house(any_house: House) -> House:
    return any_house


class TestCreate:
    """Registering a model."""

    def test_gives_back_what_was_given_at_version_1(self, house: House) -> None:
        outcome = house.create(
            name="模型 😀",
            source="hf",
            license="Apache-2.0",
            source_url="https://hf.co/a/b",
            metadata={"n": [10**20, 0.1, -0.0, 1.0], "é": None},
            risk_notes="line\nline",
            reason="first",
        )
        model = outcome.model
        assert (model.name, model.source, model.license) == ("模型 😀", "hf", "Apache-2.0")
        assert model.source_url == "https://hf.co/a/b"
        text = '{"n":[100000000000000000000,0.1,-0.0,1.0],"é":null}'
        assert model.prose == Prose(text, "line\nline")
        assert (model.state, model.version, model.net_score) == (ModelState.ACTIVE, 1, None)
        assert model.created_at == model.updated_at == START
        assert house.model(model.id) == model

    def test_makes_the_first_entry(self, house: House) -> None:
        outcome = house.create(reason="first")
        entry = outcome.entry
        assert entry is not None
        assert (entry.version, entry.action, entry.reason) == (1, ChangeAction.CREATE, "first")
        assert (entry.changed_by, entry.authenticated_as) == ("user:ann", "user:ann")
        assert (entry.previous_hash, entry.hash) == (None, outcome.model.head_hash)
        assert house.history(outcome.model.id) == [entry]

    def test_of_the_least_has_empty_metadata_and_notes(self, house: House) -> None:
        assert house.create().model.prose == Prose("{}", "")

    def test_with_faults_is_refused_with_all_of_them(self, house: House) -> None:
        with pytest.raises(Refusal) as caught:
            house.create(name="", source="", metadata=float("nan"))
        assert len(caught.value.faults) == 3

    def test_logs_its_hash(self, house: House, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.INFO, AUDIT_LOGGER):
            model = house.create().model
        (line,) = [record for record in caplog.records if record.name == AUDIT_LOGGER]
        expected = {"model": model.id, "version": 1, "hash": model.head_hash}
        assert json.loads(line.getMessage()) == {"audit": expected}


class TestUpdate:
    """Changing a model's fields."""

    def test_changes_what_is_given_and_leaves_the_rest(self, house: House) -> None:
        before = house.create(metadata={"a": 1}, risk_notes="x", source_url="https://a/b").model
        outcome = house.update(before.id, name="other", license="bsd", reason="better")
        entry = outcome.entry
        assert entry is not None
        assert outcome.model == replace(
            before,
            name="other",
            license="bsd",
            version=2,
            updated_at=outcome.model.updated_at,
            head_hash=entry.hash,
        )
        assert changed_fields(entry.changes) == ["name", "license"]
        assert (entry.version, entry.action) == (2, ChangeAction.UPDATE)
        assert entry.previous_hash == before.head_hash
        assert house.model(before.id) == outcome.model

    def test_replaces_metadata_whole_and_patches_it_in_part(self, house: House) -> None:
        model = house.create(metadata={"a": 1, "b": {"c": 2, "d": 3}}).model
        patched = house.update(model.id, metadata_patch={"b": {"c": None, "e": 4}}).model
        assert patched.prose == Prose('{"a":1,"b":{"d":3,"e":4}}', "")
        replaced = house.update(model.id, metadata=[1]).model
        assert replaced.prose == Prose("[1]", "")

    def test_whose_patch_makes_metadata_too_large_is_refused(self, house: House) -> None:
        model = house.create(metadata={"a": "x" * 65_000}).model
        with refused(UserErrorCode.INVALID_INPUT, "metadataPatch"):
            house.update(model.id, metadata_patch={"b": "x" * 1_000})

    def test_whose_patch_leaves_null_for_metadata_is_refused(self, house: House) -> None:
        model = house.create(metadata={"a": 1}).model
        with refused(UserErrorCode.INVALID_INPUT, "metadataPatch"):
            house.update(model.id, metadata_patch=None)

    def test_clears_the_source_url_by_null(self, house: House) -> None:
        model = house.create(source_url="https://a/b").model
        assert house.update(model.id, source_url=None).model.source_url is None

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"name": "bert"},
            {"metadata": {"b": 2, "a": 1}},
            {"metadata_patch": {"a": 1}},
            {"source_url": None, "risk_notes": ""},
            {"reason": "no change"},
        ],
    )
    def test_that_changes_nothing_makes_no_version(
        self, house: House, fields: dict[str, Any]
    ) -> None:
        before = house.create(metadata={"a": 1, "b": 2}).model
        outcome = house.update(before.id, **fields)
        assert (outcome.model, outcome.entry) == (before, None)
        assert house.model(before.id) == before
        assert len(house.history(before.id)) == 1

    def test_to_an_equal_number_of_another_kind_is_a_change(self, house: House) -> None:
        model = house.create(metadata={"a": 1}).model
        assert house.update(model.id, metadata={"a": 1.0}).entry is not None
        assert house.update(model.id, metadata={"a": True}).entry is not None

    @pytest.mark.parametrize("version", [1, None])
    def test_at_the_expected_version_is_made(self, house: House, version: int | None) -> None:
        model = house.create().model
        assert house.update(model.id, name="x", expected_version=version).model.version == 2

    @pytest.mark.parametrize("version", [1, 3, 2**31])
    def test_at_another_version_is_refused(self, house: House, version: int) -> None:
        model = house.create().model
        house.update(model.id, name="x")
        with refused(UserErrorCode.VERSION_CONFLICT, "expectedVersion"):
            house.update(model.id, name="y", expected_version=version)
        assert house.model(model.id).version == 2

    @pytest.mark.parametrize("model_id", ["", "x", "\ud800", NOBODY, f"{NOBODY}@1"])
    def test_of_what_is_not_there_is_refused(self, house: House, model_id: str) -> None:
        for change in (house.update, house.delete, house.restore):
            with refused(UserErrorCode.NOT_FOUND, "id"):
                change(model_id)


class TestDeleteAndRestore:
    """Hiding a model, and bringing it back."""

    def test_keep_all_of_it_readable(self, house: House) -> None:
        before = house.create(metadata={"a": 1}, source_url="https://a/b").model
        deleted = house.delete(before.id, reason="old")
        assert deleted.model.state is ModelState.DELETED
        assert house.model(before.id) == deleted.model
        restored = house.restore(before.id)
        assert (restored.model.state, restored.model.version) == (ModelState.ACTIVE, 3)
        assert restored.model.prose == before.prose
        actions = [entry.action for entry in house.history(before.id)]
        assert actions == [ChangeAction.CREATE, ChangeAction.DELETE, ChangeAction.RESTORE]

    def test_a_deleted_model_can_only_be_restored(self, house: House) -> None:
        model = house.create().model
        house.delete(model.id)
        with refused(UserErrorCode.INVALID_STATE, "id"):
            house.update(model.id, name="x")
        with refused(UserErrorCode.INVALID_STATE, "id"):
            house.update(model.id)
        with refused(UserErrorCode.INVALID_STATE, "id"):
            house.delete(model.id)
        assert house.model(model.id).version == 2

    def test_an_active_model_cannot_be_restored(self, house: House) -> None:
        with refused(UserErrorCode.INVALID_STATE, "id"):
            house.restore(house.create().model.id)

    def test_heed_the_expected_version(self, house: House) -> None:
        model = house.create().model
        with refused(UserErrorCode.VERSION_CONFLICT, "expectedVersion"):
            house.delete(model.id, expected_version=2)
        house.delete(model.id, expected_version=1)
        with refused(UserErrorCode.VERSION_CONFLICT, "expectedVersion"):
            house.restore(model.id, expected_version=1)


class TestAttribution:
    """Who made a change."""

    def test_a_job_may_name_somebody_else(self, house: House) -> None:
        entry = house.create(JOB, changed_by="user:zoë").entry
        assert entry is not None
        assert (entry.changed_by, entry.authenticated_as) == ("user:zoë", "key:01")

    def test_a_person_may_not(self, house: House) -> None:
        model = house.create().model
        for change in (house.update, house.delete):
            with pytest.raises(Forbidden) as caught:
                change(model.id, changed_by="user:bob")
            assert caught.value.field == ("changedBy",)
        assert house.model(model.id).version == 1

    def test_a_person_may_name_themselves(self, house: House) -> None:
        entry = house.create(ANN, changed_by="user:ann").entry
        assert entry is not None
        assert entry.changed_by == "user:ann"


class TestTime:
    """Time orders a model's changes as versions do, whatever the clock does."""

    @pytest.mark.parametrize("step", [timedelta(0), timedelta(seconds=-5), timedelta(days=-400)])
    def test_each_change_is_later_than_the_one_before(self, house: House, step: timedelta) -> None:
        house.clock.step = step
        model = house.create().model
        for number in range(6):
            house.update(model.id, name=f"name {number}")
        entries = house.history(model.id)
        times = [entry.timestamp for entry in entries]
        assert times == sorted(set(times))
        assert times[1] == next_after(times[0])
        assert [entry.version for entry in entries] == list(range(1, 8))
        assert house.verdict(model.id).intact

    def test_a_change_bears_the_time_of_the_clock(self, house: House) -> None:
        model = house.create().model
        house.clock.now = following(model.updated_at, preceding(model.created_at))
        expected = house.clock.now
        assert house.update(model.id, name="x").model.updated_at == expected


class TestLargest:
    """A model with every field at its limit."""

    def test_can_be_created_changed_and_read(self, house: House) -> None:
        metadata = {"a": "😀" * ((64 * 1024 - 8) // 4)}
        prose = "😀" * 10_000
        largest = {
            "name": "😀" * 256,
            "source": "日" * 64,
            "license": "ΐ" * 256,
            "source_url": "https://a/".ljust(2_048, "é"),
            "metadata": metadata,
            "risk_notes": prose,
            "reason": prose,
        }
        model = house.create(JOB, changed_by="日" * 256, **largest).model
        assert house.model(model.id).prose == Prose(json_text.dumps(metadata), prose)
        changed = house.update(model.id, name="x" * 256, metadata={"a": "x" * 65_000}).model
        assert changed.version == 2
        assert house.reader.model_at_version(model.id, 1) == replace(model, head_hash=None)
        assert house.verdict(model.id).intact
