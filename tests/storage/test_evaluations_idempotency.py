"""Requests for one evaluation that are sent again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from models.errors import UserErrorCode
from models.timestamps import shifted
from tests.storage.evaluations import MISSING, PAGE, SUCCEEDED, Office, failure_of, model_of
from tests.storage.faults import CONFLICT, injected
from tests.storage.house import ANN, BOB, refused

KEY = "key-1"


class TestResend:
    """The same input under the same key."""

    def test_answers_the_same_evaluation(self, office: Office) -> None:
        first = office.ask(idempotency_key=KEY)
        assert office.ask(idempotency_key=KEY) == first
        assert office.count("Evaluation") == 1

    def test_answers_what_has_become_of_it(self, office: Office) -> None:
        job = office.ask(idempotency_key=KEY)
        done = office.run(job)
        assert done.status is SUCCEEDED
        again = office.asked(idempotency_key=KEY)
        assert again.evaluation == done
        assert again.entry == office.history(model_of(done))[-1]
        assert office.count("Evaluation") == 1

    def test_answers_the_evaluation_under_way_that_it_joined(self, office: Office) -> None:
        under_way = office.ask(principal=BOB)
        assert office.ask(idempotency_key=KEY) == under_way
        done = office.run(under_way)
        assert office.evaluated().id != done.id
        assert office.ask(idempotency_key=KEY) == done

    def test_answers_one_that_failed(self, office: Office) -> None:
        job = office.ask(idempotency_key=KEY)
        office.upstream.failures = [MISSING]
        failure_of(office.run(job))
        assert office.ask(idempotency_key=KEY) == office.read(job)

    def test_wins_over_a_model_that_was_deleted_since(self, office: Office) -> None:
        done = office.run(office.ask(idempotency_key=KEY))
        office.delete(model_of(done))
        assert office.ask(idempotency_key=KEY) == done

    def test_of_what_was_refused_is_tried_anew(self, office: Office) -> None:
        model_id = office.create(source_url=PAGE).model.id
        office.delete(model_id)
        with refused(UserErrorCode.INVALID_STATE, "url"):
            office.ask(idempotency_key=KEY)
        office.restore(model_id)
        assert model_of(office.run(office.ask(idempotency_key=KEY))) == model_id


class TestOtherInput:
    """Another input under the same key."""

    @pytest.mark.parametrize(
        "other", [{"url": f"{PAGE}/tree/v1"}, {"reason": "x"}, {"url": f"{PAGE}/"}]
    )
    def test_is_refused(self, office: Office, other: dict[str, Any]) -> None:
        office.ask(idempotency_key=KEY)
        with refused(UserErrorCode.IDEMPOTENCY_CONFLICT, "idempotencyKey"):
            office.ask(**({"idempotency_key": KEY} | other))
        assert office.count("Evaluation") == 1

    def test_for_another_model_is_refused(self, office: Office) -> None:
        office.ask(idempotency_key=KEY)
        with refused(UserErrorCode.IDEMPOTENCY_CONFLICT, "idempotencyKey"):
            office.ask(idempotency_key=KEY, model_id=office.create().model.id)


class TestScope:
    """Whose key it is, for what, and for how long."""

    def test_is_a_principals_own(self, office: Office) -> None:
        first = office.run(office.ask(idempotency_key=KEY))
        second = office.ask(principal=BOB, idempotency_key=KEY, url=f"{PAGE}/tree/v1")
        assert first.id != second.id

    def test_is_this_mutations_own(self, office: Office) -> None:
        office.create(idempotency_key=KEY)
        (first,) = office.ask_many(PAGE, idempotency_key=KEY)
        assert office.ask(idempotency_key=KEY) == first

    def test_ends_after_a_day(self, office: Office) -> None:
        done = office.run(office.ask(idempotency_key=KEY))
        office.clock.now = shifted(office.clock.now, timedelta(hours=23, minutes=59))
        assert office.ask(idempotency_key=KEY) == done
        office.clock.now = shifted(office.clock.now, timedelta(minutes=2))
        again = office.ask(idempotency_key=KEY, url=f"{PAGE}/tree/v1")
        assert again.id != done.id
        assert office.ask(idempotency_key=KEY, url=f"{PAGE}/tree/v1") == again


class TestAtOnce:
    """The same request from several clients at the same moment."""

    def test_makes_one_evaluation(self, office: Office) -> None:

        def ask(_: int) -> str:
            return office.ask(principal=ANN, idempotency_key=KEY).id

        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(ask, range(8)))) == 1
        assert office.count("Evaluation") == office.count("Idempotency") == 1

    def test_is_tried_again_where_it_meets_another_one(self, office: Office) -> None:
        with injected(office.client, "TransactWriteItems", CONFLICT, times=2) as faults:
            first = office.ask(idempotency_key=KEY)
        assert faults.answered == 2
        assert office.ask(idempotency_key=KEY) == first
        assert office.count("Evaluation") == 1
