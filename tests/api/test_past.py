"""Reading the past: a version, an instant, and what belongs to either."""

from datetime import datetime, timedelta

import pytest

from tests.api.client import Answer, Api, code, field
from tests.api.documents import HISTORY, MODEL, NODE
from tests.api.registry import User

NO_MODEL = "00000000-0000-7000-8000-000000000000"


def shifted(instant: str, microseconds: int) -> str:
    moment = datetime.fromisoformat(instant) + timedelta(microseconds=microseconds)
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def model_of(api: Api, model_id: str, **at: object) -> Answer | None:
    model: Answer | None = api.execute(MODEL, id=model_id, **at)["model"]
    return model


class TestModelAtVersion:
    """model(id, version)."""

    def test_is_the_model_as_that_change_left_it(self, api: Api, user: User) -> None:
        created = user.create(metadata={"a": 1}, riskNotes="old")["model"]
        user.update(created["id"], metadata={"a": 2}, riskNotes="new")
        past_id = f"{created['uuid']}@1"
        assert model_of(api, created["id"], version=1) == created | {"id": past_id}

    def test_has_an_id_of_its_own_even_for_the_newest(self, api: Api, user: User) -> None:
        model_id = user.updated_model(2)
        past = model_of(api, model_id, version=2)
        assert past
        assert (past["id"], past["uuid"]) == (f"{model_id}@2", model_id)

    @pytest.mark.parametrize("version", [3, 2**31 - 1])
    def test_is_null_where_there_is_no_such_version(
        self, api: Api, user: User, version: int
    ) -> None:
        assert model_of(api, user.updated_model(2), version=version) is None

    def test_is_null_where_there_is_no_such_model(self, api: Api) -> None:
        assert model_of(api, NO_MODEL, version=1) is None

    @pytest.mark.parametrize("version", [0, -1, -(2**31)])
    def test_refuses_what_is_no_version(self, api: Api, user: User, version: int) -> None:
        error = api.error(MODEL, id=user.new_model(), version=version)
        assert (code(error), field(error)) == ("BAD_USER_INPUT", ["version"])


class TestModelAsOf:
    """model(id, asOf)."""

    def test_is_the_model_as_it_stood_from_its_change_to_the_next(
        self, api: Api, user: User
    ) -> None:
        first = user.create()["model"]
        second = user.update(first["id"], name="another")["model"]
        at = second["updatedAt"]

        def version_at(instant: str) -> int | None:
            model = model_of(api, first["id"], asOf=instant)
            return model["version"] if model else None

        assert version_at(shifted(first["createdAt"], -1)) is None
        assert version_at(first["createdAt"]) == 1
        assert version_at(shifted(at, -1)) == 1
        assert version_at(at) == 2
        assert version_at(shifted(at, 1)) == 2
        assert version_at("9999-12-31T23:59:59.999999Z") == 2
        assert version_at("0001-01-01T00:00:00Z") is None

    def test_has_the_id_of_that_version(self, api: Api, user: User) -> None:
        first = user.create()["model"]
        user.update(first["id"], name="another")
        past = model_of(api, first["id"], asOf=first["updatedAt"])
        assert past == first | {"id": f"{first['uuid']}@1"}

    def test_takes_any_offset(self, api: Api, user: User) -> None:
        model = user.create()["model"]
        moment = datetime.fromisoformat(model["createdAt"])
        offset = timedelta(hours=5, minutes=30)
        elsewhere = (moment + offset).replace(tzinfo=None).isoformat(timespec="microseconds")
        assert model_of(api, model["id"], asOf=f"{elsewhere}+05:30")

    @pytest.mark.parametrize(
        "instant",
        ["", "now", "2026-11-23", "2026-11-23T10:15:30", "2026-02-30T00:00:00Z", "\ud800", 1, True],
    )
    def test_refuses_what_is_no_instant(self, api: Api, user: User, instant: object) -> None:
        error = api.error(MODEL, id=user.new_model(), asOf=instant)
        assert (code(error), field(error)) == ("BAD_USER_INPUT", ["asOf"])

    def test_refuses_to_be_given_with_version(self, api: Api, user: User) -> None:
        error = api.error(MODEL, id=user.new_model(), version=1, asOf="2026-11-23T10:15:30Z")
        assert (code(error), field(error)) == ("BAD_USER_INPUT", ["asOf"])


