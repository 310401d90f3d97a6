"""Lists as their documentation describes them: over records in memory, with no index at all."""

from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from models.listing.query import Direction, ModelFilter, Order, OrderField
from models.records import ModelRecord, ModelState
from models.timestamps import Timestamp
from tests.unit.models.strategies import a_record

NAME_KEY_BYTES = 900
"""Up to where names are told apart by the order of names; then by id."""


def matches(wanted: ModelFilter, record: ModelRecord) -> bool:
    name, score = record.name.casefold(), record.net_score
    return (
        record.state in wanted.states
        and wanted.source in {None, record.source}
        and (wanted.license is None or wanted.license.casefold() == record.license.casefold())
        and name.startswith((wanted.name_starts_with or "").casefold())
        and (wanted.name_contains or "").casefold() in name
        and (wanted.min_net_score is None or (score is not None and score >= wanted.min_net_score))
        and (wanted.created_after is None or record.created_at > wanted.created_after)
        and (wanted.created_before is None or record.created_at < wanted.created_before)
        and (wanted.updated_after is None or record.updated_at > wanted.updated_after)
        and (wanted.updated_before is None or record.updated_at < wanted.updated_before)
    )


def place(record: ModelRecord, field: OrderField) -> tuple[Any, str]:
    """Return what a list is sorted by; ids decide between equals."""
    match field:
        case OrderField.UPDATED_AT:
            return record.updated_at, record.id
        case OrderField.CREATED_AT:
            return record.created_at, record.id
        case OrderField.NAME:
            cut = record.name.casefold().encode()[:NAME_KEY_BYTES].decode(errors="ignore")
            return cut, record.id
        case OrderField.NET_SCORE:
            return -1.0 if record.net_score is None else round(record.net_score, 12), record.id


def listed(records: Iterable[ModelRecord], wanted: ModelFilter, order: Order) -> list[str]:
    """Return the ids of the whole list."""
    found = [record for record in records if matches(wanted, record)]
    found.sort(
        key=lambda record: place(record, order.field), reverse=order.direction is Direction.DESC
    )
    return [record.id for record in found]


INSTANTS = [
    Timestamp(f"2026-01-0{day}T00:00:00.00000{micro}Z") for day in (1, 2) for micro in "019"
]
SCORES = [None, 0.0, 1e-13, 0.1, 0.30000000000000004, 0.3, 0.5, 0.9999999999999999, 1.0]

few_instants = st.sampled_from(INSTANTS)
few_names = st.text("aAbB~\xdfǅé日😀\U0010ffff!", min_size=1, max_size=5)
few_sources = st.sampled_from(["hf", "HF", "github"])
few_licenses = st.sampled_from(["mit", "MIT", "Apache-2.0", "stra\xdfe", "STRASSE"])
orders = st.builds(Order, st.sampled_from(OrderField), st.sampled_from(Direction))
filters = st.builds(
    ModelFilter,
    states=st.frozensets(st.sampled_from(ModelState)),
    source=st.none() | few_sources,
    license=st.none() | few_licenses,
    name_starts_with=st.none() | st.just("") | few_names.map(lambda name: name[:2]),
    name_contains=st.none() | st.just("") | few_names.map(lambda name: name[:2]),
    min_net_score=st.none() | st.sampled_from([score for score in SCORES if score is not None]),
    created_after=st.none() | few_instants,
    created_before=st.none() | few_instants,
    updated_after=st.none() | few_instants,
    updated_before=st.none() | few_instants,
)
narrow_filters = (
    st.sampled_from(
        [ModelFilter(), ModelFilter(states=frozenset(ModelState)), ModelFilter(name_contains="a")]
    )
    | filters
)


@st.composite
def collections(draw: st.DrawFn, min_size: int = 0, max_size: int = 20) -> list[ModelRecord]:
    """Draw models that often share their fields."""
    ids = draw(
        st.lists(st.uuids(version=4).map(str), unique=True, min_size=min_size, max_size=max_size)
    )
    return [
        a_record(
            id=model_id,
            name=draw(few_names),
            source=draw(few_sources),
            license=draw(few_licenses),
            state=draw(st.sampled_from(ModelState)),
            created_at=draw(few_instants),
            updated_at=draw(few_instants),
            net_score=draw(st.sampled_from(SCORES)),
        )
        for model_id in ids
    ]
