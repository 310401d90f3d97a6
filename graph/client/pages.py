"""Walking a connection by its cursors, in pages that become smaller where their items are large."""

from collections.abc import Callable, Iterator
from functools import partial

from graph.client.answer import Answer, listed, member
from graph.client.errors import ApiError, UnexpectedAnswer

PAGE_MAX_ITEMS = 100
_TOO_LARGE = frozenset({"RESPONSE_TOO_LARGE", "QUERY_TOO_COMPLEX"})


def items(read: Callable[[int, str | None], Answer], page_size: int) -> Iterator[Answer]:
    """Yield the nodes of a connection, page by page.

    Args:
        read: returns the page with so many items after a cursor.

    Raises:
        UnexpectedAnswer: the cursors lead nowhere, or in a circle.
    """
    if not 1 <= page_size <= PAGE_MAX_ITEMS:
        raise ValueError(f"page_size must be 1 to {PAGE_MAX_ITEMS}")
    after: str | None = None
    seen: set[str] = set()
    while True:
        page, page_size = page_that_fits(partial(_read_at, read, after), page_size)
        yield from listed(page, "nodes")
        if (after := _next(member(page, "pageInfo"))) is None:
            return
        if after in seen:
            raise UnexpectedAnswer("the list leads in a circle: a cursor came twice")
        seen.add(after)


def page_that_fits(read: Callable[[int], Answer], size: int) -> tuple[Answer, int]:
    """Return a page, and its size: half of it each time that the service finds it too large."""
    while True:
        try:
            return read(size), size
        except ApiError as error:
            if error.code not in _TOO_LARGE or size == 1:
                raise
        size //= 2


def _next(info: Answer) -> str | None:
    """Return where the next page begins, or None after the last one."""
    more, cursor = info.get("hasNextPage"), info.get("endCursor")
    if more is False:
        return None
    if more is not True or not isinstance(cursor, str):
        raise UnexpectedAnswer("the list goes on, but its answer does not tell where")
    return cursor


def _read_at(read: Callable[[int, str | None], Answer], after: str | None, size: int) -> Answer:
    return read(size, after)
