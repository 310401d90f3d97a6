"""Mutations that are sent again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from models.errors import UserErrorCode
from models.registry.idempotency import Outcome
from models.timestamps import shifted
from tests.storage.house import ANN, BOB, JOB, House, refused

KEY = "key-1"
THREADS = 16


class TestResend:
    """The same input under the same key."""

    def test_of_a_create_makes_no_second_model(self, house: House) -> None:
        first = house.create(metadata={"a": [1.0, 10**20]}, reason="x", idempotency_key=KEY)
        again = house.create(metadata={"a": [1.0, 10**20]}, reason="x", idempotency_key=KEY)
        assert again == first
        assert len(house.history(first.model.id)) == 1

    def test_of_a_create_with_a_source_url_is_no_conflict_with_itself(self, house: House) -> None:
        first = house.create(source_url="https://a/b", idempotency_key=KEY)
        assert house.create(source_url="https://a/b", idempotency_key=KEY) == first

    def test_of_any_change_answers_what_it_answered_first(self, house: House) -> None:
        model_id = house.create(metadata={"a": 1}).model.id
        changes: list[Callable[[], Outcome]] = [
            lambda: house.update(model_id, name="x", metadata={"b": 2.0}, idempotency_key="1"),
            lambda: house.delete(model_id, idempotency_key="2"),
            lambda: house.restore(model_id, reason="again", idempotency_key="3"),
        ]
        firsts = [change() for change in changes]
        house.update(model_id, name="meanwhile")
        assert [change() for change in changes] == firsts
        assert house.model(model_id).version == 5

    def test_of_a_change_that_changed_nothing_answers_so(self, house: House) -> None:
        model = house.create().model
        first = house.update(model.id, name="bert", idempotency_key=KEY)
        house.update(model.id, name="other")
        again = house.update(model.id, name="bert", idempotency_key=KEY)
        assert again == first
        assert (again.model, again.entry) == (model, None)
        assert house.model(model.id).name == "other"

    def test_wins_over_an_expected_version_that_is_stale_by_then(self, house: House) -> None:
        model = house.create().model
        first = house.update(model.id, name="x", expected_version=1, idempotency_key=KEY)
        again = house.update(model.id, name="x", expected_version=1, idempotency_key=KEY)
        assert again == first

    def test_takes_no_notice_of_the_order_of_metadatas_keys(self, house: House) -> None:
        first = house.create(metadata={"a": 1, "b": 2}, idempotency_key=KEY)
        assert house.create(metadata={"b": 2, "a": 1}, idempotency_key=KEY) == first

    def test_of_a_refused_change_is_tried_anew(self, house: House) -> None:
        model = house.create().model
        with refused(UserErrorCode.VERSION_CONFLICT, "expectedVersion"):
            house.update(model.id, name="x", expected_version=2, idempotency_key=KEY)
        house.update(model.id, name="y")
        outcome = house.update(model.id, name="x", expected_version=2, idempotency_key=KEY)
        assert outcome.model.version == 3


class TestOtherInput:
    """Another input under the same key."""

    def test_is_refused(self, house: House) -> None:
        model = house.create(idempotency_key=KEY).model
        with refused(UserErrorCode.IDEMPOTENCY_CONFLICT, "idempotencyKey"):
            house.create(name="other", idempotency_key=KEY)
        house.update(model.id, name="x", idempotency_key=KEY)
        with refused(UserErrorCode.IDEMPOTENCY_CONFLICT, "idempotencyKey"):
            house.update(model.id, name="y", idempotency_key=KEY)
        assert house.model(model.id).version == 2

    def test_is_refused_where_only_the_kind_of_a_number_differs(self, house: House) -> None:
        house.create(metadata={"a": 1}, idempotency_key=KEY)
        with refused(UserErrorCode.IDEMPOTENCY_CONFLICT, "idempotencyKey"):
            house.create(metadata={"a": 1.0}, idempotency_key=KEY)


class TestScope:
    """Whose key it is, and for what."""

    def test_principals_keys_are_their_own(self, house: House) -> None:
        made = {house.create(who, idempotency_key=KEY).model.id for who in (ANN, BOB, JOB)}
        assert len(made) == 3

    def test_mutations_keys_are_their_own(self, house: House) -> None:
        model_id = house.create(idempotency_key=KEY).model.id
        house.update(model_id, name="x", idempotency_key=KEY)
        house.delete(model_id, idempotency_key=KEY)
        house.restore(model_id, idempotency_key=KEY)
        assert house.model(model_id).version == 4


class TestExpiry:
    """A record past its time."""

    @pytest.mark.parametrize("name", ["bert", "other"])
    def test_counts_as_absent(self, house: House, name: str) -> None:
        first = house.create(idempotency_key=KEY)
        house.clock.now = shifted(house.clock.now, timedelta(hours=24, seconds=1))
        again = house.create(name=name, idempotency_key=KEY)
        assert again.model.id != first.model.id
        assert house.create(name=name, idempotency_key=KEY) == again

    def test_counts_until_then(self, house: House) -> None:
        first = house.create(idempotency_key=KEY)
        house.clock.now = shifted(house.clock.now, timedelta(hours=23, minutes=59))
        assert house.create(idempotency_key=KEY) == first

    def test_of_an_update_counts_as_absent_too(self, house: House) -> None:
        model = house.create().model
        house.update(model.id, name="x", idempotency_key=KEY)
        house.update(model.id, name="y")
        house.clock.now = shifted(house.clock.now, timedelta(hours=25))
        assert house.update(model.id, name="x", idempotency_key=KEY).model.version == 4

    def test_between_the_write_and_the_look_at_it_is_tried_anew(self, house: House) -> None:
        first = house.create(idempotency_key=KEY)
        # The clock passes the record's time after the write that still met it.
        house.clock.now = shifted(first.model.created_at, timedelta(hours=23, minutes=59))
        house.clock.step = timedelta(seconds=45)
        again = house.create(idempotency_key=KEY)
        assert again.model.id != first.model.id


class TestAtOnce:
    """The same mutation from several clients at the same moment."""

    def test_makes_one_model(self, house: House) -> None:
        with ThreadPoolExecutor(THREADS) as pool:
            made = [pool.submit(house.create, idempotency_key=KEY) for _ in range(THREADS)]
            outcomes = [future.result() for future in made]
        assert all(outcome == outcomes[0] for outcome in outcomes)
        scanned = house.client.scan(TableName=house.name)["Items"]
        assert len(scanned) == 4

    def test_changes_a_model_once(self, house: House) -> None:
        model_id = house.create().model.id
        with ThreadPoolExecutor(THREADS) as pool:
            made = [
                pool.submit(house.update, model_id, name="x", idempotency_key=KEY)
                for _ in range(THREADS)
            ]
            outcomes = [future.result() for future in made]
        assert all(outcome == outcomes[0] for outcome in outcomes)
        assert house.model(model_id).version == 2

    def test_changes_nothing_together(self, house: House) -> None:
        model_id = house.create().model.id
        with ThreadPoolExecutor(THREADS) as pool:
            made = [
                pool.submit(house.update, model_id, name="bert", idempotency_key=KEY)
                for _ in range(THREADS)
            ]
            outcomes = [future.result() for future in made]
        assert {outcome.entry for outcome in outcomes} == {None}
        assert house.model(model_id).version == 1
