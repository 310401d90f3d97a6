"""Which index answers a filter and an order."""

import itertools
import sys
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.entities import ModelItem
from models.errors import InvalidArgument
from models.listing.plan import highest, just_after, just_before, plan_list
from models.listing.query import Direction, ModelFilter, Order, OrderField
from models.records import ModelRecord, ModelState
from tests.unit.models.listing.index import PARTITION_KEYS, SORT_KEYS, executed
from tests.unit.models.listing.oracle import collections, listed, narrow_filters, orders
from tests.unit.models.strategies import a_record, labels, model_ids

BY_NAME = Order(OrderField.NAME, Direction.ASC)


def ids_by(order: Order, wanted: ModelFilter, *models: ModelRecord) -> list[str]:
    return executed(plan_list(wanted, order), models)


def named(number: int, name: str) -> ModelRecord:
    return a_record(id=f"00000000-0000-4000-8000-{number:012d}", name=name)


def names_in_order(*names: str) -> list[str]:
    models = [named(number, name) for number, name in enumerate(names)]
    by_id = {model.id: model.name for model in models}
    return [by_id[found] for found in ids_by(BY_NAME, ModelFilter(), *models)]


class TestPlan:
    """A plan, carried out over the index that it names."""

    @given(narrow_filters, orders, collections())
    def test_gives_exactly_what_the_filter_describes_in_the_order_asked_for(
        self, wanted: ModelFilter, order: Order, models: list[ModelRecord]
    ) -> None:
        assert executed(plan_list(wanted, order), models) == listed(models, wanted, order)

    @given(narrow_filters, orders)
    def test_filters_by_no_key_of_the_index(self, wanted: ModelFilter, order: Order) -> None:
        plan = plan_list(wanted, order)
        keys = {"PK", "SK", PARTITION_KEYS[plan.index], SORT_KEYS[plan.index]}
        assert plan.sort_attribute == SORT_KEYS[plan.index]
        assert not keys & {predicate.attribute for predicate in plan.predicates}

    @given(narrow_filters, orders)
    def test_keeps_its_bounds_inside_what_a_sort_key_may_hold(
        self, wanted: ModelFilter, order: Order
    ) -> None:
        plan = plan_list(wanted, order)
        assert 1 <= len(plan.low.encode()) <= 1_024
        assert 1 <= len(plan.high.encode()) <= 1_024

    @pytest.mark.parametrize(
        ("wanted", "field", "index"),
        [
            (ModelFilter(), OrderField.UPDATED_AT, "by_update"),
            (ModelFilter(license="mit"), OrderField.UPDATED_AT, "by_license"),
            (ModelFilter(source="hf", license="mit"), OrderField.UPDATED_AT, "by_source"),
            (ModelFilter(source="hf"), OrderField.NAME, "by_name"),
            (ModelFilter(source="hf"), OrderField.CREATED_AT, "by_creation"),
            (ModelFilter(license="mit"), OrderField.NET_SCORE, "by_score"),
        ],
    )
    def test_narrows_down_by_the_index_where_one_orders_as_asked(
        self, wanted: ModelFilter, field: OrderField, index: str
    ) -> None:
        assert plan_list(wanted, Order(field)).index == index

    def test_leaves_nothing_to_filter_where_keys_decide(self) -> None:
        prefixed = ModelFilter(name_starts_with="Be")
        assert plan_list(ModelFilter(), Order()).predicates == ()
        assert plan_list(ModelFilter(source="hf"), Order()).predicates == ()
        assert plan_list(ModelFilter(license="MIT"), Order()).predicates == ()
        assert plan_list(prefixed, BY_NAME).predicates == ()

    def test_of_several_states_has_a_partition_for_each(self) -> None:
        everything = ModelFilter(states=frozenset(ModelState))
        assert plan_list(everything, Order()).partitions == ("ACTIVE", "DELETED")


class TestHopelessFilter:
    """A filter that no model can meet reads nothing, and is no error."""

    @pytest.mark.parametrize(
        "fields",
        [
            {"source": ""},
            {"source": "s" * 65},
            {"license": ""},
            {"license": "l" * 257},
            {"name_starts_with": "n" * 1_000},
            {"name_contains": "n" * 100_000},
            {"states": frozenset()},
        ],
    )
    def test_reads_nothing(self, fields: dict[str, Any]) -> None:
        plan = plan_list(ModelFilter(**fields), Order())
        assert plan.partitions == ()

    def test_an_empty_range_reads_nothing(self) -> None:
        wanted = ModelFilter(
            updated_after="2026-01-02T00:00:00.000000Z",  # type: ignore[arg-type]
            updated_before="2026-01-01T00:00:00.000000Z",  # type: ignore[arg-type]
        )
        plan = plan_list(wanted, Order())
        assert plan.low > plan.high

    @pytest.mark.parametrize("text", ["\ud800", "a\x00", "\n"])
    @pytest.mark.parametrize("field", ["source", "license", "name_starts_with", "name_contains"])
    def test_a_text_that_no_field_can_hold_is_refused(self, field: str, text: str) -> None:
        with pytest.raises(InvalidArgument) as caught:
            plan_list(ModelFilter(**{field: text}), Order())  # type: ignore[arg-type]
        assert caught.value.field[0] == "filter"


