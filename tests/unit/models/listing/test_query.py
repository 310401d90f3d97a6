"""What a list can be asked for."""

from dataclasses import fields, replace
from typing import Any

import pytest

from models.errors import InvalidArgument
from models.listing.query import Direction, ModelFilter, Order, OrderField, page_size
from models.records import ModelState


class TestPageSize:
    """How many items a page may hold."""

    def test_is_20_unless_given(self) -> None:
        assert page_size(None, None) == 20

    @pytest.mark.parametrize("size", [1, 100])
    def test_is_what_was_asked_for(self, size: int) -> None:
        assert page_size(size, None) == page_size(None, size) == size

    @pytest.mark.parametrize("size", [-1, 0, 101, 2**31])
    def test_is_1_to_100(self, size: int) -> None:
        with pytest.raises(InvalidArgument, match="first must be 1 to 100") as first:
            page_size(size, None)
        with pytest.raises(InvalidArgument, match="last must be 1 to 100") as last:
            page_size(None, size)
        assert (first.value.field, last.value.field) == (("first",), ("last",))

    def test_is_asked_for_once(self) -> None:
        with pytest.raises(InvalidArgument, match="not both"):
            page_size(1, 1)


class TestScope:
    """The text that binds a cursor to its list."""

    OTHER: dict[str, Any] = {  # noqa: RUF012  # a constant
        "states": frozenset(ModelState),
        "min_net_score": 0.5,
    }

    @pytest.mark.parametrize("name", [field.name for field in fields(ModelFilter)])
    def test_differs_with_every_field_of_the_filter(self, name: str) -> None:
        other = replace(ModelFilter(), **{name: self.OTHER.get(name, "x")})
        assert other.scope(Order()) != ModelFilter().scope(Order())

    def test_differs_with_the_order(self) -> None:
        orders = [Order(field, direction) for field in OrderField for direction in Direction]
        assert len({ModelFilter().scope(order) for order in orders}) == len(orders)

    def test_keeps_texts_of_different_fields_apart(self) -> None:
        one, other = ModelFilter(source="x"), ModelFilter(license="x")
        assert one.scope(Order()) != other.scope(Order())

    def test_is_the_same_for_states_in_any_order(self) -> None:
        one = ModelFilter(states=frozenset([ModelState.ACTIVE, ModelState.DELETED]))
        other = ModelFilter(states=frozenset([ModelState.DELETED, ModelState.ACTIVE]))
        assert one.scope(Order()) == other.scope(Order())
