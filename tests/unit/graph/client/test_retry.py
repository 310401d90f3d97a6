"""How persistently is tried again, on a clock of the test's own."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.client import Retries, Unreachable
from graph.client.retry import Time, Transient, persistently, retry_after_seconds


class FakeTime:
    """Passes only while somebody sleeps, and always draws the longest pause."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.pauses: list[float] = []
        self.time = Time(lambda: self.seconds, self.sleep, lambda ceiling: ceiling)

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.seconds += seconds


@pytest.fixture
def clock() -> FakeTime:
    return FakeTime()


class Failing:
    """Fails so many times, then returns 'done'."""

    def __init__(self, times: int, *, after: float = 0.0, executed: bool = True) -> None:
        self.left = times
        self.tried = 0
        self.after = after
        self.executed = executed

    def __call__(self) -> str:
        self.tried += 1
        if self.left:
            self.left -= 1
            error = Unreachable(f"failure {self.tried}")
            raise Transient(error, after_seconds=self.after, executed=self.executed) from OSError()
        return "done"


class TestPersistently:
    """Trying again."""

    def test_pauses_double_up_to_the_longest(self, clock: FakeTime) -> None:
        retries = Retries(attempts=7, first_pause_seconds=1, longest_pause_seconds=4, seconds=99)
        assert persistently(Failing(6), retries, clock.time) == "done"
        assert clock.pauses == [1, 2, 4, 4, 4, 4]

    def test_attempts_are_bounded(self, clock: FakeTime) -> None:
        failing = Failing(99)
        with pytest.raises(Unreachable, match="failure 3") as raised:
            persistently(failing, Retries(attempts=3), clock.time)
        assert failing.tried == 3
        assert isinstance(raised.value.__cause__, OSError)

    def test_the_time_altogether_is_bounded(self, clock: FakeTime) -> None:
        failing = Failing(99)
        retries = Retries(attempts=99, seconds=10, first_pause_seconds=3, longest_pause_seconds=3)
        with pytest.raises(Unreachable):
            persistently(failing, retries, clock.time)
        assert clock.seconds == 9

    def test_what_the_service_asks_for_is_added(self, clock: FakeTime) -> None:
        persistently(Failing(1, after=5), Retries(first_pause_seconds=1), clock.time)
        assert clock.pauses == [6]

    def test_too_much_patience_is_not_had(self, clock: FakeTime) -> None:
        failing = Failing(1, after=31)
        with pytest.raises(Unreachable):
            persistently(failing, Retries(seconds=999), clock.time)
        assert (failing.tried, clock.pauses) == (1, [])

    @pytest.mark.parametrize(("executed", "tried"), [(True, 1), (False, 2)])
    def test_what_cannot_be_repeated_is_sent_again_only_if_it_was_not_executed(
        self, clock: FakeTime, executed: bool, tried: int
    ) -> None:
        failing = Failing(1, executed=executed)
        try:
            persistently(failing, Retries(), clock.time, repeatable=False)
        except Unreachable:
            assert executed
        assert failing.tried == tried

    def test_anything_else_is_not_tried_again(self, clock: FakeTime) -> None:
        with pytest.raises(ZeroDivisionError):
            persistently(lambda: 1 // 0, Retries(), clock.time)
        assert clock.pauses == []

    def test_no_attempt_at_all_makes_no_sense(self, clock: FakeTime) -> None:
        with pytest.raises(ValueError, match="attempts"):
            persistently(lambda: None, Retries(attempts=0), clock.time)

    @given(ceiling=st.floats(0, 100))
    def test_the_pause_is_drawn_from_the_whole_range(self, ceiling: float) -> None:
        assert 0 <= Time().jitter(ceiling) <= ceiling


class TestRetryAfter:
    """The header."""

    NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("value", "seconds"),
        [
            (None, 0),
            ("7", 7),
            ("-7", 0),
            ("soon", 0),
            ("", 0),
            ("9" * 400, 999_999_999),
            ("Mon, 23 Nov 2026 10:00:30 GMT", 30),
            ("Mon, 23 Nov 2026 10:00:30 -0000", 30),
            ("Mon, 23 Nov 2026 09:00:00 GMT", 0),
            ("Fri, 31 Dec 9999 23:59:59 -2359", 251_606_959_139),
            ("Mon, 01 Jan 0001 00:00:00 +2359", 0),
            ("Mon, 23 Nov 99999999999999999999 10:00:00 GMT", 0),
            ("Mon, 23 Nov 2026 99999999999999999999:00:00 GMT", 0),
            ("Mon, 23 Nov 2026 10:00:00 +99999999999999999999", 0),
        ],
    )
    def test_is_read(self, value: str | None, seconds: float) -> None:
        assert retry_after_seconds(value, self.NOW) == seconds

    @given(st.text())
    def test_whatever_it_says(self, value: str) -> None:
        assert retry_after_seconds(value) >= 0
