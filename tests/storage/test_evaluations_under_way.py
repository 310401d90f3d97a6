"""One evaluation at a time: of a page, at a revision, for a model."""

import pytest

from tests.storage.evaluations import (
    HUB,
    MISSING,
    PAGE,
    QUEUED,
    SUCCEEDED,
    TIMES,
    Office,
    failure_of,
    page_key,
)
from tests.storage.house import ANN, BOB


class TestUnderWay:
    """A page that is being evaluated."""

    @pytest.mark.parametrize(
        "spelling", [PAGE, "http://hf.co/acme/tiny/", "hf://acme/tiny", f"{HUB}/Acme/TINY"]
    )
    def test_is_not_evaluated_twice(self, office: Office, spelling: str) -> None:
        first = office.ask()
        assert office.ask(spelling, BOB, reason="too") == first
        assert office.count("Evaluation") == 1

    def test_of_another_evaluation_is_left_when_this_one_ends(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("models.retry.MAX_ATTEMPTS", 2)
        first = office.ask()
        key = page_key(first)
        raw = office.raw(key)
        assert raw
        office.put_raw(raw | {"evaluation_id": {"S": "another"}})
        office.run(first)
        left = office.raw(key)
        assert left
        assert left["evaluation_id"] == {"S": "another"}

    def test_is_not_evaluated_twice_once_it_has_begun(self, office: Office) -> None:
        first = office.ask()
        joined = []
        office.upstream.meanwhile = lambda: joined.append(office.ask())
        assert office.run(first).status is SUCCEEDED
        assert [one.id for one in joined] == [first.id]

    def test_is_evaluated_again_once_that_has_ended(self, office: Office) -> None:
        assert office.evaluated().id != office.evaluated().id
        failing = office.ask()
        office.upstream.failures = [MISSING]
        failure_of(office.run(failing))
        assert office.ask().id != failing.id

    @pytest.mark.parametrize(
        "other", [f"{PAGE}/tree/v1", f"{PAGE}/tree/v2", f"{HUB}/acme/tiny2", f"{HUB}/tiny"]
    )
    def test_is_another_one_at_another_revision_or_address(
        self, office: Office, other: str
    ) -> None:
        first, at_v1 = office.ask(), office.ask(f"{PAGE}/tree/v1")
        found = office.ask(other)
        assert found.id != first.id
        assert (found.id == at_v1.id) is (other == f"{PAGE}/tree/v1")

    def test_is_another_one_for_a_model_that_is_named(self, office: Office) -> None:
        models = [office.create().model.id for _ in range(2)]
        asked = [office.ask(model_id=model_id) for model_id in (None, *models, None, *models)]
        assert [one.id for one in asked[:3]] == [one.id for one in asked[3:]]
        assert len({one.id for one in asked}) == 3

    def test_is_told_apart_from_what_a_revision_could_spell(self, office: Office) -> None:
        # A revision and a model's id stand in one key.
        model_id = office.create().model.id
        named = office.ask(model_id=model_id)
        assert office.ask(f"{PAGE}/tree/{model_id}").id != named.id


class TestDeadline:
    """A job that nobody ends."""

    def test_counts_as_under_way_until_then(self, office: Office) -> None:
        first = office.ask(principal=ANN)
        office.pass_time(TIMES.deadline_seconds - 1)
        assert office.ask().id == first.id

    def test_stands_in_nobodys_way_from_then_on(self, office: Office) -> None:
        first = office.ask()
        office.pass_time(TIMES.deadline_seconds)
        second = office.ask()
        assert second.id != first.id
        assert second.status is QUEUED
        failure_of(office.read(first))
        assert office.run(second).status is SUCCEEDED

    def test_leaves_the_next_ones_place_alone_when_it_ends_late(self, office: Office) -> None:
        first = office.ask()
        later: list[str] = []

        def late() -> None:
            office.pass_time(TIMES.deadline_seconds)
            later.append(office.ask().id)

        office.upstream.meanwhile = late
        failure_of(office.run(first))
        assert office.ask().id == later[0]

    def test_lets_dynamodb_delete_what_says_that_it_is_under_way(self, office: Office) -> None:
        first = office.ask()
        raw = office.raw(page_key(first))
        assert raw
        assert int(raw["expires_at"]["N"]) >= 1_767_225_600 + TIMES.deadline_seconds
        office.delete_raw(page_key(first))
        assert office.ask().id != first.id

    def test_is_not_hindered_by_a_claim_to_the_page(self, office: Office) -> None:
        office.create(source_url=PAGE)
        first = office.ask()
        assert office.read(first) == first
