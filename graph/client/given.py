"""What callers give, as the API wants it: what was left out is told from None."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final


class NotGiven(Enum):
    """The type of NOT_GIVEN."""

    NOT_GIVEN = "not given"


NOT_GIVEN: Final = NotGiven.NOT_GIVEN
"""Leaves a field as it is, where None would clear it."""

Instant = str | datetime
"""RFC 3339 text with any offset, or a datetime that knows its time zone."""


@dataclass(frozen=True, slots=True)
class ModelFilter:
    """Which models to list: all that is given holds.

    Attributes:
        states: only ACTIVE models unless given.
        source: exactly.
        license: as declared, without regard to case; so are the names.
        min_net_score: models without a score are left out.
        created_after: later than this instant; the others likewise.
    """

    states: Sequence[str] | None = None
    source: str | None = None
    license: str | None = None
    name_starts_with: str | None = None
    name_contains: str | None = None
    min_net_score: float | None = None
    created_after: Instant | None = None
    created_before: Instant | None = None
    updated_after: Instant | None = None
    updated_before: Instant | None = None


@dataclass(frozen=True, slots=True)
class ModelOrder:
    """In which order to list models.

    Attributes:
        field: UPDATED_AT, CREATED_AT, NAME or NET_SCORE.
        direction: ASC or DESC.
    """

    field: str = "UPDATED_AT"
    direction: str = "DESC"


def given(**values: object) -> dict[str, Any]:
    """Return an input without what was left out, under the API's names."""
    return {_camel(name): sent(value) for name, value in values.items() if value is not NOT_GIVEN}


def sent(value: object) -> object:
    """Return a value as JSON has it."""
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, ModelFilter | ModelOrder):
        return given(**{field.name: getattr(value, field.name) for field in fields(value)})
    if isinstance(value, tuple):
        return list(value)
    return value


def _instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("a datetime must know its time zone: datetime.now(UTC), say")
    return value.astimezone(UTC).isoformat()


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