class TestScoreFilter:
    """A lowest score, which DynamoDB must be able to take for a number."""

    MODELS = tuple(
        a_record(id=f"00000000-0000-4000-8000-{number:012d}", net_score=score)
        for number, score in enumerate([None, 0.0, 1e-13, 0.5, 1.0])
    )

    @pytest.mark.parametrize("field", OrderField)
    @pytest.mark.parametrize(
        ("lowest", "count"),
        [
            (-1.0, 4),
            (-0.0, 4),
            (0.0, 4),
            (5e-324, 3),
            (0.5, 2),
            (1.0, 1),
            (1.0000000000000002, 0),
            (1e126, 0),
            (sys.float_info.max, 0),
            (-1e126, 4),
        ],
    )
    def test_keeps_the_scores_that_are_not_below_it(
        self, field: OrderField, lowest: float, count: int
    ) -> None:
        found = ids_by(Order(field), ModelFilter(min_net_score=lowest), *self.MODELS)
        assert len(found) == count

    @pytest.mark.parametrize("field", OrderField)
    @given(st.floats(allow_nan=False, allow_infinity=False))
    @example(5e-324)
    @example(1e300)
    def test_is_sent_as_a_number_that_dynamodb_takes(
        self, field: OrderField, lowest: float
    ) -> None:
        plan = plan_list(ModelFilter(min_net_score=lowest), Order(field))
        for predicate in plan.predicates:
            assert isinstance(predicate.value, float)
            assert predicate.value == 0 or 1e-130 <= abs(predicate.value) < 1e126

    @pytest.mark.parametrize("lowest", ["nan", "inf", "-inf"])
    def test_is_refused_where_it_is_no_number(self, lowest: str) -> None:
        with pytest.raises(InvalidArgument, match="minNetScore"):
            plan_list(ModelFilter(min_net_score=float(lowest)), Order())


class TestOrderOfNames:
    """Names, case folded, by code point."""

    def test_a_name_comes_before_those_that_extend_it(self) -> None:
        given = ["bert-large", "bert", "bert base", "bert!", "bert2", "ber", "bert-"]
        expected = ["ber", "bert", "bert base", "bert!", "bert-", "bert-large", "bert2"]
        assert names_in_order(*given) == expected

    def test_letter_case_makes_no_difference(self) -> None:
        assert names_in_order("b", "A", "a", "C") == ["A", "a", "b", "C"]

    def test_characters_beyond_the_basic_plane_come_last(self) -> None:
        assert names_in_order("a😀", "a\uffef", "a日", "a") == ["a", "a日", "a\uffef", "a😀"]

    def test_names_are_told_apart_up_to_900_bytes(self) -> None:
        long = "😀" * 225
        assert names_in_order(long + "b", long + "a", long) == [long + "b", long + "a", long]
        assert names_in_order("b" + long, "a" + long) == ["a" + long, "b" + long]

    @pytest.mark.parametrize("start", ["😀" * 224, "😀" * 225, "😀" * 226, "😀" * 256, "a" * 256])
    def test_a_beginning_of_any_length_finds_its_names(self, start: str) -> None:
        names = {name for length in (224, 225, 226, 256) for name in ("😀" * length, "a" * length)}
        models = [named(number, name) for number, name in enumerate(sorted(names))]
        wanted = ModelFilter(name_starts_with=start)
        found = ids_by(BY_NAME, wanted, *models)
        assert set(found) == {model.id for model in models if model.name.startswith(start)}

    def test_the_highest_character_is_inside_the_range_of_its_beginning(self) -> None:
        model = named(1, "\U0010ffff" * 256)
        for length in (1, 100, 224, 256):
            wanted = ModelFilter(name_starts_with="\U0010ffff" * length)
            assert ids_by(BY_NAME, wanted, model) == [model.id]


class TestOrderOfScores:
    """Net scores, lowest first or last."""

    def test_a_model_without_a_score_is_below_every_score(self) -> None:
        scores = [0.5, None, 1.0, 0.0, 1e-12, 0.25, 0.75]
        models = [
            a_record(id=f"00000000-0000-4000-8000-{number:012d}", net_score=score)
            for number, score in enumerate(scores)
        ]
        by_id = {model.id: model.net_score for model in models}
        found = ids_by(Order(OrderField.NET_SCORE, Direction.ASC), ModelFilter(), *models)
        assert [by_id[each] for each in found] == [None, 0.0, 1e-12, 0.25, 0.5, 0.75, 1.0]


class TestBounds:
    """Bounds right before and right after a place in a list."""

    positions = st.builds(
        lambda name, model_id: str(ModelItem.of(a_record(name=name, id=model_id)).name_id),
        labels | st.text("ab!\U0010ffff", min_size=1, max_size=4),
        model_ids | st.sampled_from([f"00000000-0000-4000-8000-00000000000{c}" for c in "019af"]),
    )

    @given(st.sets(positions, min_size=2, max_size=12))
    def test_lie_strictly_between_neighbours(self, keys: set[str]) -> None:
        ordered = sorted(keys)
        for low, high in itertools.pairwise(ordered):
            assert low < just_after(low) < high
            assert low < just_before(high) < high
            assert just_after(low) <= just_before(high)

    @given(positions)
    def test_are_no_longer_than_a_sort_key_may_be(self, key: str) -> None:
        assert len(just_after(key).encode()) <= 1_024
        assert len(just_before(key).encode()) <= 1_024

    @given(st.text(max_size=40), st.text(max_size=40))
    def test_the_highest_with_a_beginning_is_above_all_that_begin_so(
        self, start: str, rest: str
    ) -> None:
        assert start + rest <= highest(start)
        assert len(highest(start).encode()) <= 1_024
