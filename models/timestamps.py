"""Instants, as the text in which they are stored, hashed and answered.

An instant is a string such as `2026-11-23T10:15:30.123456Z`: RFC 3339, UTC, always with six
decimals, so that text order is time order.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NewType

Timestamp = NewType("Timestamp", str)
Clock = Callable[[], Timestamp]

_MICROSECOND = timedelta(microseconds=1)
_MILLISECOND = timedelta(milliseconds=1)
_RFC3339 = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,6})\d*)?([Zz]|[+-]\d{2}:[0-5]\d)",
    re.ASCII,
)


def now() -> Timestamp:
    """Tell the time."""
    return _to_text(datetime.now(UTC))


def parse(text: str) -> Timestamp:
    """Read an RFC 3339 instant with any offset; what is finer than a microsecond is cut off.

    Raises:
        ValueError: `text` is no RFC 3339 instant, or its year in UTC is not 1 to 9999.
    """
    match = _RFC3339.fullmatch(text)
    if match is None:
        raise ValueError("not an RFC 3339 instant, such as 2026-11-23T10:15:30.123456Z")
    date, time, fraction, offset = match.groups()
    zone = "+00:00" if offset in "Zz" else offset
    instant = datetime.fromisoformat(f"{date}T{time}.{(fraction or '').ljust(6, '0')}{zone}")
    try:
        return _to_text(instant.astimezone(UTC))
    except OverflowError as error:
        raise ValueError("outside the years 1 to 9999") from error


def following(previous: Timestamp, at: Timestamp) -> Timestamp:
    """Return `at`, or one microsecond after `previous` where the clock has not passed it.

    So time orders the changes of one model exactly as their versions do.
    """
    return at if at > previous else shifted(previous, _MICROSECOND)


def preceding(instant: Timestamp) -> Timestamp:
    """Return the latest instant before `instant`."""
    return shifted(instant, -_MICROSECOND)


def next_after(instant: Timestamp) -> Timestamp:
    """Return the earliest instant after `instant`."""
    return shifted(instant, _MICROSECOND)


def shifted(instant: Timestamp, delta: timedelta) -> Timestamp:
    """Move `instant` by `delta`; it stops at the ends of the calendar."""
    moment = datetime.fromisoformat(instant)
    try:
        return _to_text(moment + delta)
    except OverflowError:
        return instant


def day_of(instant: Timestamp) -> str:
    """Return the day in UTC, such as `2026-11-23`."""
    return instant.partition("T")[0]


def elapsed_ms(start: Timestamp, end: Timestamp) -> int:
    """Return the milliseconds from one instant to another."""
    return round((datetime.fromisoformat(end) - datetime.fromisoformat(start)) / _MILLISECOND)


def _to_text(instant: datetime) -> Timestamp:
    naive = instant.replace(tzinfo=None).isoformat(timespec="microseconds")
    return Timestamp(f"{naive}Z")
