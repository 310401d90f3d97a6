"""Pages of what belongs to a model."""

from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.belongings import READ_BUDGET_REQUESTS, BelongingPage, Walk, after_position
from models.entities.item import Item
from models.table import Page, SortRange, Table

LOW, HIGH = "K#", "K#~"


class Shelf:
    """A table with items at `K#000`, `K#001` and so on, of which a request gives a few.

    Attributes:
        limits: that were asked for.
    """

    def __init__(self, count: int, page_items: int) -> None:
        self.keys = [f"{LOW}{number:03}" for number in range(count)]
        self.page_items = page_items
        self.limits: list[int] = []

    def query(self, partition: str, sort: SortRange, *, limit: int, **_: Any) -> Page:  # noqa: ANN401
        assert partition == "p"
        self.limits.append(limit)
        keys = [key for key in self.keys if sort.low <= key <= sort.high]
        shown = keys[: min(limit, self.page_items)]
        items = [Item(PK="p", SK=key) for key in shown]
        return Page(items, shown[-1] if len(shown) < len(keys) else None)

    def page(self, size: int, every: int = 1, after: str | None = None) -> BelongingPage[int]:
        """Return a page of those whose number `every` divides."""
        low = after_position(after) if after else LOW
        walk = Walk(size, lambda item: number_of(item, every), low, HIGH)
        return walk.finish(cast("Table", self), "p")


def number_of(item: Item, every: int) -> int | None:
    number = int(item.SK.removeprefix(LOW))
    return number if number % every == 0 else None


class TestWalk:
    """One pass."""

    @given(
        st.integers(0, 40), st.integers(1, 12), st.integers(1, 7), st.sampled_from([1, 2, 3, 50])
    )
    def test_page_by_page_gives_each_item_once_in_order(
        self, count: int, page_items: int, size: int, every: int
    ) -> None:
        shelf = Shelf(count, page_items)
        found: list[int] = []
        page = shelf.page(size, every)
        for _ in range(100):
            assert len(page.items) == len(page.positions) <= size
            found += page.items
            if not page.has_more:
                break
            assert page.reached
            page = shelf.page(size, every, page.reached)
        assert not page.has_more
        assert found == list(range(0, count, every))

    def test_is_one_request_where_nothing_is_passed_over(self) -> None:
        shelf = Shelf(300, 1_000)
        page = shelf.page(100)
        assert (page.items, page.has_more) == (list(range(100)), True)
        assert shelf.limits == [101]

    def test_reads_more_than_is_shown_where_some_may_be_passed_over(self) -> None:
        shelf = Shelf(300, 1_000)
        assert shelf.page(2, every=30).items == [0, 30]
        assert shelf.limits == [100]

    def test_ends_with_its_read_budget_and_says_so(self) -> None:
        shelf = Shelf(300, 1)
        page = shelf.page(5, every=1_000)
        assert (page.items, page.has_more) == ([0], True)
        assert len(shelf.limits) == READ_BUDGET_REQUESTS
        assert page.reached == f"{LOW}009"

    def test_an_empty_page_in_between_goes_on_where_it_ended(self) -> None:
        shelf = Shelf(300, 1)
        page = shelf.page(5, after=f"{LOW}100", every=1_000)
        assert (page.items, page.has_more, page.reached) == ([], True, f"{LOW}110")

    def test_takes_what_was_read_before(self) -> None:
        shelf = Shelf(5, 10)
        walk = Walk(3, lambda item: number_of(item, 1), LOW, HIGH)
        walk.take([Item(PK="p", SK=f"{LOW}000")], f"{LOW}000")
        page = walk.finish(cast("Table", shelf), "p")
        assert (page.items, page.has_more) == ([0, 1, 2], True)

    def test_reads_nothing_where_all_is_there(self) -> None:
        shelf = Shelf(5, 10)
        walk = Walk(3, lambda item: number_of(item, 1), LOW, HIGH)
        walk.take([Item(PK="p", SK=key) for key in shelf.keys], None)
        page = walk.finish(cast("Table", shelf), "p")
        assert (page.items, page.has_more, page.reached) == ([0, 1, 2], True, f"{LOW}002")
        assert shelf.limits == []


class TestPage:
    """A part of a page."""

    PAGE = BelongingPage([1, 2, 3], ["a", "b", "c"], has_more=False, reached="d")

    @pytest.mark.parametrize("count", [3, 4, 100])
    def test_is_the_page_itself_where_it_holds_no_more(self, count: int) -> None:
        assert self.PAGE.first(count) is self.PAGE
        assert self.PAGE.holds(count)

    def test_ends_at_its_last_item_and_has_more(self) -> None:
        assert self.PAGE.first(2) == BelongingPage([1, 2], ["a", "b"], has_more=True, reached="b")

    def test_of_a_page_with_more_behind_it_may_not_be_enough(self) -> None:
        page = BelongingPage([1], ["a"], has_more=True, reached="a")
        assert page.holds(1)
        assert not page.holds(2)
