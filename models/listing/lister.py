"""Walks an index, or several partitions of it at once, until a page is full."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import and_

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from models.entities import ModelItem
from models.entities.model import SORT_KEY
from models.listing.plan import Operator, Plan, Predicate, just_after, just_before
from models.listing.query import Window
from models.records import ModelRecord
from models.table import SortRange, Table

READ_BUDGET_REQUESTS = 10
"""For one page. Then the page is shorter than asked for, and says that there is more."""
_FILTERED_FIRST_READ_FACTOR = 4
_FILTERED_READ_GROWTH = 4
_READ_MAX_ITEMS = 1_000


@dataclass(frozen=True, slots=True)
class Listed:
    """A model at its place in a list."""

    position: str
    model: ModelRecord


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of a list, in the list's order.

    Attributes:
        has_more: whether there is more in the direction in which the page was read.
        reached: up to where the list was read in that direction, if anything was.
    """

    models: list[Listed]
    has_more: bool
    reached: str | None


class Lister:
    """Reads pages of lists. Lists are eventually consistent, as indexes are."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def page(self, plan: Plan, window: Window) -> ListPage:
        """Read the part of a list that `window` names: one request unless much is filtered out."""
        page = _Walk(self._table, plan, window).page(window.size)
        if window.backward:
            page.models.reverse()
        return page


@dataclass(slots=True)
class _Stream:
    """What is left of one partition, and what was read of it and not taken yet."""

    partition: str
    low: str
    high: str
    exhausted: bool = False
    reached: str | None = None
    buffer: deque[Listed] = field(default_factory=deque)

    @property
    def is_starved(self) -> bool:
        """Tell whether its next model is unknown."""
        return not self.buffer and not self.exhausted


class _Walk:
    """One pass over the partitions of a plan, merged by sort key."""

    def __init__(self, table: Table, plan: Plan, window: Window) -> None:
        self._table = table
        self._plan = plan
        self._descending = plan.descending != window.backward
        self._condition = _condition(plan.predicates)
        self._requests_left = READ_BUDGET_REQUESTS
        self._limit = window.size + 1
        if plan.predicates:
            self._limit *= _FILTERED_FIRST_READ_FACTOR
        low, high = _bounds(plan, window)
        self._streams = [] if low > high else [_Stream(p, low, high) for p in plan.partitions]

    def page(self, size: int) -> ListPage:
        """Take `size` models, and one more to know whether there is one."""
        taken: list[Listed] = []
        while len(taken) <= size and self._feed():
            taken += self._next_known(size + 1 - len(taken))
        reached = taken[-1].position if taken else None
        if len(taken) <= size and (frontier := self._frontier()):
            taken += self._buffered_up_to(frontier)
            reached = frontier
        if len(taken) > size:
            return ListPage(taken[:size], has_more=True, reached=taken[size - 1].position)
        return ListPage(taken, has_more=any(map(_has_more, self._streams)), reached=reached)

    def _feed(self) -> bool:
        """Read until the next model of every partition is known; False where there is none."""
        while starved := [stream for stream in self._streams if stream.is_starved]:
            if not self._requests_left:
                return False
            self._read(self._hindmost(starved))
        return any(stream.buffer for stream in self._streams)

    def _hindmost(self, streams: list[_Stream]) -> _Stream:
        """Return the stream of which the least was read, so that the budget is spent evenly.

        A stream of which nothing was read when it ends would leave no place to go on from.
        """
        unread = next((stream for stream in streams if stream.reached is None), None)
        choose = max if self._descending else min
        return unread or choose(streams, key=lambda stream: stream.reached or "")

    def _read(self, stream: _Stream) -> None:
        plan = self._plan
        page = self._table.query(
            stream.partition,
            SortRange(stream.low, stream.high, plan.sort_attribute),
            limit=self._limit,
            descending=self._descending,
            index=plan.index,
            condition=self._condition,
        )
        self._requests_left -= 1
        self._limit = min(self._limit * _FILTERED_READ_GROWTH, _READ_MAX_ITEMS)
        stream.buffer.extend(_listed(page.items, plan.sort_attribute))
        stream.reached = page.read_up_to
        if page.read_up_to is None:
            stream.exhausted = True
        elif self._descending:
            stream.high = just_before(page.read_up_to)
        else:
            stream.low = just_after(page.read_up_to)

    def _next_known(self, count: int) -> list[Listed]:
        """Take the next model, or of a single partition up to `count`, of which none can change."""
        waiting = [stream for stream in self._streams if stream.buffer]
        choose = max if self._descending else min
        buffer = choose(waiting, key=lambda stream: stream.buffer[0].position).buffer
        wanted = min(count, len(buffer)) if len(self._streams) == 1 else 1
        return [buffer.popleft() for _ in range(wanted)]

    def _frontier(self) -> str | None:
        """Return up to where every partition is known, where the budget ended the walk."""
        reached = [stream.reached or "" for stream in self._streams if not stream.exhausted]
        if not reached:
            return None
        return max(reached) if self._descending else min(reached)

    def _buffered_up_to(self, frontier: str) -> list[Listed]:
        """Take what was read of all partitions and does not come after `frontier`."""
        known: list[Listed] = []
        for stream in self._streams:
            while stream.buffer and not self._is_beyond(stream.buffer[0].position, frontier):
                known.append(stream.buffer.popleft())
        return sorted(known, key=lambda listed: listed.position, reverse=self._descending)

    def _is_beyond(self, position: str, frontier: str) -> bool:
        return position < frontier if self._descending else position > frontier


def _has_more(stream: _Stream) -> bool:
    return bool(stream.buffer) or not stream.exhausted


def _bounds(plan: Plan, window: Window) -> tuple[str, str]:
    below, above = (window.before, window.after)
    if not plan.descending:
        below, above = above, below
    low = max(plan.low, just_after(below)) if below else plan.low
    high = min(plan.high, just_before(above)) if above else plan.high
    return low, high


def _listed(items: Iterable[object], sort_attribute: str) -> Iterable[Listed]:
    for item in items:
        if isinstance(item, ModelItem) and item.attribute_values["SK"] == SORT_KEY:
            yield Listed(item.attribute_values[sort_attribute], item.to_record())


def _condition(predicates: Iterable[Predicate]) -> Condition | None:
    conditions = [_as_condition(predicate) for predicate in predicates]
    return reduce(and_, conditions) if conditions else None


def _as_condition(predicate: Predicate) -> Condition:
    path, value = Path(predicate.attribute), predicate.value
    match predicate.operator:
        case Operator.EQUALS:
            return path == value
        case Operator.ABOVE:
            return path > value
        case Operator.BELOW:
            return path < value
        case Operator.AT_LEAST:
            return path >= value
        case Operator.STARTS_WITH:
            return path.startswith(str(value))
        case Operator.CONTAINS:
            return path.contains(str(value))
