"""How long to wait before the next try."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.upstream.pacing import Pacing, asked_pause_seconds

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ANY_TEXT = st.text(max_size=30) | st.from_regex(r"\w{3}, \d\d \w{3} \d{4,5} \d\d:\d\d:\d\d \S*")


class TestAskedPause:
    """What the headers of an answer ask for."""

    @pytest.mark.parametrize(
        ("headers", "seconds"),
        [
            ({}, 0),
            ({"retry-after": "120"}, 120),
            ({"retry-after": " 0 "}, 0),
            ({"retry-after": "Mon, 23 Nov 2026 12:00:30 GMT"}, 30),
            ({"retry-after": "Mon, 23 Nov 2026 11:00:00 GMT"}, 0),
            ({"retry-after": "Mon, 23 Nov 2026 12:00:30 -0000"}, 30),
            ({"retry-after": "soon"}, 0),
            ({"retry-after": "-5"}, 0),
            ({"ratelimit": '"api";r=0;t=55'}, 55),
            ({"ratelimit": '"api";r=3;t=55'}, 0),
            ({"ratelimit": '"api"; r=0 ; t=55'}, 55),
            ({"ratelimit": "odd"}, 0),
            ({"retry-after": "7", "ratelimit": '"api";r=0;t=55'}, 7),
            ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795435260"}, 60),
            ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}, 0),
            ({"x-ratelimit-remaining": "1", "x-ratelimit-reset": "1795435260"}, 0),
            ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "later"}, 0),
        ],
        ids=str,
    )
    def test_it_is_understood(self, headers: dict[str, str], seconds: float) -> None:
        assert asked_pause_seconds(headers, NOW) == seconds

    @given(
        st.dictionaries(
            st.sampled_from(
                ["retry-after", "ratelimit", "x-ratelimit-remaining", "x-ratelimit-reset"]
            ),
            ANY_TEXT,
        )
    )
    def test_nonsense_is_no_time_at_all(self, headers: dict[str, str]) -> None:
        assert asked_pause_seconds(headers, NOW) >= 0


class TestPause:
    """Our own pauses."""

    @given(st.integers(1, 5))
    def test_they_are_random_within_bounds_that_double(self, tries: int) -> None:
        pause = Pacing(first_pause_seconds=1).pause_seconds(tries)
        assert 2 ** (tries - 2) <= pause <= 2 ** (tries - 1)
