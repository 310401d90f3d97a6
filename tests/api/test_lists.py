"""Lists of models: every order and filter, forward and backward."""

import pytest

from graph.services import Services
from models.listing import lister
from tests.api import shelf
from tests.api.client import Api, code, field
from tests.api.conftest import Caller
from tests.api.doors import Door
from tests.api.shelf import FILTERS, ORDERS
from tests.api.stored import Stored
from tests.api.walking import (
    LIST,
    backward,
    forward,
    ids,
    ordered,
    page_of,
    walked,
    walked_back,
)

DEFAULT = ("UPDATED_AT", "DESC")
ORDER_OF_EACH_INDEX = [
    DEFAULT,
    ("CREATED_AT", "ASC"),
    ("NAME", "ASC"),
    ("NET_SCORE", "DESC"),
]


@pytest.fixture
def client(app_door: Door) -> Door:
    return app_door


@pytest.fixture(scope="module")
def _shelf(services: Services) -> None:
    assert services
    Stored().clear()
    shelf.stock()


@pytest.fixture
def one_door(app_door: Door, _shelf: None, caller: Caller) -> Api:  # noqa: ARG001  # fresh for each test
    """The same through one door, for what is slow and no matter of HTTP."""
    return Api(app_door)


@pytest.fixture
def shop(client: Door, _shelf: None, caller: Caller) -> Api:  # noqa: ARG001  # fresh for each test
    """A client of the stocked shelf, which its tests only read."""
    return Api(client)


class TestOrdersAndFilters:
    """Which models a list shows, and in which order."""

    @pytest.mark.parametrize("order", ORDER_OF_EACH_INDEX, ids="-".join)
    @pytest.mark.parametrize("name", FILTERS)
    def test_hold_in_both_directions(
        self, one_door: Api, name: str, order: tuple[str, str]
    ) -> None:
        wanted, matches = FILTERS[name]
        expected = shelf.expected(wanted, matches, order)
        arguments = {"filter": wanted, "orderBy": ordered(order)}
        assert walked(forward(one_door, 60, **arguments)) == expected
        assert walked_back(backward(one_door, 60, **arguments)) == expected

    def test_are_the_active_ones_by_newest_change_unless_given(self, shop: Api) -> None:
        expected = shelf.expected({}, lambda _: True, DEFAULT)
        page = page_of(shop)
        assert ids(page) == expected[:20]
        assert page["pageInfo"]["hasNextPage"] is True

    def test_take_null_for_left_out(self, shop: Api) -> None:
        nothing = dict.fromkeys(["states", "source", "license", "nameContains", "minNetScore"])
        assert ids(page_of(shop, filter=nothing)) == ids(page_of(shop))

    @pytest.mark.parametrize(
        "filtered",
        [
            {"source": ""},
            {"license": ""},
            {"source": "x" * 65},
            {"license": "x" * 257},
            {"nameStartsWith": "x" * 100_000},
            {"nameContains": "x" * 257},
        ],
    )
    def test_show_nothing_for_what_no_model_can_match(
        self, shop: Api, filtered: dict[str, object]
    ) -> None:
        assert page_of(shop, filter=filtered) == {
            "nodes": [],
            "edges": [],
            "pageInfo": {
                "hasNextPage": False,
                "hasPreviousPage": False,
                "startCursor": None,
                "endCursor": None,
            },
        }

    @pytest.mark.parametrize("name", ["source", "license", "nameStartsWith", "nameContains"])
    @pytest.mark.parametrize("text", ["\ud800", "\x00", "a\x1fb"])
    def test_refuse_what_is_no_text(self, shop: Api, name: str, text: str) -> None:
        error = shop.error(LIST, filter={name: text})
        assert (code(error), field(error)) == ("BAD_USER_INPUT", ["filter", name])

    @pytest.mark.parametrize(
        ("filtered", "path"),
        [
            ({"states": ["GONE"]}, ["filter", "states", "0"]),
            ({"createdAfter": "yesterday"}, ["filter", "createdAfter"]),
            ({"minNetScore": float("nan")}, ["filter", "minNetScore"]),
            ({"minNetScore": "1"}, ["filter", "minNetScore"]),
            ({"colour": "red"}, ["filter"]),
        ],
    )
    def test_name_the_field_that_is_no_filter(
        self, shop: Api, filtered: dict[str, object], path: list[str]
    ) -> None:
        error = shop.error(LIST, filter=filtered)
        assert (code(error), field(error)) == ("BAD_USER_INPUT", path)