class TestNodeOfThePast:
    """node(uuid@version)."""

    def test_finds_the_model_of_that_version(self, api: Api, user: User) -> None:
        model_id = user.updated_model(3)
        past = model_of(api, model_id, version=2)
        assert past
        node = api.execute(NODE, id=past["id"])["node"]
        assert node == past | {"__typename": "Model"}


class TestModelOfAChange:
    """ChangeEntry.model."""

    def test_is_the_model_right_after_the_change(self, api: Api, user: User) -> None:
        model_id = user.updated_model(3)
        query = """query ($id: ID!) { model(id: $id) { changeHistory { nodes {
          version timestamp model { id version name updatedAt metadata }
        } } } }"""
        entries = api.execute(query, id=model_id)["model"]["changeHistory"]["nodes"]
        assert [entry["model"]["id"] for entry in entries] == [
            f"{model_id}@{version}" for version in (3, 2, 1)
        ]
        assert [entry["model"]["name"] for entry in entries] == [
            "name at 3",
            "name at 2",
            "bert-base",
        ]
        assert all(entry["model"]["updatedAt"] == entry["timestamp"] for entry in entries)


class TestHistoryOfThePast:
    """changeHistory and historyVerification below a model of the past."""

    def test_ends_with_that_version(self, api: Api, user: User) -> None:
        model_id = user.updated_model(4)
        nodes = api.execute(HISTORY, id=model_id, version=2)["model"]["changeHistory"]["nodes"]
        assert [entry["version"] for entry in nodes] == [2, 1]

    def test_ends_with_the_version_at_that_instant(self, api: Api, user: User) -> None:
        model_id = user.updated_model(2)
        instant = user.update(model_id, name="third")["model"]["updatedAt"]
        user.update(model_id, name="fourth")
        query = """query ($id: ID!, $asOf: DateTime) { model(id: $id, asOf: $asOf) {
          changeHistory(first: 2) { nodes { version } pageInfo { hasNextPage } }
        } }"""
        history = api.execute(query, id=model_id, asOf=instant)["model"]["changeHistory"]
        assert history["nodes"] == [{"version": 3}, {"version": 2}]
        assert history["pageInfo"]["hasNextPage"] is True

    def test_ends_there_below_the_model_of_a_change(self, api: Api, user: User) -> None:
        model_id = user.updated_model(3)
        query = """query ($id: ID!) { model(id: $id) { changeHistory { nodes {
          model { changeHistory { nodes { version } } }
        } } } }"""
        entries = api.execute(query, id=model_id)["model"]["changeHistory"]["nodes"]
        versions = [
            [below["version"] for below in entry["model"]["changeHistory"]["nodes"]]
            for entry in entries
        ]
        assert versions == [[3, 2, 1], [2, 1], [1]]

    def test_is_verified_up_to_that_version(self, api: Api, user: User) -> None:
        model_id = user.updated_model(4)
        newest = api.execute(HISTORY, id=model_id)["model"]["changeHistory"]["nodes"][0]
        query = """query ($id: ID!, $version: Int, $from: Int, $to: Int) {
          model(id: $id, version: $version) {
            historyVerification(fromVersion: $from, toVersion: $to) {
              intact complete entriesChecked headHash brokenAtVersion problem
            }
          }
        }"""

        def verification(**arguments: object) -> Answer:
            model = api.execute(query, id=model_id, **arguments)["model"]
            found: Answer = model["historyVerification"]
            return found

        assert verification() == {
            "intact": True,
            "complete": True,
            "entriesChecked": 4,
            "headHash": newest["hash"],
            "brokenAtVersion": None,
            "problem": None,
        }
        assert verification(version=2)["entriesChecked"] == 2
        assert verification(version=3, **{"from": 2})["entriesChecked"] == 2
        assert verification(version=2, to=4)["entriesChecked"] == 4

    @pytest.mark.parametrize(
        ("arguments", "wrong"),
        [
            ({"from": 0}, "fromVersion"),
            ({"to": 0}, "toVersion"),
            ({"from": 3, "to": 2}, "toVersion"),
            ({"to": 5}, "toVersion"),
        ],
    )
    def test_refuses_a_range_that_is_none(
        self, api: Api, user: User, arguments: dict[str, object], wrong: str
    ) -> None:
        model_id = user.updated_model(4)
        query = """query ($id: ID!, $from: Int, $to: Int) { model(id: $id) {
          historyVerification(fromVersion: $from, toVersion: $to) { intact }
        } }"""
        error = api.error(query, id=model_id, **arguments)
        assert (code(error), field(error)) == ("BAD_USER_INPUT", [wrong])
