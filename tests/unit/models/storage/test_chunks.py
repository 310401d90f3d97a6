"""Reading an object on where the connection broke."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import IncompleteReadError, ReadTimeoutError

from models.errors import Throttled
from models.storage.object_store import READ_ATTEMPTS, ObjectStore

BROKEN = (
    ReadTimeoutError(endpoint_url="s3"),
    IncompleteReadError(actual_bytes=1, expected_bytes=2),
)


class Body:
    """An answer that breaks off after some bytes, or does not."""

    def __init__(self, content: bytes, error: Exception | None) -> None:
        self._content = content
        self._error = error
        self.is_closed = False

    def iter_chunks(self, _size: int) -> Iterator[bytes]:
        if self._content:
            yield self._content
        if self._error:
            raise self._error

    def close(self) -> None:
        self.is_closed = True


class BreakingS3:
    """Sends so many bytes with each answer, and breaks it off unless it holds the rest."""

    def __init__(self, content: bytes, error: Exception, *sends: int) -> None:
        self._content = content
        self._error = error
        self._sends = list(sends)
        self.ranges: list[str | None] = []
        self.bodies: list[Body] = []

    def get_object(self, **request: str) -> dict[str, Any]:
        asked = request.get("Range")
        self.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
        end = start + self._sends.pop(0)
        body = Body(self._content[start:end], None if end >= len(self._content) else self._error)
        self.bodies.append(body)
        return {"Body": body}


@pytest.mark.parametrize("error", BROKEN, ids=lambda error: type(error).__name__)
class TestChunks:
    def test_go_on_where_the_connection_broke(self, error: Exception) -> None:
        s3 = BreakingS3(b"abcdef", error, 2, 0, 3, 1)
        store = ObjectStore(lambda: s3, "bucket")
        assert b"".join(store.chunks("key", "1")) == b"abcdef"
        assert s3.ranges == [None, "bytes=2-", "bytes=2-", "bytes=5-"]
        assert all(body.is_closed for body in s3.bodies)

    def test_give_up_where_it_gets_no_further(self, error: Exception) -> None:
        s3 = BreakingS3(b"abcdef", error, 2, *[0] * (READ_ATTEMPTS - 1))
        store = ObjectStore(lambda: s3, "bucket")
        with pytest.raises(Throttled):
            list(store.chunks("key", "1"))
        assert len(s3.ranges) == READ_ATTEMPTS
