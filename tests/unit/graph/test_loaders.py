"""Reads that a request's resolvers share."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from graph.loaders import Loader


class Source:
    """Has a value for every even key, and notes what it is asked for."""

    def __init__(self) -> None:
        self.reads: list[list[int]] = []
        self.loader: Loader[int, str] = Loader(self.read)

    def read(self, keys: Iterable[int]) -> dict[int, str]:
        wanted = list(keys)
        self.reads.append(wanted)
        return {key: str(key) for key in wanted if key % 2 == 0}


class TestLoader:
    """Loader."""

    def test_reads_nothing_that_nobody_asks_for(self) -> None:
        source = Source()
        source.loader.expect([2, 4])
        assert source.reads == []

    def test_reads_all_that_is_expected_with_the_first_that_is_asked_for(self) -> None:
        source = Source()
        source.loader.expect([2, 4])
        source.loader.expect([4, 6])
        assert [source.loader.load(key) for key in (6, 4, 2)] == ["6", "4", "2"]
        assert [sorted(read) for read in source.reads] == [[2, 4, 6]]

    def test_reads_what_was_not_expected_by_itself(self) -> None:
        source = Source()
        assert source.loader.load(8) == "8"
        source.loader.expect([2])
        assert source.loader.load(2) == "2"
        assert source.reads == [[8], [2]]

    def test_remembers_that_there_is_none(self) -> None:
        source = Source()
        assert source.loader.load(3) is None
        assert source.loader.load(3) is None
        assert source.reads == [[3]]

    def test_does_not_expect_again_what_it_knows(self) -> None:
        source = Source()
        source.loader.load(2)
        source.loader.expect([2, 4])
        source.loader.load(4)
        assert source.reads == [[2], [4]]

    @given(st.lists(st.tuples(st.booleans(), st.integers(0, 9))))
    def test_reads_no_key_twice(self, steps: list[tuple[bool, int]]) -> None:
        source = Source()
        for only_expects, key in steps:
            if only_expects:
                source.loader.expect([key, key])
            else:
                assert source.loader.load(key) == (str(key) if key % 2 == 0 else None)
        read = [key for keys in source.reads for key in keys]
        asked = {key for only_expects, key in steps if not only_expects}
        assert asked <= set(read)
        assert len(set(read)) == len(read)
