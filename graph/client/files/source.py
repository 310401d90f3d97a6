"""A file on this machine: hashed once, read in pieces, and watched for changes."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from graph.client.errors import FileChanged
from graph.client.files.plan import part_size_for
from models.artifacts.parts import MIB

PIECE_BYTES = MIB


@dataclass(frozen=True, slots=True)
class Digests:
    """What a file was when it was hashed.

    Attributes:
        part_size: None where it goes in one piece; then there are no digests of parts.
    """

    size: int
    sha256: str
    part_size: int | None = None
    part_sha256: tuple[str, ...] = ()


def require_plan(path: Path, part_size: int | None) -> None:
    """Require that a file can be sent, as far as can be told without opening it.

    Raises:
        ValueError: it is no regular file, is too large, or no part has that size.
    """
    status = path.stat()
    _require_regular(path, status)
    part_size_for(status.st_size, part_size)


class Source:
    """A file that is open for as long as it is sent.

    It stays the same file when another one takes its name. Several threads may read it.

    Args:
        part_size: see `graph.client.files.plan.part_size_for`.

    Raises:
        ValueError: it is no regular file, is too large, or no part has that size.
    """

    def __init__(self, path: Path, part_size: int | None) -> None:
        require_plan(path, part_size)
        self._path = path
        # Whatever took its place since: to open a pipe would wait for somebody who writes.
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            _require_regular(path, os.fstat(self._descriptor))
            self._stamp = self._look()
            self.digests = self._hash(part_size)
        except BaseException:
            os.close(self._descriptor)
            raise

    def __enter__(self) -> Self:
        """Return the file itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        os.close(self._descriptor)

    def pieces(self, offset: int, size: int) -> Iterator[bytes]:
        """Yield a part of the file, 1 MiB at a time.

        Raises:
            FileChanged: it is shorter by now, or was written to.
        """
        while size:
            self.require_unchanged()
            piece = os.pread(self._descriptor, min(size, PIECE_BYTES), offset)
            if not piece:
                raise self._changed()
            yield piece
            offset += len(piece)
            size -= len(piece)

    def require_unchanged(self) -> None:
        """Compare size and time of the last write with those before it was hashed.

        Raises:
            FileChanged: they are others.
        """
        if self._look() != self._stamp:
            raise self._changed()

    def _hash(self, wanted: int | None) -> Digests:
        """Read the file once, for its own digest and for those of its parts."""
        size = self._stamp[0]
        part_size = part_size_for(size, wanted)
        whole, parts = hashlib.sha256(), []
        for offset in range(0, size, part_size or max(size, 1)):
            part = hashlib.sha256()
            for piece in self.pieces(offset, min(part_size or size, size - offset)):
                whole.update(piece)
                if part_size:
                    part.update(piece)
            parts.append(part.hexdigest())
        self.require_unchanged()
        return Digests(size, whole.hexdigest(), part_size, tuple(parts) if part_size else ())

    def _look(self) -> tuple[int, int]:
        status = os.fstat(self._descriptor)
        return status.st_size, status.st_mtime_ns

    def _changed(self) -> FileChanged:
        return FileChanged(f"{self._path} was altered while it was being sent: push it again")


def _require_regular(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise ValueError(f"{path} is no regular file")
