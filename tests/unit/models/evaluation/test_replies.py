"""Tolerant reading of JSON: a wrong type is a missing value, and nothing cannot be stored."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.upstream.replies import (
    LEVELS_MAX,
    day,
    fields,
    items,
    plain,
    text,
    texts,
    whole,
)

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(), max_size=5), inner),
    max_leaves=20,
)


class TestPlain:
    """JSON that can be stored."""

    @given(ANYTHING)
    def test_everything_can_be_written(self, value: object) -> None:
        json.dumps(plain(value), allow_nan=False, ensure_ascii=False).encode()

    @given(ANYTHING)
    def test_twice_is_the_same_as_once(self, value: object) -> None:
        assert plain(plain(value)) == plain(value)

    def test_depth_has_an_end(self) -> None:
        deep: object = 1
        for _ in range(100):
            deep = [deep]
        assert json.dumps(plain(deep)).count("[") == LEVELS_MAX


class TestSingleValues:
    """One value of one type."""

    @pytest.mark.parametrize(
        ("value", "found"),
        [("a", "a"), ("", None), (1, None), (None, None), (["a"], None), ("\ud800", "?")],
    )
    def test_text(self, value: object, found: str | None) -> None:
        assert text(value) == found

    @pytest.mark.parametrize(
        ("value", "found"),
        [
            *((0, 0), (7, 7), ("7", 7), (-1, None), (True, None), (1.0, None), ("1e3", None)),
            *(("٣", None), (None, None), (10**18, None), (10**5000, None), ("9" * 5000, None)),
        ],
        ids=itertools.count(),
    )
    def test_whole(self, value: object, found: int | None) -> None:
        assert whole(value) == found

    @pytest.mark.parametrize(
        ("value", "found"),
        [
            ("2026-11-23", "2026-11-23"),
            ("2026-11-23T10:00:00.000Z", "2026-11-23"),
            ("2026-13-45", None),
            ("today", None),
            (20261123, None),
        ],
    )
    def test_day(self, value: object, found: str | None) -> None:
        assert day(value) == found


class TestCollections:
    """Values of the wrong type are dropped, and the others are kept."""

    def test_texts(self) -> None:
        assert texts(["a", 1, "", None, "b"]) == ("a", "b")
        assert texts("ab") == ()

    @given(ANYTHING)
    def test_items_and_fields_are_never_anything_else(self, value: object) -> None:
        assert isinstance(items(value), list)
        assert isinstance(fields(value), dict)
