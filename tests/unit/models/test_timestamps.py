"""Instants as text."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.timestamps import (
    Timestamp,
    following,
    next_after,
    now,
    parse,
    preceding,
    shifted,
)
from tests.unit.models.strategies import ANY_TEXT, all_instants, instant, instants

FIRST = Timestamp("0001-01-01T00:00:00.000000Z")
LAST = Timestamp("9999-12-31T23:59:59.999999Z")


class TestParse:
    """Reading RFC 3339."""

    @given(all_instants)
    def test_the_stored_form_is_its_own_reading(self, stored: Timestamp) -> None:
        assert parse(stored) == stored

    @given(
        st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1)),  # noqa: DTZ001  # offset added below
        st.integers(-23 * 60 - 59, 23 * 60 + 59),
    )
    def test_an_offset_names_the_same_instant(self, local: datetime, minutes: int) -> None:
        aware = local.replace(tzinfo=timezone(timedelta(minutes=minutes)))
        expected = aware.astimezone(UTC).replace(tzinfo=None)
        assert parse(aware.isoformat()) == instant(expected)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("2026-11-23t10:15:30z", "2026-11-23T10:15:30.000000Z"),
            ("2026-11-23 10:15:30Z", "2026-11-23T10:15:30.000000Z"),
            ("2026-11-23T10:15:30.5-00:00", "2026-11-23T10:15:30.500000Z"),
            ("2026-11-23T10:15:30.123456999Z", "2026-11-23T10:15:30.123456Z"),
            ("2024-02-29T23:30:00-01:00", "2024-03-01T00:30:00.000000Z"),
            ("2025-12-31T23:59:59.9999999Z", "2025-12-31T23:59:59.999999Z"),
            ("2026-01-01T00:00:00+00:01", "2025-12-31T23:59:00.000000Z"),
            (FIRST, FIRST),
            (LAST, LAST),
        ],
    )
    def test_every_spelling_becomes_the_stored_form(self, text: str, expected: str) -> None:
        assert parse(text) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "now",
            "2026-11-23",
            "2026-11-23T10:15Z",
            "2026-11-23T10:15:30",
            "2026-11-23T10:15:30.Z",
            "2026-11-23T10:15:30Z\n",
            "2026-11-23T10:15:30+0100",
            "2026-11-23T10:15:30+24:00",
            "2026-11-23T10:15:30+05:60",
            "2026-11-23T10:15:30+05:99",
            "2026-11-23T24:00:00Z",
            "2026-11-23T10:60:00Z",
            "2026-11-23T23:59:60Z",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-W10-1T00:00:00Z",
            "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "٢٠٢٦-11-23T10:15:30Z",
        ],
    )
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"."):
            parse(text)

    @given(ANY_TEXT)
    @example("2026-11-23T10:15:30Z\ud800")
    def test_no_text_does_more_than_be_refused(self, text: str) -> None:
        try:
            parse(text)
        except ValueError:
            return


class TestOrder:
    """Text order is time order."""

    @given(st.datetimes(), st.datetimes())
    def test_texts_compare_as_instants_do(self, one: datetime, other: datetime) -> None:
        assert (instant(one) < instant(other)) == (one < other)

    def test_now_is_in_the_stored_form_and_does_not_go_back(self) -> None:
        before = now()
        assert parse(before) == before
        assert before <= now()


class TestFollowing:
    """The instant of the next change."""

    @given(instants, st.lists(instants, max_size=8))
    def test_is_always_later_than_the_one_before(
        self, previous: Timestamp, clock: list[Timestamp]
    ) -> None:
        for reading in clock:
            made = following(previous, reading)
            assert made > previous
            assert made >= reading
            previous = made

    @given(instants)
    def test_is_what_the_clock_says_where_that_is_later(self, at: Timestamp) -> None:
        assert following(preceding(at), at) == at

    @given(instants)
    def test_is_one_microsecond_later_where_the_clock_stands_still(self, at: Timestamp) -> None:
        assert following(at, at) == next_after(at)


class TestNeighbours:
    """The instants right before and right after."""

    @given(instants)
    def test_undo_one_another(self, at: Timestamp) -> None:
        assert preceding(next_after(at)) == at == next_after(preceding(at))

    @given(instants)
    def test_surround_the_instant(self, at: Timestamp) -> None:
        assert preceding(at) < at < next_after(at)

    def test_carry_over_the_end_of_a_year(self) -> None:
        end = Timestamp("2025-12-31T23:59:59.999999Z")
        assert next_after(end) == "2026-01-01T00:00:00.000000Z"
        assert preceding(next_after(end)) == end

    def test_stop_at_the_ends_of_the_calendar(self) -> None:
        assert next_after(LAST) == LAST
        assert preceding(FIRST) == FIRST
        assert shifted(LAST, timedelta(days=1)) == LAST
