"""The pace of snapshots."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.local.pace import REST_AFTER_FAILURE_S, SHORTEST_REST_S, SnapshotPace

durations = st.floats(min_value=0, max_value=1_000, allow_nan=False)


@dataclass
class Clock:
    """A clock that moves when it is told to."""

    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


def take_snapshot(pace: SnapshotPace, clock: Clock, seconds: float) -> None:
    with pace.snapshot():
        clock.now += seconds


class TestRemaining:
    """How long until the next snapshot may start."""

    def test_the_first_snapshot_may_start_at_once(self) -> None:
        assert SnapshotPace(Clock()).remaining() == 0

    @given(durations)
    def test_a_rest_is_nine_times_its_snapshot(self, seconds: float) -> None:
        clock = Clock()
        pace = SnapshotPace(clock)
        take_snapshot(pace, clock, seconds)
        assert pace.remaining() == pytest.approx(max(9 * seconds, SHORTEST_REST_S))

    def test_a_rest_that_is_over_is_zero_and_not_negative(self) -> None:
        clock = Clock()
        pace = SnapshotPace(clock)
        take_snapshot(pace, clock, 0.02)
        clock.now += 60
        assert pace.remaining() == 0

    def test_a_failed_snapshot_is_not_tried_again_at_once(self) -> None:
        pace = SnapshotPace(Clock())
        with pytest.raises(OSError, match="full"), pace.snapshot():
            raise OSError("disk full")
        assert pace.remaining() == REST_AFTER_FAILURE_S


class TestShareOfTheTime:
    """What the pace promises."""

    @given(st.lists(durations, min_size=1, max_size=50))
    def test_snapshots_take_a_tenth_of_the_time_at_most(self, all_seconds: list[float]) -> None:
        clock = Clock()
        pace = SnapshotPace(clock)
        started = clock.now
        for seconds in all_seconds:
            take_snapshot(pace, clock, seconds)
            clock.now += pace.remaining()
        assert sum(all_seconds) <= (clock.now - started) / 10 + 1e-6

    @given(st.lists(st.floats(min_value=0, max_value=0.1), min_size=2, max_size=50))
    def test_nothing_is_unsaved_for_longer_than_ten_of_the_slowest_snapshots(
        self, all_seconds: list[float]
    ) -> None:
        clock = Clock()
        pace = SnapshotPace(clock)
        take_snapshot(pace, clock, all_seconds[0])
        for seconds in all_seconds[1:]:
            unsaved_since = clock.now
            clock.now += pace.remaining()
            take_snapshot(pace, clock, seconds)
            assert clock.now - unsaved_since <= max(1.0, SHORTEST_REST_S + 0.1) + 1e-6
