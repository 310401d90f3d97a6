"""Sending again: which failures are worth it, after what pause, and for how long altogether."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from graph.client.errors import ClientError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Retries:
    """How persistent a client is.

    Attributes:
        attempts: how often one request is sent at most; 1 means never again.
        seconds: after which none is sent again, however many attempts are left.
        first_pause_seconds: the longest pause before the second attempt; it doubles each time.
        longest_pause_seconds: where it stops doubling.
        retry_after_max_seconds: a service that asks for more patience is not asked again.
    """

    attempts: int = 6
    seconds: float = 60.0
    first_pause_seconds: float = 0.2
    longest_pause_seconds: float = 8.0
    retry_after_max_seconds: float = 30.0


def _full_jitter(ceiling: float) -> float:
    return random.uniform(0, ceiling)  # noqa: S311  # spreads load, guards nothing


@dataclass(frozen=True, slots=True)
class Time:
    """What passes, and how it is waited for: a test has its own."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[float], float] = _full_jitter


class Transient(Exception):  # noqa: N818  # a finding, which becomes the error that it holds
    """An attempt failed in a way that the next one may not.

    Attributes:
        error: what is raised where there is no next attempt.
        after_seconds: for so long the service asks to be left alone.
        executed: the service may have done what was asked for.
    """

    def __init__(
        self, error: ClientError, *, after_seconds: float = 0.0, executed: bool = True
    ) -> None:
        super().__init__(str(error))
        self.error = error
        self.after_seconds = after_seconds
        self.executed = executed


def persistently(
    attempt: Callable[[], T], retries: Retries, clock: Time, *, repeatable: bool = True
) -> T:
    """Return what `attempt` returns, trying again after each Transient while that is allowed.

    The pause is drawn from the whole range ("full jitter"), so that many clients that failed
    together do not come back together.

    Args:
        repeatable: doing it twice is the same as once; where it is not, only what was certainly
            not executed is sent again.

    Raises:
        ClientError: the last attempt's.
    """
    end = clock.monotonic() + retries.seconds
    ceiling = retries.first_pause_seconds
    for left in range(retries.attempts - 1, -1, -1):
        try:
            return attempt()
        except Transient as failed:
            pause = failed.after_seconds + clock.jitter(ceiling)
            is_late = clock.monotonic() + pause >= end
            is_patient = failed.after_seconds <= retries.retry_after_max_seconds
            may_repeat = repeatable or not failed.executed
            if not (left and is_patient and may_repeat) or is_late:
                raise failed.error from failed.__cause__
        clock.sleep(pause)
        ceiling = min(ceiling * 2, retries.longest_pause_seconds)
    raise ValueError("attempts must be at least 1")


def retry_after_seconds(value: str | None, now: datetime | None = None) -> float:
    """Read a Retry-After header (RFC 9110, section 10.2.3); 0 where it says nothing."""
    if value is None:
        return 0.0
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return 0.0
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    try:
        return max(0.0, (until - (now or datetime.now(UTC))).total_seconds())
    except OverflowError:  # the offset takes it out of the years that there are
        return 0.0
