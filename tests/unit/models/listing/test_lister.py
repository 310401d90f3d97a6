"""Walking lists page by page."""

from dataclasses import dataclass, field, replace
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pynamodb.expressions.condition import Condition

from models.entities import ModelItem
from models.listing import lister
from models.listing.lister import Lister, ListPage
from models.listing.plan import Plan, plan_list
from models.listing.query import Direction, ModelFilter, Order, Window
from models.records import ModelRecord, ModelState
from models.table import Page, SortRange, Table
from tests.unit.models.listing.index import kept, rows
from tests.unit.models.listing.oracle import collections, listed, narrow_filters, orders
from tests.unit.models.strategies import a_record

EVERYTHING = ModelFilter(states=frozenset(ModelState))


@dataclass
class FakeTable:
    """Answers a plan's queries from memory, with pages that end where DynamoDB's would.

    Attributes:
        page_items: how many items one request looks at at most, as 1 MB would be.
    """

    records: list[ModelRecord]
    plan: Plan
    page_items: int = 1_000_000
    requests: int = 0
    limits: list[int] = field(default_factory=list)

    def query(
        self,
        partition: str,
        sort: SortRange,
        *,
        limit: int,
        descending: bool,
        index: str,
        condition: Condition | None,
    ) -> Page:
        assert sort.low.encode() <= sort.high.encode(), "BETWEEN takes no empty range"
        assert (index, sort.attribute) == (self.plan.index, self.plan.sort_attribute)
        assert (condition is None) == (not self.plan.predicates)
        self.requests += 1
        self.limits.append(limit)
        items = [ModelItem.of(record) for record in self.records]
        found = rows(items, self.plan, partition, sort.low, sort.high)
        if descending:
            found.reverse()
        looked_at = found[: min(limit, self.page_items)]
        # DynamoDB does not look further, so it may name a last key though nothing follows it.
        stopped = len(looked_at) == limit or len(looked_at) < len(found)
        return Page(
            [item for _, item in looked_at if kept(self.plan, item)],
            looked_at[-1][0] if stopped and looked_at else None,
        )

    def page(self, window: Window) -> ListPage:
        before = self.requests
        page = Lister(cast("Table", self)).page(self.plan, window)
        assert self.requests - before <= lister.READ_BUDGET_REQUESTS
        return page


def walked(table: FakeTable, size: int, *, backward: bool) -> list[str]:
    """Walk a whole list, and return its ids in the list's order."""
    found: list[str] = []
    reached: str | None = None
    while True:
        window = Window(
            size, None if backward else reached, reached if backward else None, backward
        )
        page = table.page(window)
        ids = [row.model.id for row in page.models]
        assert len(ids) <= size
        found = ids + found if backward else found + ids
        if not page.has_more:
            return found
        assert page.reached is not None, "a page that is not the last says where to go on"
        if reached is not None:
            assert (page.reached > reached) == (table.plan.descending == backward)
            assert page.reached != reached
        reached = page.reached


class TestWalk:
    """Following pages from one end to the other."""

    @given(
        narrow_filters | st.just(replace(EVERYTHING, name_contains="a")),
        orders,
        collections(min_size=5, max_size=30),
        st.integers(1, 12),
        st.integers(1, 6),
        st.integers(2, 6),
        st.booleans(),
    )
    @settings(max_examples=300)
    def test_gives_the_list_without_gap_or_repetition(
        self,
        wanted: ModelFilter,
        order: Order,
        models: list[ModelRecord],
        size: int,
        page_items: int,
        budget: int,
        backward: bool,  # drawn
    ) -> None:
        table = FakeTable(models, plan_list(wanted, order), page_items)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(lister, "READ_BUDGET_REQUESTS", budget)
            found = walked(table, size, backward=backward)
        assert found == listed(models, wanted, order)

    @given(orders, collections(max_size=30), st.integers(1, 30), st.data())
    def test_a_window_shows_what_lies_inside_it(
        self, order: Order, models: list[ModelRecord], size: int, data: st.DataObject
    ) -> None:
        table = FakeTable(models, plan_list(EVERYTHING, order))
        whole = table.page(Window(100)).models
        if not whole:
            return
        first, last = sorted(
            data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=2, max_size=2))
        )
        after, before = whole[first].position, whole[last].position
        inside = whole[first + 1 : last]
        forward = table.page(Window(size, after, before))
        backward = table.page(Window(size, after, before, backward=True))
        assert forward.models == inside[:size]
        assert backward.models == inside[-size:]
        assert forward.has_more == backward.has_more == (len(inside) > size)


