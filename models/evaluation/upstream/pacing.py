"""How long to wait before asking again: as long as the other side wants, and never in step."""

import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

TRIES_MAX: Final = 3
FIRST_PAUSE_SECONDS: Final = 0.5

RETRIED_STATUSES: Final = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)

_RATE_LIMIT: Final = re.compile(
    r";\s*r=(?P<remaining>[0-9]{1,9})\s*;\s*t=(?P<reset_seconds>[0-9]{1,9})"
)
"""As in `"api";r=0;t=55` (draft-ietf-httpapi-ratelimit-headers-09)."""


@dataclass(frozen=True, slots=True)
class Pacing:
    """Time as requests know it; tests shorten it.

    Attributes:
        connect_seconds: for a connection to open.
        silence_seconds: for the next bytes to come.
        request_seconds: for a request with all its tries.
        first_pause_seconds: at most, before the second try; doubled before the third.
        sleep: how to wait.
    """

    connect_seconds: float = 5.0
    silence_seconds: float = 10.0
    request_seconds: float = 30.0
    first_pause_seconds: float = FIRST_PAUSE_SECONDS
    sleep: Callable[[float], None] = time.sleep

    def pause_seconds(self, tries: int) -> float:
        """Draw the pause after so many tries: up to twice the one before, with jitter."""
        longest = self.first_pause_seconds * 2 ** (tries - 1)
        return random.uniform(longest / 2, longest)  # noqa: S311  # spreads load, guards nothing


def asked_pause_seconds(headers: Mapping[str, str], now: datetime | None = None) -> float:
    """Return how long the headers of an answer ask to wait; 0 where they do not.

    `Retry-After` (RFC 9110, seconds or a date), else what is left of the window that a used-up
    `RateLimit` (the Hub) or `X-RateLimit-Remaining` (GitHub) names.
    """
    now = now or datetime.now(UTC)
    asked = _retry_after_seconds(headers.get("retry-after", "").strip(), now)
    if asked is not None:
        return asked
    window = _RATE_LIMIT.search(headers.get("ratelimit", ""))
    if window is not None and int(window["remaining"]) == 0:
        return float(window["reset_seconds"])
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and _is_number(reset):
        return max(float(reset) - now.timestamp(), 0.0)
    return 0.0


def _retry_after_seconds(value: str, now: datetime) -> float | None:
    if _is_number(value):
        return float(value)
    try:
        until = parsedate_to_datetime(value)
        return max((until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds(), 0.0)
    except (ValueError, TypeError, LookupError, OverflowError):
        return None


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit()
