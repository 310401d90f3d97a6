"""Conflicts and throttling, as DynamoDB answers them under load."""

import time
from collections.abc import Callable

import pytest
from pynamodb.exceptions import PynamoDBException

from models.entities.model import model_key
from models.errors import Throttled, UserErrorCode
from models.metering import CostMeter, metered
from models.retry import time_limit
from tests.storage.faults import (
    CANCELLED_BY_THROTTLING,
    CONFLICT,
    FORBIDDEN,
    IN_PROGRESS,
    THROTTLED,
    Body,
    injected,
)
from tests.storage.house import House, refused

WRITE = "TransactWriteItems"
TRANSIENT = pytest.mark.parametrize(
    "body", [CONFLICT, IN_PROGRESS, CANCELLED_BY_THROTTLING, THROTTLED]
)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)


class TestTransient:
    """A fault that passes."""

    @TRANSIENT
    def test_is_tried_again_until_the_change_is_made(self, house: House, body: Body) -> None:
        model = house.create().model
        with injected(house.client, WRITE, body, times=3) as faults:
            outcome = house.update(model.id, name="x", idempotency_key="k")
        assert faults.answered == 3
        assert (outcome.model.version, outcome.model.name) == (2, "x")
        assert len(house.history(model.id)) == 2

    @TRANSIENT
    def test_is_tried_again_for_a_new_model(self, house: House, body: Body) -> None:
        with injected(house.client, WRITE, body, times=3):
            outcome = house.create(source_url="https://a/b", idempotency_key="k")
        assert house.model(outcome.model.id) == outcome.model

    @pytest.mark.parametrize("operation", ["GetItem", "BatchGetItem", "Query"])
    def test_of_a_read_is_tried_again(self, house: House, operation: str) -> None:
        model = house.create().model
        with injected(house.client, operation, THROTTLED, times=2):
            assert house.reader.model(model.id) == model
            assert house.reader.models([model.id]) == {model.id: model}
            assert len(house.history(model.id)) == 1

    def test_is_counted_as_requests(self, house: House) -> None:
        model = house.create().model
        with metered(CostMeter()) as meter, injected(house.client, "GetItem", THROTTLED, times=2):
            house.reader.model(model.id)
        assert meter.requests == 3


class TestLasting:
    """A fault that does not pass in the time that is left."""

    @pytest.mark.parametrize("body", [CONFLICT, IN_PROGRESS])
    def test_between_writers_is_a_version_conflict(self, house: House, body: Body) -> None:
        model = house.create().model
        with injected(house.client, WRITE, body), time_limit(0.2):
            with refused(UserErrorCode.VERSION_CONFLICT):
                house.update(model.id, name="x")
            with refused(UserErrorCode.VERSION_CONFLICT):
                house.create()
        assert house.model(model.id) == model

    @pytest.mark.parametrize("body", [CANCELLED_BY_THROTTLING, THROTTLED])
    def test_of_capacity_is_throttled(self, house: House, body: Body) -> None:
        model = house.create().model
        with injected(house.client, WRITE, body), time_limit(0.2):
            with pytest.raises(Throttled):
                house.update(model.id, name="x")
            with pytest.raises(Throttled):
                house.create()
        assert house.model(model.id) == model

    def test_is_tried_a_bounded_number_of_times(self, house: House) -> None:
        with (
            injected(house.client, WRITE, CONFLICT) as faults,
            refused(UserErrorCode.VERSION_CONFLICT),
        ):
            house.create()
        assert 2 <= faults.answered <= 40

    @pytest.mark.parametrize("operation", ["GetItem", "BatchGetItem", "Query"])
    def test_of_a_read_is_throttled(self, house: House, operation: str) -> None:
        model = house.create().model
        reads: dict[str, Callable[[], object]] = {
            "GetItem": lambda: house.reader.model(model.id),
            "BatchGetItem": lambda: house.reader.models([model.id]),
            "Query": lambda: house.reader.changes(model, 1),
        }
        with injected(house.client, operation, THROTTLED), pytest.raises(Throttled):
            reads[operation]()


class TestPermanent:
    """A fault that trying again does not mend."""

    def test_is_not_taken_for_a_conflict(self, house: House) -> None:
        with injected(house.client, WRITE, FORBIDDEN) as faults, pytest.raises(PynamoDBException):
            house.create()
        assert faults.answered == 1

    def test_of_a_read_is_raised(self, house: House) -> None:
        model = house.create().model
        with injected(house.client, "GetItem", FORBIDDEN), pytest.raises(PynamoDBException):
            house.reader.model(model.id)


class TestUnprocessedKeys:
    """Keys that BatchGetItem leaves for another request."""

    @staticmethod
    def left_unread(house: House, model_id: str) -> Body:
        key = model_key(model_id)
        keys = [{"PK": {"S": key.pk}, "SK": {"S": key.sk}}]
        return {"Responses": {}, "UnprocessedKeys": {house.name: {"Keys": keys}}}

    def test_are_asked_for_again(self, house: House) -> None:
        model = house.create().model
        body = self.left_unread(house, model.id)
        with injected(house.client, "BatchGetItem", body, times=2, status=200):
            assert house.reader.models([model.id]) == {model.id: model}

    def test_are_given_up_in_the_end(self, house: House) -> None:
        model_id = house.create().model.id
        body = self.left_unread(house, model_id)
        with (
            injected(house.client, "BatchGetItem", body, status=200),
            time_limit(0.1),
            pytest.raises(Throttled, match="left 1 keys unread"),
        ):
            house.reader.models([model_id])