class TestPages:
    """Walking a list, page by page."""

    @pytest.mark.parametrize("order", ORDERS, ids="-".join)
    @pytest.mark.parametrize("size", [1, 7, 100])
    def test_repeat_nothing_and_skip_nothing(
        self, one_door: Api, size: int, order: tuple[str, str]
    ) -> None:
        # A small part of the shelf for small pages, since moto is slow.
        names = {1: "license and source", 7: "source of any state", 100: "states"}
        wanted, matches = FILTERS[names[size]]
        expected = shelf.expected(wanted, matches, order)
        arguments = {"filter": wanted, "orderBy": ordered(order)}
        assert walked(forward(one_door, size, **arguments)) == expected
        assert walked_back(backward(one_door, size, **arguments)) == expected

    def test_have_the_cursors_of_their_ends(self, shop: Api) -> None:
        for page in (page_of(shop, first=3), page_of(shop, last=3)):
            assert [edge["node"] for edge in page["edges"]] == page["nodes"]
            cursors = [edge["cursor"] for edge in page["edges"]]
            assert len(set(cursors)) == 3
            info = page["pageInfo"]
            assert (info["startCursor"], info["endCursor"]) == (cursors[0], cursors[-1])

    def test_begin_and_end_at_any_cursor(self, shop: Api) -> None:
        whole = page_of(shop, first=10)
        cursors = [edge["cursor"] for edge in whole["edges"]]
        between = page_of(shop, first=100, after=cursors[2], before=cursors[7])
        assert ids(between) == ids(whole)[3:7]
        assert ids(page_of(shop, last=2, after=cursors[2], before=cursors[7])) == ids(whole)[5:7]
        assert ids(page_of(shop, first=2, before=cursors[7])) == ids(whole)[:2]

    def test_are_empty_between_neighbours_and_crossed_cursors(self, shop: Api) -> None:
        cursors = [edge["cursor"] for edge in page_of(shop, first=3)["edges"]]
        assert ids(page_of(shop, after=cursors[0], before=cursors[1])) == []
        assert ids(page_of(shop, after=cursors[2], before=cursors[0])) == []

    @pytest.mark.parametrize("order", [DEFAULT, ("NAME", "ASC")], ids="-".join)
    @pytest.mark.parametrize("budget", [1, 3])
    def test_may_be_short_where_the_read_budget_ran_out(
        self,
        one_door: Api,
        monkeypatch: pytest.MonkeyPatch,
        budget: int,
        order: tuple[str, str],
    ) -> None:
        monkeypatch.setattr(lister, "READ_BUDGET_REQUESTS", budget)
        wanted: dict[str, object] = {"nameContains": "LARGE", "states": ["ACTIVE", "DELETED"]}
        expected = shelf.expected(wanted, lambda m: m.name == "Bert-large", order)
        arguments = {"filter": wanted, "orderBy": ordered(order)}
        if budget == 1:
            wanted["states"] = ["ACTIVE"]
            expected = shelf.expected(wanted, lambda m: m.name == "Bert-large", order)
        assert walked(forward(one_door, 5, **arguments)) == expected
        assert walked_back(backward(one_door, 5, **arguments)) == expected

    @pytest.mark.parametrize(
        ("arguments", "wrong"),
        [
            ({"first": 0}, "first"),
            ({"first": -1}, "first"),
            ({"first": 101}, "first"),
            ({"last": 0}, "last"),
            ({"last": 101}, "last"),
            ({"first": 1, "last": 1}, "last"),
        ],
    )
    def test_refuse_another_size(self, shop: Api, arguments: dict[str, object], wrong: str) -> None:
        error = shop.error(LIST, **arguments)
        assert (code(error), field(error)) == ("BAD_USER_INPUT", [wrong])

    @pytest.mark.parametrize("size", [1.5, "7", 2**31, True])
    def test_refuse_what_is_no_int(self, shop: Api, size: object) -> None:
        error = shop.error(LIST, first=size)
        assert (code(error), field(error)) == ("BAD_USER_INPUT", ["first"])


