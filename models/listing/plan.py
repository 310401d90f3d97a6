"""Which index answers a filter and an order, over which keys, and what is left to filter: pure."""

import math
from dataclasses import dataclass
from enum import StrEnum

from models import json_text, limits
from models.entities.model import (
    folded,
    license_partition,
    name_prefix,
    score_prefix,
    source_partition,
)
from models.errors import InvalidArgument
from models.listing.query import Direction, ModelFilter, Order, OrderField
from models.timestamps import Timestamp, next_after, preceding

_LOWEST = "\x01"
_HIGHEST_CHARACTER = "\U0010ffff"
_SORT_KEY_MAX_BYTES = 1024
_TOP_SCORE = 1.0
_LEAST_SCORE = 1e-130
"""DynamoDB takes no positive number below it, and none of 1e126 or above."""


class Operator(StrEnum):
    """How a predicate compares."""

    EQUALS = "="
    ABOVE = ">"
    BELOW = "<"
    AT_LEAST = ">="
    STARTS_WITH = "begins_with"
    CONTAINS = "contains"


@dataclass(frozen=True, slots=True)
class Predicate:
    """A condition on an attribute that is no key of the index."""

    attribute: str
    operator: Operator
    value: str | float


@dataclass(frozen=True, slots=True)
class Plan:
    """How a list is read.

    Attributes:
        partitions: the index's partitions to query, and to merge by sort key.
        low: the lowest sort key, included.
        high: the highest sort key, included.
        predicates: what DynamoDB filters after reading.
    """

    index: str
    sort_attribute: str
    partitions: tuple[str, ...]
    low: str
    high: str
    descending: bool
    predicates: tuple[Predicate, ...]


def plan_list(wanted: ModelFilter, order: Order) -> Plan:
    """Choose the index that orders as asked, and narrows down the most of those that do.

    Raises:
        InvalidArgument: a text of the filter is no Unicode text, or a score no number.
    """
    _check(wanted)
    index, attribute = _index_of(wanted, order.field)
    low, high = _range_of(wanted, order.field)
    partitions = () if _is_hopeless(wanted) else _partitions_of(wanted, index)
    return Plan(
        index=index,
        sort_attribute=attribute,
        partitions=partitions,
        low=low,
        high=high,
        descending=order.direction is Direction.DESC,
        predicates=tuple(_predicates_of(wanted, order.field, index)),
    )


def just_after(position: str) -> str:
    """Return a bound that is above `position` and below the next sort key."""
    return position + "!"


def just_before(position: str) -> str:
    """Return a bound that is below `position` and above the sort key before it.

    A sort key ends with an id, so that none is the beginning of another.
    """
    return position[:-1] + chr(ord(position[-1]) - 1) + _HIGHEST_CHARACTER


