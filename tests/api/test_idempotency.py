"""Idempotency keys: a resent mutation answers what it answered the first time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import pytest
from pynamodb.connection import Connection

from models.principal import Principal, Role
from tests.api.client import Api
from tests.api.conftest import Caller
from tests.api.doors import Door
from tests.api.registry import User, faults
from tests.api.stored import Stored

KEY = "7f3c"
OTHER = Principal("key:other", frozenset({Role.WRITER}), may_attribute=True)


@pytest.fixture
def _one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make moto's transactions atomic, as DynamoDB's are."""
    lock = Lock()
    unguarded = Connection._make_api_call

    def guarded(connection: Connection, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # PynamoDB's own
        with lock:
            return unguarded(connection, *args, **kwargs)

    monkeypatch.setattr(Connection, "_make_api_call", guarded)
    return iter([None])


class TestResend:
    """The same key with the same input."""

    def test_of_a_creation_answers_the_same(self, user: User, stored: Stored) -> None:
        first = user.create(idempotencyKey=KEY, metadata={"a": 0.1}, sourceUrl="https://x.org/a")
        before = stored.items()
        again = user.create(idempotencyKey=KEY, metadata={"a": 0.1}, sourceUrl="https://x.org/a")
        assert again == first
        assert stored.items() == before

    def test_of_an_update_answers_the_same_after_other_changes(self, user: User) -> None:
        model_id = user.new_model()
        first = user.update(model_id, name="a", expectedVersion=1, idempotencyKey=KEY)
        user.update(model_id, name="b")
        user.delete(model_id)
        again = user.update(model_id, name="a", expectedVersion=1, idempotencyKey=KEY)
        assert again == first
        assert again["model"]["version"] == 2

    def test_of_a_deletion_and_a_restoration_answer_the_same(self, user: User) -> None:
        model_id = user.new_model()
        deleted = user.delete(model_id, idempotencyKey=KEY)
        restored = user.restore(model_id, idempotencyKey=KEY)
        assert user.delete(model_id, idempotencyKey=KEY) == deleted
        assert user.restore(model_id, idempotencyKey=KEY) == restored
        assert (deleted["model"]["version"], restored["model"]["version"]) == (2, 3)

    def test_of_what_changed_nothing_answers_the_same(self, user: User) -> None:
        model_id = user.new_model(name="a")
        first = user.update(model_id, name="a", idempotencyKey=KEY)
        user.update(model_id, name="b")
        assert first["changeEntry"] is None
        assert user.update(model_id, name="a", idempotencyKey=KEY) == first

    def test_of_large_values_answers_the_same(self, user: User) -> None:
        first = user.create(metadata="x" * 60_000, riskNotes="y" * 9_000, idempotencyKey=KEY)
        assert (
            user.create(metadata="x" * 60_000, riskNotes="y" * 9_000, idempotencyKey=KEY) == first
        )

    def test_of_a_refusal_is_tried_again(self, user: User) -> None:
        model_id = user.new_model()
        assert faults(user.restore(model_id, idempotencyKey=KEY)) == [("INVALID_STATE", ["id"])]
        user.delete(model_id)
        assert user.restore(model_id, idempotencyKey=KEY)["userErrors"] == []

    @pytest.mark.parametrize("key", ["x", "x" * 255, "ключ 鍵", "🔑", " "])
    def test_takes_any_printable_key(self, user: User, key: str) -> None:
        assert user.create(idempotencyKey=key) == user.create(idempotencyKey=key)


class TestOtherInput:
    """The same key with another input."""

    @pytest.mark.parametrize(
        "other",
        [
            {"name": "other"},
            {"metadata": {"a": 1.0}},
            {"metadata": {}},
            {"reason": "why"},
            {"changedBy": "user:ada"},
            {"sourceUrl": "https://example.org/a"},
        ],
    )
    def test_is_a_conflict(self, user: User, stored: Stored, other: dict[str, object]) -> None:
        given: dict[str, object] = {"metadata": {"a": 1}, "idempotencyKey": KEY}
        user.create(**given)
        before = stored.items()
        payload = user.create(**given | other)
        assert faults(payload) == [("IDEMPOTENCY_CONFLICT", ["idempotencyKey"])]
        assert stored.items() == before

    def test_is_a_conflict_for_null_where_nothing_was_given(self, user: User) -> None:
        model_id = user.new_model(sourceUrl="https://example.org/a")
        user.update(model_id, sourceUrl=None, idempotencyKey=KEY)
        payload = user.update(model_id, idempotencyKey=KEY)
        assert faults(payload) == [("IDEMPOTENCY_CONFLICT", ["idempotencyKey"])]


class TestScope:
    """What a key belongs to."""

    def test_is_the_mutation(self, user: User) -> None:
        model_id = user.create(idempotencyKey=KEY)["model"]["id"]
        assert user.update(model_id, name="x", idempotencyKey=KEY)["model"]["version"] == 2
        assert user.delete(model_id, idempotencyKey=KEY)["model"]["version"] == 3

    def test_is_the_principal(self, user: User, caller: Caller) -> None:
        first = user.create(idempotencyKey=KEY)
        caller.principal = OTHER
        assert user.create(idempotencyKey=KEY)["model"]["id"] != first["model"]["id"]


class TestAtOnce:
    """The same key sixteen times at once."""

    @pytest.mark.usefixtures("_one_at_a_time", "caller")
    def test_creates_one_model(self, app_door: Door, stored: Stored) -> None:
        user = User(Api(app_door))
        with ThreadPoolExecutor(16) as threads:
            answers = list(threads.map(lambda _: user.create(idempotencyKey=KEY), range(16)))
        assert all(answer == answers[0] for answer in answers)
        assert len(stored.items()) == 4

    @pytest.mark.usefixtures("_one_at_a_time", "caller")
    def test_updates_once(self, app_door: Door, stored: Stored) -> None:
        assert stored.items() == {}
        user = User(Api(app_door))
        model_id = user.new_model()
        with ThreadPoolExecutor(16) as threads:
            answers = list(
                threads.map(
                    lambda _: user.update(
                        model_id, name="x", expectedVersion=1, idempotencyKey=KEY
                    ),
                    range(16),
                )
            )
        assert all(answer == answers[0] for answer in answers)
        assert answers[0]["model"]["version"] == 2

    @pytest.mark.usefixtures("_one_at_a_time", "caller")
    def test_without_a_key_every_update_makes_its_version(
        self, app_door: Door, stored: Stored
    ) -> None:
        assert stored.items() == {}
        user = User(Api(app_door))
        model_id = user.new_model()
        with ThreadPoolExecutor(16) as threads:
            answers = list(threads.map(lambda n: user.update(model_id, name=f"n{n}"), range(16)))
        assert sorted(answer["model"]["version"] for answer in answers) == list(range(2, 18))
