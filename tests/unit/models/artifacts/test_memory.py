"""Hashing an object again takes constant memory.

Measured on the arrival itself, since the local server's process holds the objects of the
embedded S3 as well: its peak would tell of those.
"""

import tracemalloc
from collections.abc import Iterator
from typing import cast

import pytest

from models.artifacts.arrival import Arrival
from models.artifacts.parts import GIB, MIB
from models.artifacts.record import ArtifactStatus
from models.entities import ArtifactItem
from models.errors import Refusal
from models.history.chain import Attribution
from models.storage.object_store import ObjectStore
from models.table import Table
from models.timestamps import now
from models.transaction import Put, Write
from tests.unit.models.artifacts.artifacts import a_file

PEAK_MAX_BYTES = 16 * MIB
ZEROS_SHA256 = "49bc20df15e412a64472421e13fe86ff1c5165e18b2afccf160d4dc19fe68a14"
"""Of 1 GiB of zeros: `head -c 1G /dev/zero | sha256sum`."""


class LargeObject:
    """An S3 with one object of 1 GiB, made as it is read."""

    @staticmethod
    def chunks(_key: str, _version: str) -> Iterator[bytes]:
        for _ in range(GIB // MIB):
            yield bytes(MIB)


class Notebook:
    """A table that takes note of what is written."""

    def __init__(self) -> None:
        self.written: list[Write] = []

    def transact(self, writes: list[Write]) -> None:
        self.written += writes


class TestRehash:
    """One pass over 1 GiB."""

    def test_takes_constant_memory_and_finds_the_digest(self) -> None:
        table = Notebook()
        store = cast("ObjectStore", LargeObject())
        arrival = Arrival(cast("Table", table), store, now)
        file = a_file(size_bytes=GIB, status=ArtifactStatus.VERIFYING, part_size_bytes=5 * MIB)
        tracemalloc.start()
        try:
            with pytest.raises(Refusal, match=ZEROS_SHA256):
                arrival.rehash(file, Attribution("user:ann", "user:ann"))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < PEAK_MAX_BYTES
        (write,) = table.written
        assert isinstance(write, Put)
        assert isinstance(write.item, ArtifactItem)
        assert write.item.status == "REJECTED"
