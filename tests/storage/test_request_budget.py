"""How many requests each operation sends to DynamoDB: the table of section 3 of DATA_MODEL."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from models.entities import ChangeItem, ModelItem, SnapshotItem
from models.entities.item import Item
from models.history.chain import Attribution, Link, link
from models.ids import ModelRef, new_id
from models.listing.plan import plan_list
from models.listing.query import ModelFilter, Order, Window
from models.metering import CostMeter, metered
from models.records import ChangeAction, ModelRecord, Prose
from models.timestamps import next_after
from tests.storage.house import House
from tests.unit.models.strategies import a_record

LARGE = '{"a":"' + "x" * (64 * 1024 - 8) + '"}'
LONGEST = 10_000


def chained(model: ModelRecord, versions: int) -> list[Link]:
    """Chain so many versions of a model, as the registry does."""
    first = link(None, model, ChangeAction.CREATE, Attribution("user:ann", "user:ann"))
    assert first is not None
    links = [first]
    while len(links) < versions:
        before = links[-1].model
        after = replace(
            before,
            name=f"name {before.version + 1}",
            version=before.version + 1,
            updated_at=next_after(before.updated_at),
        )
        made = link(before, after, ChangeAction.UPDATE, Attribution("user:ann", "user:ann", "why"))
        assert made is not None
        links.append(made)
    return links


def stored(links: list[Link]) -> list[Item]:
    items: list[Item] = [ModelItem.of(links[-1].model)]
    for made in links:
        items += [ChangeItem.of(made.entry), SnapshotItem.of(made.snapshot)]
    return items


@contextmanager
def counted(house: House) -> Iterator[list[str]]:
    """Count what is sent in two ways, which must agree."""
    sent: list[str] = []

    def on_send(event_name: str, **_: object) -> None:
        sent.append(event_name.rpartition(".")[2])

    house.client.meta.events.register("before-send.dynamodb", on_send)
    try:
        with metered(CostMeter()) as meter:
            yield sent
    finally:
        house.client.meta.events.unregister("before-send.dynamodb", on_send)
    assert (meter.operations, meter.requests) == (sent, len(sent))
    assert "Scan" not in sent


class Budget:
    """A model with 100 changes and 64 KiB of metadata, among others."""

    def __init__(self, house: House) -> None:
        self.house = house
        links = chained(a_record(id=new_id(), prose=Prose(LARGE, "")), 100)
        self.model, self.links = links[-1].model, links
        others = [
            chained(a_record(id=new_id(), name=f"other {n}", prose=Prose(LARGE, "")), 1)[0]
            for n in range(109)
        ]
        self.others = [made.model for made in others]
        house.write_past_the_registry([*stored(links), *(ModelItem.of(m) for m in self.others)])


@pytest.fixture
def budget(house: House) -> Budget:
    return Budget(house)


class TestReads:
    """Of a model with 100 changes and 64 KiB of metadata."""

    @pytest.mark.parametrize(
        ("operations", "read"),
        [
            (["GetItem"], lambda house, model: house.reader.model(model.id)),
            (["Query"], lambda house, model: house.reader.model_with_changes(model.id, 20)),
            (["Query"], lambda house, model: house.reader.model_with_changes(model.id, 100)),
            (["Query"], lambda house, model: house.reader.changes(model, 100)),
            (["GetItem"], lambda house, model: house.reader.model_at_version(model.id, 50)),
            (
                ["Query", "GetItem"],
                lambda house, model: house.reader.model_as_of(model.id, model.updated_at),
            ),
        ],
        ids=["now", "newest changes", "100 changes", "changes", "at a version", "as of"],
    )
    def test_of_one_model(
        self, budget: Budget, operations: list[str], read: Callable[[House, ModelRecord], object]
    ) -> None:
        with counted(budget.house) as sent:
            assert read(budget.house, budget.model)
        assert sent == operations

    def test_of_a_malformed_id_send_nothing(self, budget: Budget) -> None:
        with counted(budget.house) as sent:
            assert budget.house.reader.model("x") is None
        assert sent == []

    def test_of_100_nodes(self, budget: Budget) -> None:
        refs = [ModelRef(model.id) for model in budget.others[:100]]
        with counted(budget.house) as sent:
            assert len(budget.house.reader.nodes(refs)) == 100
        assert sent == ["BatchGetItem"]


class TestLists:
    """Of models with 64 KiB of metadata; moto's pages end as if indexes projected it."""

    def test_of_100_models(self, house: House) -> None:
        budget = Budget(house)
        with counted(budget.house) as sent:
            page = budget.house.lister.page(plan_list(ModelFilter(), Order()), Window(100))
        assert (len(page.models), page.has_more, sent) == (100, True, ["Query"])
        assert {row.model.prose for row in page.models} == {None}

    def test_of_100_models_with_their_metadata(self, house: House) -> None:
        budget = Budget(house)
        with counted(budget.house) as sent:
            page = budget.house.lister.page(plan_list(ModelFilter(), Order()), Window(100))
            whole = budget.house.reader.models(row.model.id for row in page.models)
        assert all(model.require_prose().metadata == LARGE for model in whole.values())
        assert (len(whole), sent) == (100, ["Query", "BatchGetItem"])


