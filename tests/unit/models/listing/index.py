"""An index in memory, that answers as DynamoDB does."""

from collections.abc import Iterable

from models.entities import ModelItem
from models.entities.indexes import LISTED
from models.listing.plan import Operator, Plan, Predicate
from models.records import ModelRecord

PARTITION_KEYS = {
    "by_update": "state",
    "by_creation": "state",
    "by_name": "state",
    "by_score": "state",
    "by_source": "state_source",
    "by_license": "state_license",
}
SORT_KEYS = {
    "by_update": "updated_at_id",
    "by_creation": "created_at_id",
    "by_name": "name_id",
    "by_score": "score_id",
    "by_source": "updated_at_id",
    "by_license": "updated_at_id",
}


def rows(
    items: Iterable[ModelItem], plan: Plan, partition: str, low: str, high: str
) -> list[tuple[str, ModelItem]]:
    """Return one partition's items inside a range, ascending, by their sort key."""
    keyed = [
        (str(getattr(item, plan.sort_attribute)), item)
        for item in items
        if getattr(item, PARTITION_KEYS[plan.index]) == partition
    ]
    between = [row for row in keyed if low.encode() <= row[0].encode() <= high.encode()]
    return sorted(between, key=lambda row: row[0].encode())


def holds(predicate: Predicate, item: ModelItem) -> bool:  # noqa: PLR0911  # a case each
    """Tell whether a filter keeps an item; a comparison with what is absent keeps none."""
    assert predicate.attribute in LISTED
    stored, value = getattr(item, predicate.attribute), predicate.value
    if stored is None:
        return False
    match predicate.operator:
        case Operator.EQUALS:
            return bool(stored == value)
        case Operator.ABOVE:
            return bool(stored > value)
        case Operator.BELOW:
            return bool(stored < value)
        case Operator.AT_LEAST:
            return bool(stored >= value)
        case Operator.STARTS_WITH:
            return str(stored).startswith(str(value))
        case Operator.CONTAINS:
            return str(value) in str(stored)


def kept(plan: Plan, item: ModelItem) -> bool:
    return all(holds(predicate, item) for predicate in plan.predicates)


def executed(plan: Plan, records: Iterable[ModelRecord]) -> list[str]:
    """Carry out `plan` over the items of `records`, and return the ids in its order."""
    items = [ModelItem.of(record) for record in records]
    found = [
        row
        for partition in plan.partitions
        for row in rows(items, plan, partition, plan.low, plan.high)
        if kept(plan, row[1])
    ]
    found.sort(key=lambda row: row[0].encode(), reverse=plan.descending)
    return [item.to_record().id for _, item in found]