def highest(prefix: str) -> str:
    """Return a bound above every sort key that begins with `prefix`."""
    room = _SORT_KEY_MAX_BYTES - len(prefix.encode())
    return prefix + _HIGHEST_CHARACTER * (room // len(_HIGHEST_CHARACTER.encode()))


def _index_of(wanted: ModelFilter, field: OrderField) -> tuple[str, str]:
    match field:
        case OrderField.CREATED_AT:
            return "by_creation", "created_at_id"
        case OrderField.NAME:
            return "by_name", "name_id"
        case OrderField.NET_SCORE:
            return "by_score", "score_id"
        case OrderField.UPDATED_AT:
            if wanted.source is not None:
                return "by_source", "updated_at_id"
            if wanted.license is not None:
                return "by_license", "updated_at_id"
            return "by_update", "updated_at_id"


def _partitions_of(wanted: ModelFilter, index: str) -> tuple[str, ...]:
    states = sorted(wanted.states)
    if index == "by_source":
        return tuple(source_partition(state, wanted.source or "") for state in states)
    if index == "by_license":
        return tuple(license_partition(state, wanted.license or "") for state in states)
    return tuple(state.value for state in states)


def _range_of(wanted: ModelFilter, field: OrderField) -> tuple[str, str]:
    match field:
        case OrderField.CREATED_AT:
            return _time_range(wanted.created_after, wanted.created_before)
        case OrderField.UPDATED_AT:
            return _time_range(wanted.updated_after, wanted.updated_before)
        case OrderField.NAME if wanted.name_starts_with:
            prefix = name_prefix(wanted.name_starts_with)
            return prefix, highest(prefix)
        case OrderField.NET_SCORE if wanted.min_net_score is not None:
            return score_prefix(_clamped(wanted.min_net_score)), highest("")
    return _LOWEST, highest("")


def _time_range(after: Timestamp | None, before: Timestamp | None) -> tuple[str, str]:
    low = next_after(after) if after else _LOWEST
    high = highest(preceding(before)) if before else highest("")
    return low, high


def _predicates_of(wanted: ModelFilter, field: OrderField, index: str) -> list[Predicate]:
    """Return what the chosen keys do not decide already."""
    predicates = []

    def require(attribute: str, operator: Operator, value: str | float | None) -> None:
        if value is not None and value != "":
            predicates.append(Predicate(attribute, operator, value))

    if index != "by_source":
        require("source", Operator.EQUALS, wanted.source)
    if index != "by_license" and wanted.license is not None:
        require("license_folded", Operator.EQUALS, folded(wanted.license))
    if field is not OrderField.NAME or not _fits_key(wanted.name_starts_with):
        require("name_folded", Operator.STARTS_WITH, folded(wanted.name_starts_with or ""))
    require("name_folded", Operator.CONTAINS, folded(wanted.name_contains or ""))
    if wanted.min_net_score is not None:
        require("net_score", Operator.AT_LEAST, _clamped(wanted.min_net_score))
    if field is not OrderField.CREATED_AT:
        require("created_at", Operator.ABOVE, wanted.created_after)
        require("created_at", Operator.BELOW, wanted.created_before)
    if field is not OrderField.UPDATED_AT:
        require("updated_at", Operator.ABOVE, wanted.updated_after)
        require("updated_at", Operator.BELOW, wanted.updated_before)
    return predicates


def _fits_key(name: str | None) -> bool:
    """Tell whether the sort key decides alone, because it holds this beginning of a name whole."""
    return name is None or name_prefix(name) == folded(name)


def _clamped(score: float) -> float:
    """Return the score that keeps the same models and is a number for DynamoDB."""
    if score <= 0:
        return 0.0
    return min(max(score, _LEAST_SCORE), _TOP_SCORE)


def _is_hopeless(wanted: ModelFilter) -> bool:
    """Tell whether no model can match, since no field of one is empty, that long or that high."""
    if wanted.min_net_score is not None and wanted.min_net_score > _TOP_SCORE:
        return True
    longest = (
        (wanted.source, 1, limits.SOURCE_MAX_CHARACTERS),
        (wanted.license, 1, limits.LICENSE_MAX_CHARACTERS),
        (wanted.name_starts_with, 0, limits.NAME_MAX_CHARACTERS),
        (wanted.name_contains, 0, limits.NAME_MAX_CHARACTERS),
    )
    return any(text is not None and not low <= len(text) <= high for text, low, high in longest)


def _check(wanted: ModelFilter) -> None:
    if wanted.min_net_score is not None and not math.isfinite(wanted.min_net_score):
        raise InvalidArgument("minNetScore must be a number", "filter", "minNetScore")
    texts = {
        "source": wanted.source,
        "license": wanted.license,
        "nameStartsWith": wanted.name_starts_with,
        "nameContains": wanted.name_contains,
    }
    for name, text in texts.items():
        if text is not None and (problem := json_text.text_problem(text)):
            raise InvalidArgument(f"{name} {problem}", "filter", name)
