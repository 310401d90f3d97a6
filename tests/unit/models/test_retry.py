"""Trying again, inside bounds."""

import itertools
import random

import pytest

from models import retry
from models.retry import MAX_ATTEMPTS, MAX_SECONDS, attempts, time_limit


class FakeTime:
    """A clock that moves only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeTime:
    fake = FakeTime()
    monkeypatch.setattr(retry, "time", fake)
    return fake


def longest_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "uniform", lambda _low, high: high)


class TestAttempts:
    """How often, how long and with which pauses."""

    def test_the_first_comes_at_once(self, clock: FakeTime) -> None:
        assert next(attempts()) == 0
        assert clock.pauses == []

    @pytest.mark.usefixtures("clock")
    def test_are_bounded_in_number(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(random, "uniform", lambda _low, _high: 0.0)
        assert list(attempts()) == list(range(MAX_ATTEMPTS))

    def test_do_not_end_with_a_pause_for_nothing(
        self, clock: FakeTime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(random, "uniform", lambda _low, _high: 0.0)
        assert len(list(attempts())) == len(clock.pauses) + 1

    def test_are_bounded_in_time(self, clock: FakeTime, monkeypatch: pytest.MonkeyPatch) -> None:
        longest_pauses(monkeypatch)
        for _ in attempts():
            clock.now += 1.0
        assert clock.now - 1_000.0 < MAX_SECONDS + 1.0

    def test_pause_longer_each_time_up_to_a_limit(
        self, clock: FakeTime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        longest_pauses(monkeypatch)
        list(attempts())
        assert clock.pauses[:7] == [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.4]
        assert max(clock.pauses) == 0.4

    def test_pause_for_a_random_part_of_that(self, clock: FakeTime) -> None:
        list(itertools.islice(attempts(), 30))
        assert len(set(clock.pauses)) == len(clock.pauses)
        assert all(0 <= pause <= 0.4 for pause in clock.pauses)


class TestTimeLimit:
    """The time that a request has left."""

    @pytest.mark.parametrize("seconds", [0.05, 1.0, 5.0])
    def test_ends_the_attempts(
        self, clock: FakeTime, monkeypatch: pytest.MonkeyPatch, seconds: float
    ) -> None:
        longest_pauses(monkeypatch)
        with time_limit(seconds):
            list(attempts())
        assert clock.now < 1_000.0 + seconds

    def test_allows_one_attempt_even_where_it_is_over(self, clock: FakeTime) -> None:
        with time_limit(0):
            clock.now += 1.0
            assert list(attempts()) == [0]

    def test_holds_for_all_attempts_inside_it_together(self, clock: FakeTime) -> None:
        with time_limit(2.0):
            list(attempts())
            list(attempts())
        assert clock.now < 1_002.0

    @pytest.mark.usefixtures("clock")
    def test_ends_with_its_block(self) -> None:
        with time_limit(0):
            pass
        assert len(list(itertools.islice(attempts(), 3))) == 3