class TestWrites:
    """Without another writer in the way."""

    FIELDS: dict[str, Any] = {"source_url": "https://a/b", "idempotency_key": "k"}  # noqa: RUF012

    @pytest.mark.parametrize("fields", [{}, FIELDS])
    def test_create(self, house: House, fields: dict[str, Any]) -> None:
        with counted(house) as sent:
            house.create(**fields)
        assert sent == ["TransactWriteItems"]

    @pytest.mark.parametrize("fields", [{"name": "x"}, FIELDS])
    def test_update(self, budget: Budget, fields: dict[str, Any]) -> None:
        with counted(budget.house) as sent:
            budget.house.update(budget.model.id, **fields)
        assert sent == ["BatchGetItem", "TransactWriteItems"]

    def test_update_that_changes_nothing(self, budget: Budget) -> None:
        with counted(budget.house) as sent:
            budget.house.update(budget.model.id)
        assert sent == ["BatchGetItem"]

    def test_delete_and_restore(self, budget: Budget) -> None:
        with counted(budget.house) as sent:
            budget.house.delete(budget.model.id)
            budget.house.restore(budget.model.id)
        assert sent == ["BatchGetItem", "TransactWriteItems"] * 2

    def test_resend(self, house: House) -> None:
        model = house.create(idempotency_key="k").model
        house.update(model.id, name="x", idempotency_key="k")
        with counted(house) as sent:
            house.update(model.id, name="x", idempotency_key="k")
        assert sent == ["BatchGetItem", "BatchGetItem"]


class TestLongHistory:
    """Of a model with 10,000 changes."""

    def test_takes_no_more_requests_than_a_short_one(self, house: House) -> None:
        links = chained(a_record(id=new_id()), LONGEST)
        house.write_past_the_registry(stored(links))
        model, middle = links[-1].model, links[LONGEST // 2 - 1]
        with counted(house) as sent:
            assert house.reader.model(model.id) == model
            assert house.reader.model_with_changes(model.id, 100)
            past = house.reader.model_at_version(model.id, LONGEST // 2)
            assert past == replace(middle.model, head_hash=None)
            assert house.reader.model_as_of(model.id, middle.model.updated_at) == past
            assert house.update(model.id, name="x").model.version == LONGEST + 1
        assert sent == [
            "GetItem",
            "Query",
            "GetItem",
            "Query",
            "GetItem",
            "BatchGetItem",
            "TransactWriteItems",
        ]
        with counted(house) as sent:
            verdict = house.verdict(model.id)
        assert (verdict.intact, verdict.complete) == (True, True)
        assert verdict.entries_checked == LONGEST + 1
        assert len(sent) < 100
        house.delete_raw(ChangeItem.of(middle.entry).key)
        assert house.verdict(model.id).broken_at_version == LONGEST // 2