class TestPage:
    """One page."""

    @staticmethod
    def models(count: int, **fields: object) -> list[ModelRecord]:
        return [
            a_record(id=f"00000000-0000-4000-8000-{number:012d}", **fields)
            for number in range(count)
        ]

    @pytest.mark.parametrize("size", [1, 99, 100])
    def test_takes_one_request_where_nothing_is_filtered_out(self, size: int) -> None:
        table = FakeTable(self.models(150), plan_list(ModelFilter(), Order()))
        page = table.page(Window(size))
        assert (len(page.models), page.has_more, table.requests) == (size, True, 1)
        assert table.limits == [size + 1]

    def test_that_ends_with_the_list_has_no_more(self) -> None:
        table = FakeTable(self.models(5), plan_list(ModelFilter(), Order()))
        page = table.page(Window(5))
        assert (len(page.models), page.has_more) == (5, False)

    def test_of_an_empty_list_has_nothing_and_reached_nothing(self) -> None:
        table = FakeTable([], plan_list(EVERYTHING, Order()))
        assert table.page(Window(5)) == ListPage([], has_more=False, reached=None)

    def test_of_a_filter_that_nothing_can_meet_reads_nothing(self) -> None:
        table = FakeTable(self.models(5), plan_list(ModelFilter(source=""), Order()))
        assert table.page(Window(5)) == ListPage([], has_more=False, reached=None)
        assert table.requests == 0

    def test_of_several_states_reads_each_partition(self) -> None:
        models = self.models(4)
        models[1] = replace(models[1], state=ModelState.DELETED)
        table = FakeTable(models, plan_list(EVERYTHING, Order(direction=Direction.ASC)))
        assert [row.model.id for row in table.page(Window(9)).models] == [m.id for m in models]
        assert table.requests == 2

    @pytest.mark.parametrize("direction", Direction)
    @pytest.mark.parametrize("backward", [False, True])
    def test_whose_budget_ran_out_is_short_and_can_be_followed(
        self, monkeypatch: pytest.MonkeyPatch, direction: Direction, *, backward: bool
    ) -> None:
        models = self.models(400, name="a")
        models[:200] = [replace(model, state=ModelState.DELETED) for model in models[:200]]
        wanted = replace(EVERYTHING, name_contains="b")
        table = FakeTable(models, plan_list(wanted, Order(direction=direction)), page_items=10)
        monkeypatch.setattr(lister, "READ_BUDGET_REQUESTS", 3)
        page = table.page(Window(5, backward=backward))
        assert (page.models, page.has_more) == ([], True)
        assert page.reached is not None
        assert walked(table, 5, backward=backward) == []

    @pytest.mark.parametrize("direction", Direction)
    @pytest.mark.parametrize("backward", [False, True])
    @pytest.mark.parametrize("hopeless", ModelState)
    def test_whose_budget_ran_out_in_one_state_passes_over_none_of_the_other(
        self,
        monkeypatch: pytest.MonkeyPatch,
        direction: Direction,
        hopeless: ModelState,
        *,
        backward: bool,
    ) -> None:
        models = [
            replace(model, state=hopeless) if number % 2 else replace(model, name="b")
            for number, model in enumerate(self.models(100, name="a"))
        ]
        other = ModelState.DELETED if hopeless is ModelState.ACTIVE else ModelState.ACTIVE
        models = [model if model.name == "a" else replace(model, state=other) for model in models]
        wanted, order = replace(EVERYTHING, name_contains="b"), Order(direction=direction)
        table = FakeTable(models, plan_list(wanted, order), page_items=5)
        monkeypatch.setattr(lister, "READ_BUDGET_REQUESTS", 3)
        assert walked(table, 7, backward=backward) == listed(models, wanted, order)

    def test_reads_more_at_a_time_where_much_is_filtered_out(self) -> None:
        models = self.models(3_000, name="a")
        table = FakeTable(models, plan_list(ModelFilter(name_contains="b"), Order()))
        page = table.page(Window(20))
        assert (page.models, page.has_more) == ([], False)
        assert table.limits == [84, 336, 1_000, 1_000, 1_000]
