"""Cursors."""

import string

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from models.errors import InvalidArgument
from models.listing.cursor import decode_cursor, encode_cursor
from tests.unit.models.strategies import ANY_TEXT

ALPHABET = string.ascii_letters + string.digits + "-_"
positions = st.text(min_size=1, max_size=60)
scopes = st.text(max_size=30)


def refused(scope: str, cursor: str) -> bool:
    try:
        decode_cursor(scope, cursor, "after")
    except InvalidArgument as error:
        return error.field == ("after",)
    return False


class TestRoundTrip:
    """Making a cursor and reading it."""

    @given(scopes, positions)
    def test_gives_back_the_position(self, scope: str, position: str) -> None:
        assert decode_cursor(scope, encode_cursor(scope, position), "after") == position

    @given(scopes, positions)
    def test_a_cursor_is_fit_for_urls(self, scope: str, position: str) -> None:
        assert set(encode_cursor(scope, position)) <= set(ALPHABET)

    @given(scopes, positions, positions)
    def test_positions_have_cursors_of_their_own(self, scope: str, one: str, other: str) -> None:
        same = encode_cursor(scope, one) == encode_cursor(scope, other)
        assert same == (one == other)


class TestRefusal:
    """What is no cursor of the list."""

    @given(scopes, scopes, positions)
    def test_one_of_another_list(self, scope: str, other: str, position: str) -> None:
        assume(scope != other)
        assert refused(other, encode_cursor(scope, position))

    @given(scopes, positions, st.data())
    def test_one_with_an_altered_character(
        self, scope: str, position: str, data: st.DataObject
    ) -> None:
        cursor = encode_cursor(scope, position)
        place = data.draw(st.integers(0, len(cursor) - 1))
        other = data.draw(st.sampled_from(ALPHABET + "+/=é\ud800").filter(cursor[place].__ne__))
        assert refused(scope, cursor[:place] + other + cursor[place + 1 :])

    @given(scopes, positions, st.data())
    def test_one_with_a_character_more_or_less(
        self, scope: str, position: str, data: st.DataObject
    ) -> None:
        cursor = encode_cursor(scope, position)
        place = data.draw(st.integers(0, len(cursor) - 1))
        more = data.draw(st.sampled_from(ALPHABET + "+/= \n\x00é"))
        assert refused(scope, cursor[:place] + cursor[place + 1 :]) or cursor[:1] * 2 in cursor
        assert refused(scope, cursor[:place] + more + cursor[place:]) or more in cursor

    @given(scopes, ANY_TEXT)
    @example("", "")
    @example("", "=")
    @example("", "\ud800")
    @example("", "A" * 1_000_001)
    def test_any_other_text(self, scope: str, text: str) -> None:
        assert refused(scope, text)

    def test_the_reason_tells_what_a_cursor_is_bound_to(self) -> None:
        with pytest.raises(InvalidArgument, match="this list, with this filter and order"):
            decode_cursor("", "x", "before")
