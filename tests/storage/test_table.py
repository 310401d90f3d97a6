"""The table itself: its keys, its indexes and its limits."""

from typing import Any

import pytest

from models.entities import ChangeItem, ModelItem
from models.entities.indexes import LISTED
from models.listing.plan import Operator, plan_list
from models.listing.query import Direction, ModelFilter, Order, OrderField
from models.records import ModelState
from models.table import CorruptItem
from models.timestamps import Timestamp
from tests.storage.house import START, House
from tests.unit.models.strategies import a_record

MAX_ATTRIBUTES_OF_AN_INDEX = 16
MAX_ATTRIBUTES_OF_ALL_INDEXES = 100
"""AWS's limit for what indexes with INCLUDE project, keys not counted."""
SCORED = a_record(net_score=1.0)
EVERY_CONDITION = ModelFilter(
    states=frozenset(ModelState),
    source="s",
    license="l",
    name_starts_with="n",
    name_contains="c",
    min_net_score=0.5,
    created_after=START,
    created_before=Timestamp("2027-01-01T00:00:00.000000Z"),
    updated_after=START,
    updated_before=Timestamp("2027-01-01T00:00:00.000000Z"),
)


@pytest.fixture
def described(house: House) -> dict[str, Any]:
    table: dict[str, Any] = house.client.describe_table(TableName=house.name)["Table"]
    return table


def keys_of(schema: dict[str, Any]) -> dict[str, str]:
    return {part["KeyType"]: part["AttributeName"] for part in schema["KeySchema"]}


class TestTable:
    """What is created."""

    def test_has_its_keys_and_a_stream_of_both_images(self, described: dict[str, Any]) -> None:
        assert keys_of(described) == {"HASH": "PK", "RANGE": "SK"}
        assert described["StreamSpecification"] == {
            "StreamEnabled": True,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        }
        assert described["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"

    def test_deletes_what_has_expired(self, house: House) -> None:
        found = house.client.describe_time_to_live(TableName=house.name)
        described = found["TimeToLiveDescription"]
        assert described["TimeToLiveStatus"] in {"ENABLED", "ENABLING"}
        assert described["AttributeName"] == "expires_at"

    def test_is_created_once(self, house: House) -> None:
        model = house.create().model
        house.table.create()
        assert house.reader.model(model.id) == model


class TestIndexes:
    """What lists are read from."""

    def test_are_the_six_with_their_keys(self, described: dict[str, Any]) -> None:
        found = {
            index["IndexName"]: keys_of(index) for index in described["GlobalSecondaryIndexes"]
        }
        assert found == {
            "by_update": {"HASH": "state", "RANGE": "updated_at_id"},
            "by_creation": {"HASH": "state", "RANGE": "created_at_id"},
            "by_name": {"HASH": "state", "RANGE": "name_id"},
            "by_score": {"HASH": "state", "RANGE": "score_id"},
            "by_source": {"HASH": "state_source", "RANGE": "updated_at_id"},
            "by_license": {"HASH": "state_license", "RANGE": "updated_at_id"},
        }

    def test_project_what_lists_show_and_nothing_large(self, described: dict[str, Any]) -> None:
        total = 0
        for index in described["GlobalSecondaryIndexes"]:
            projection = index["Projection"]
            assert projection["ProjectionType"] == "INCLUDE"
            projected = projection["NonKeyAttributes"]
            assert len(projected) == len(set(projected)) <= MAX_ATTRIBUTES_OF_AN_INDEX
            assert set(LISTED) <= set(projected)
            assert "kind" in projected
            assert not {"metadata", "risk_notes"} & set(projected)
            assert "state" in {*projected, *keys_of(index).values()}
            total += len(projected)
        assert total <= MAX_ATTRIBUTES_OF_ALL_INDEXES

    def test_hold_current_models_only(self, house: House) -> None:
        model = house.create(source_url="https://a/b", idempotency_key="k").model
        house.update(model.id, name="x")
        for index in ("by_update", "by_creation", "by_name", "by_score"):
            response = house.client.query(
                TableName=house.name,
                IndexName=index,
                KeyConditionExpression="#s = :s",
                ExpressionAttributeNames={"#s": "state"},
                ExpressionAttributeValues={":s": {"S": "ACTIVE"}},
            )
            assert [item["SK"] for item in response["Items"]] == [{"S": "MODEL"}]

    @pytest.mark.parametrize("direction", Direction)
    @pytest.mark.parametrize("field", OrderField)
    def test_are_filtered_by_what_they_project_and_never_by_their_keys(
        self, described: dict[str, Any], field: OrderField, direction: Direction
    ) -> None:
        plan = plan_list(EVERY_CONDITION, Order(field, direction))
        (index,) = [i for i in described["GlobalSecondaryIndexes"] if i["IndexName"] == plan.index]
        filtered = {predicate.attribute for predicate in plan.predicates}
        assert filtered <= set(index["Projection"]["NonKeyAttributes"])
        assert not filtered & {"PK", "SK", *keys_of(index).values()}
        assert len(plan.predicates) >= len(Operator)


class TestForeignItem:
    """An item that this service did not write."""

    @pytest.mark.parametrize(
        "alteration", [{"kind": {"S": "Unknown"}}, {"version": {"S": "1"}}, {"name": {"N": "1"}}]
    )
    def test_is_told_apart_and_not_guessed_at(
        self, house: House, alteration: dict[str, Any]
    ) -> None:
        model = house.create().model
        item = ModelItem.of(model)
        house.put_raw(item.serialize() | alteration)
        with pytest.raises(CorruptItem):
            house.reader.model(model.id)
        with pytest.raises(CorruptItem):
            house.reader.models([model.id])

    def test_comes_with_what_could_be_read_before_it(self, house: House) -> None:
        model = house.create().model
        house.update(model.id, name="x")
        newest = house.history(model.id)[-1]
        house.put_raw(ChangeItem.of(newest).serialize() | {"kind": {"S": "Unknown"}})
        with pytest.raises(CorruptItem) as caught:
            house.reader.changes(house.model(model.id), 5)
        assert caught.value.readable == []

    def test_with_a_whole_number_for_a_score_is_consistent(self) -> None:
        raw = ModelItem.of(SCORED).serialize() | {"net_score": {"N": "1"}}
        assert ModelItem.from_raw_data(raw).is_consistent()
        assert ModelItem.from_raw_data(raw).to_record() == SCORED
