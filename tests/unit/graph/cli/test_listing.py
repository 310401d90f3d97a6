"""How much of a list is shown, and where it is said that there is more."""

from collections.abc import Iterator

import pytest
import typer

from graph.cli.listing import Bounds


class TestBounds:
    def test_default_limit_says_where_there_are_more(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        bounds = Bounds.given(None, every=False, default=3)
        assert [*bounds.of(range(3))] == [0, 1, 2]
        assert capsys.readouterr().err == ""
        assert [*bounds.of(range(4))] == [0, 1, 2]
        assert "--all" in capsys.readouterr().err

    def test_a_limit_that_was_given_says_nothing_and_reads_no_more(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        left = iter(range(9))
        assert [*Bounds.given(2, every=False, default=3).of(left)] == [0, 1]
        assert next(left) == 2
        assert capsys.readouterr().err == ""

    def test_all_comes_as_it_is_read(self) -> None:
        def endless() -> Iterator[int]:
            yield from range(5)
            raise AssertionError("nobody asked for more")

        found = Bounds.given(None, every=True, default=3).of(endless())
        assert [next(found) for _ in range(5)] == [0, 1, 2, 3, 4]

    def test_both_are_a_mistake(self) -> None:
        with pytest.raises(typer.BadParameter):
            Bounds.given(2, every=True, default=3)

    @pytest.mark.parametrize(
        ("bounds", "size"),
        [
            (Bounds(None), 100),
            (Bounds(7), 7),
            (Bounds(100), 100),
            (Bounds(100, is_told=True), 51),
            (Bounds(250), 84),
            (Bounds(10**9), 100),
        ],
    )
    def test_pages_are_as_few_and_as_small_as_can_be(self, bounds: Bounds, size: int) -> None:
        assert bounds.page_size(100) == size