class TestCursors:
    """What a cursor is bound to."""

    @pytest.mark.parametrize("argument", ["after", "before"])
    @pytest.mark.parametrize(
        "other",
        [
            {"filter": {"source": "hf"}},
            {"filter": {"states": ["ACTIVE", "DELETED"]}},
            {"orderBy": {"field": "NAME", "direction": "ASC"}},
            {"orderBy": {"field": "UPDATED_AT", "direction": "ASC"}},
        ],
    )
    def test_another_filter_or_order_is_refused(
        self, shop: Api, argument: str, other: dict[str, object]
    ) -> None:
        cursor = page_of(shop)["pageInfo"]["endCursor"]
        error = shop.error(LIST, **{argument: cursor}, **other)
        assert (code(error), field(error)) == ("BAD_USER_INPUT", [argument])

    @pytest.mark.parametrize(
        "same",
        [
            {"filter": {}},
            {"filter": {"states": ["ACTIVE", "ACTIVE"], "source": None}},
            {"orderBy": {"field": "UPDATED_AT", "direction": "DESC"}},
        ],
    )
    def test_the_same_list_said_otherwise_is_accepted(
        self, shop: Api, same: dict[str, object]
    ) -> None:
        cursor = page_of(shop)["pageInfo"]["endCursor"]
        assert ids(page_of(shop, after=cursor, **same)) == ids(page_of(shop, after=cursor))

    def test_an_altered_one_is_refused(self, shop: Api) -> None:
        cursor = page_of(shop, first=1)["pageInfo"]["endCursor"]
        other = "A" if cursor[20] != "A" else "B"
        for altered in (
            cursor[:20] + other + cursor[21:],
            cursor[:-1],
            cursor + "=",
            cursor + "A",
            cursor[1:],
            "",
            "\ud800",
            "A" * 100_000,
        ):
            error = shop.error(LIST, after=altered)
            assert (code(error), field(error)) == ("BAD_USER_INPUT", ["after"])


class TestCost:
    """How many requests to DynamoDB a page takes."""

    FIELDS = "id uuid name source sourceUrl license state version createdAt updatedAt netScore"

    @pytest.mark.parametrize(
        "arguments",
        [
            "(first: 100)",
            "(last: 100)",
            '(first: 100, filter: {source: "hf"})',
            '(first: 100, filter: {license: "MIT"})',
            "(first: 10, orderBy: {field: NAME, direction: ASC})",
            "(first: 10, orderBy: {field: NET_SCORE, direction: DESC})",
            '(first: 20, filter: {nameContains: "bert"})',
        ],
    )
    def test_is_1(self, shop: Api, arguments: str) -> None:
        query = f"{{ models{arguments} {{ nodes {{ {self.FIELDS} }} edges {{ cursor }} }} }}"
        assert shop.requests(query) == 1

    def test_is_nothing_where_nothing_can_match(self, shop: Api) -> None:
        assert shop.requests('{ models(filter: {source: ""}) { nodes { id } } }') == 0

    def test_is_nothing_for_a_bad_cursor(self, shop: Api) -> None:
        reply = shop.post('{ models(after: "x") { nodes { id } } }').json
        assert reply["extensions"]["cost"]["dynamodb"]["requests"] == 0
