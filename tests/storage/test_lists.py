"""Lists, read from the emulators' own indexes."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from models.entities import ModelItem
from models.listing.lister import ListPage
from models.listing.plan import plan_list
from models.listing.query import Direction, ModelFilter, Order, OrderField, Window
from models.records import ModelRecord, ModelState, Prose
from models.timestamps import Timestamp
from tests.storage.house import House
from tests.unit.models.listing.oracle import INSTANTS, SCORES, listed
from tests.unit.models.strategies import a_record

COUNT = 40
NAMES = [
    "bert",
    "bert-base",
    "BERT",
    "bert 😀",
    "gpt",
    "GPT-2",
    "日本",
    "straße",
    "STRASSE",
    "a\uffef",
]
NAMES += ["😀" * 226, "\U0010ffff" * 256]
EVERYTHING = frozenset(ModelState)
FILTERS = [
    ModelFilter(),
    ModelFilter(states=EVERYTHING),
    ModelFilter(states=frozenset({ModelState.DELETED})),
    ModelFilter(states=frozenset()),
    ModelFilter(states=EVERYTHING, source="hf"),
    ModelFilter(license="MIT"),
    ModelFilter(states=EVERYTHING, source="hf", license="mit"),
    ModelFilter(states=EVERYTHING, name_starts_with="BeRT"),
    ModelFilter(states=EVERYTHING, name_starts_with="😀" * 226),
    ModelFilter(states=EVERYTHING, name_contains="SS"),
    ModelFilter(states=EVERYTHING, min_net_score=0.3),
    ModelFilter(min_net_score=0.0),
    ModelFilter(states=EVERYTHING, min_net_score=1e-300),
    ModelFilter(states=EVERYTHING, min_net_score=1e300),
    ModelFilter(states=EVERYTHING, created_after=INSTANTS[0], created_before=INSTANTS[4]),
    ModelFilter(states=EVERYTHING, updated_after=INSTANTS[1], updated_before=INSTANTS[5]),
    ModelFilter(updated_after=INSTANTS[4], updated_before=INSTANTS[1]),
    ModelFilter(states=EVERYTHING, source="no such source"),
    ModelFilter(states=EVERYTHING, source="x" * 3_000, license="x" * 3_000),
]
ORDERS = [Order(field, direction) for field in OrderField for direction in Direction]


def some_models() -> list[ModelRecord]:
    rng = random.Random(1)  # noqa: S311  # the same models every time
    return [
        a_record(
            id=f"00000000-0000-4000-8000-{number:012d}",
            name=rng.choice(NAMES),
            source=rng.choice(["hf", "HF", "github"]),
            license=rng.choice(["mit", "MIT", "Apache-2.0"]),
            state=rng.choice([*ModelState, ModelState.ACTIVE]),
            created_at=rng.choice(INSTANTS),
            updated_at=rng.choice(INSTANTS),
            net_score=rng.choice(SCORES),
            prose=Prose('{"a":1}', "notes"),
        )
        for number in range(COUNT)
    ]


@pytest.fixture
def models(house: House) -> list[ModelRecord]:
    models = some_models()
    house.write_past_the_registry([ModelItem.of(model) for model in models])
    return models


def pages(
    house: House, wanted: ModelFilter, order: Order, size: int, *, backward: bool = False
) -> Iterator[ListPage]:
    plan, reached = plan_list(wanted, order), None
    while True:
        window = Window(
            size, None if backward else reached, reached if backward else None, backward
        )
        page = house.lister.page(plan, window)
        assert len(page.models) <= size
        yield page
        if not page.has_more:
            return
        reached = page.reached


def ids(page: ListPage) -> list[str]:
    return [row.model.id for row in page.models]


class TestList:
    """Every filter, in every order."""

    @pytest.mark.parametrize("order", ORDERS, ids=lambda order: f"{order.field}-{order.direction}")
    def test_gives_exactly_what_the_filter_describes(
        self, house: House, models: list[ModelRecord], order: Order
    ) -> None:
        for wanted in FILTERS:
            found = [row for page in pages(house, wanted, order, 100) for row in page.models]
            assert [row.model.id for row in found] == listed(models, wanted, order), wanted

    def test_shows_models_whole_but_for_their_prose(
        self, house: House, models: list[ModelRecord]
    ) -> None:
        by_id = {model.id: replace(model, prose=None, head_hash=None) for model in models}
        for order in ORDERS:
            for wanted in (FILTERS[1], FILTERS[4], FILTERS[6]):
                (page,) = pages(house, wanted, order, 100)
                assert all(row.model == by_id[row.model.id] for row in page.models)


class TestPages:
    """Lists in parts."""

    @pytest.mark.parametrize("size", [1, 7, 100])
    @pytest.mark.parametrize("backward", [False, True])
    def test_put_together_are_the_list(
        self, house: House, models: list[ModelRecord], size: int, *, backward: bool
    ) -> None:
        for order in ORDERS[::3] if size > 1 else ORDERS[:1]:
            for wanted in (FILTERS[0], FILTERS[1], FILTERS[9]):
                parts = [ids(page) for page in pages(house, wanted, order, size, backward=backward)]
                found = [each for part in (parts[::-1] if backward else parts) for each in part]
                assert found == listed(models, wanted, order)

    @pytest.mark.parametrize("order", [ORDERS[0], ORDERS[1], ORDERS[2], ORDERS[5]])
    @pytest.mark.parametrize("backward", [False, True])
    def test_pass_over_and_repeat_no_model_that_did_not_change_meanwhile(
        self, house: House, models: list[ModelRecord], order: Order, *, backward: bool
    ) -> None:
        rng = random.Random(2)  # noqa: S311  # the same changes every time
        busy = models[::4]
        wanted = ModelFilter(states=EVERYTHING)
        found: list[str] = []
        for number, page in enumerate(pages(house, wanted, order, 3, backward=backward)):
            found += ids(page)
            changed = replace(
                rng.choice(busy),
                name=f"{rng.choice(NAMES[:10])} {number}",
                updated_at=Timestamp(f"2026-02-01T00:00:{number:02d}.000000Z"),
                created_at=rng.choice(INSTANTS),
                state=rng.choice(list(ModelState)),
            )
            added = replace(changed, id=f"10000000-0000-4000-8000-{number:012d}")
            house.write_past_the_registry([ModelItem.of(changed), ModelItem.of(added)])
        changing = {model.id for model in busy}
        quiet = [model for model in models if model.id not in changing]
        steady = [each for each in found if each in {model.id for model in quiet}]
        expected = listed(quiet, wanted, order)
        assert sorted(steady) == sorted(expected)
        if not backward:
            assert steady == expected


class TestRegistry:
    """Models as the registry writes them."""

    def test_move_in_the_lists_with_every_change(self, house: House) -> None:
        one, other = house.create(name="a").model, house.create(name="b").model
        order = Order(OrderField.UPDATED_AT, Direction.DESC)
        (page,) = pages(house, ModelFilter(), order, 5)
        assert ids(page) == [other.id, one.id]
        house.update(one.id, license="bsd")
        (page,) = pages(house, ModelFilter(), order, 5)
        assert ids(page) == [one.id, other.id]
        (page,) = pages(house, ModelFilter(license="BSD"), order, 5)
        assert ids(page) == [one.id]
        house.delete(one.id)
        (page,) = pages(house, ModelFilter(), order, 5)
        assert ids(page) == [other.id]
        (page,) = pages(house, ModelFilter(states=EVERYTHING), order, 5)
        assert ids(page) == [one.id, other.id]
