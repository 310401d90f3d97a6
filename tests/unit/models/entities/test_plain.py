"""Items from DynamoDB's JSON: by ourselves where they are plain, and as PynamoDB would."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pynamodb.models import Model

from models import entities
from models.entities import ArtifactItem, ChangeItem, ModelItem, UploadItem
from models.entities.item import Item
from tests.unit.models.artifacts.artifacts import a_file
from tests.unit.models.strategies import a_record

Raw = dict[str, Any]

ENTITIES: list[type[Item]] = [getattr(entities, name) for name in entities.__all__]
KINDS = {entity.kind.get_discriminator(entity): entity for entity in ENTITIES}

texts = st.text(max_size=5)
numbers = st.one_of(
    st.integers(0, 2**40).map(str),
    st.floats(0, 1e9).map(str),
    st.sampled_from(["-1", "1E+2", "1e-7", " 1", "1 ", "01", "", "x", "NaN", "Infinity", '"x"']),
)
values: st.SearchStrategy[Raw | None] = st.one_of(
    texts.map(lambda value: {"S": value}),
    numbers.map(lambda value: {"N": value}),
    st.booleans().map(lambda value: {"BOOL": value}),
    st.binary(max_size=3).map(lambda value: {"B": value}),
    st.sampled_from([{"NULL": True}, {}, None, {"S": None}, {"N": 1}, {"L": []}, {"M": {}}]),
)
OWN = {"S": texts, "N": numbers, "BOOL": st.booleans(), "B": st.binary(max_size=3)}


@st.composite
def raw_items(draw: st.DrawFn) -> Raw:
    """Draw an item: most attributes are as its entity says, some missing, wrong or unheard of."""
    kind = draw(st.sampled_from([*KINDS, *KINDS, "Unknown"]))
    raw: Raw = {}
    for name, attribute in KINDS.get(kind, ModelItem).get_attributes().items():
        match draw(st.integers(0, 20)):
            case 0 | 1:
                continue
            case 2:
                raw[name] = draw(values)
            case _:
                raw[name] = {attribute.attr_type: draw(OWN[attribute.attr_type])}
    raw |= draw(st.dictionaries(texts, values, max_size=2))
    named: Raw = draw(st.sampled_from([{"kind": {"S": kind}}] * 9 + [{"kind": {"N": "1"}}, {}]))
    return raw | named


def outcome(build: Any, raw: Raw) -> object:  # noqa: ANN401  # a method
    """Return what came of it, types included: 1, 1.0 and True are equal."""
    try:
        item = build(raw)
    except Exception as error:  # noqa: BLE001  # it is compared
        return type(error), str(error)
    return type(item), {name: repr(value) for name, value in item.attribute_values.items()}


class TestFromRawData:
    """An item of DynamoDB's JSON."""

    @given(raw_items(), st.sampled_from([Item, ModelItem, ChangeItem]))
    def test_is_what_pynamodb_makes_of_it(self, raw: Raw, asked: type[Item]) -> None:
        before = repr(raw)
        theirs = outcome(Model.from_raw_data.__func__.__get__(asked), raw)  # type: ignore[attr-defined]
        assert outcome(asked.from_raw_data, raw) == theirs
        assert repr(raw) == before

    @pytest.mark.parametrize(
        "number", ["1", "1.0", "0.1", "-1E+2", "01", "1 ", " 1", "1x", "1 2", "", "NaN", '"x"', 1]
    )
    def test_has_the_numbers_that_pynamodb_reads(self, number: object) -> None:
        raw = ModelItem.of(a_record()).serialize() | {"version": {"N": number}}
        theirs = outcome(Model.from_raw_data.__func__.__get__(Item), raw)  # type: ignore[attr-defined]
        assert outcome(Item.from_raw_data, raw) == theirs

    @pytest.mark.parametrize("item", [ModelItem.of(a_record()), ArtifactItem.of(a_file())])
    def test_is_made_without_pynamodb_where_it_is_plain(
        self, monkeypatch: pytest.MonkeyPatch, item: Item
    ) -> None:
        raw = item.serialize()
        monkeypatch.delattr(Model, "from_raw_data")
        assert Item.from_raw_data(raw).holds_the_same_as(item)

    def test_with_bytes_is_left_to_pynamodb(self, monkeypatch: pytest.MonkeyPatch) -> None:
        raw = UploadItem.of("m", "a", ["ab" * 32]).serialize()
        monkeypatch.delattr(Model, "from_raw_data")
        with pytest.raises(AttributeError):
            Item.from_raw_data(raw)

    def test_can_be_written_again(self) -> None:
        raw = ModelItem.of(a_record()).serialize()
        assert Item.from_raw_data(raw).serialize() == raw
