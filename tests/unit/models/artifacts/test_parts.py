"""Cutting a file into parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.artifacts.parts import PARTS_MAX, Part, cut, part_count

sizes = st.integers(0, 2**40)
part_sizes = st.integers(1, 2**33)


def parts_of(size: int, part_size: int) -> list[Part]:
    count = part_count(size, part_size)
    return cut(size, part_size, [f"{number:064x}" for number in range(count)])


class TestPartCount:
    """How many parts a file has."""

    @pytest.mark.parametrize(
        ("size", "part_size", "count"),
        [(0, 5, 1), (1, 5, 1), (5, 5, 1), (6, 5, 2), (10, 5, 2), (11, 5, 3)],
    )
    def test_is_rounded_up(self, size: int, part_size: int, count: int) -> None:
        assert part_count(size, part_size) == count


class TestCut:
    """The parts themselves."""

    @given(part_size=part_sizes, full=st.integers(0, PARTS_MAX - 1), rest=part_sizes)
    def test_covers_the_file_exactly_and_in_order(
        self, part_size: int, full: int, rest: int
    ) -> None:
        size = full * part_size + min(rest, part_size)
        parts = parts_of(size, part_size)
        assert [part.number for part in parts] == list(range(1, len(parts) + 1))
        end = 0
        for part in parts:
            assert part.offset == end
            end += part.size_bytes
        assert end == size

    @given(part_size=part_sizes, full=st.integers(0, 20), rest=part_sizes)
    def test_only_the_last_part_is_shorter(self, part_size: int, full: int, rest: int) -> None:
        parts = parts_of(full * part_size + min(rest, part_size), part_size)
        assert {part.size_bytes for part in parts[:-1]} <= {part_size}
        assert 0 < parts[-1].size_bytes <= part_size

    def test_an_empty_file_has_one_empty_part(self) -> None:
        assert cut(0, 5, ["a"]) == [Part(1, 0, 0, "a")]

    def test_each_part_has_its_own_digest(self) -> None:
        assert [part.sha256 for part in cut(12, 5, ["a", "b", "c"])] == ["a", "b", "c"]
