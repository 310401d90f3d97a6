"""One server for one data directory."""

import fcntl
import os
from pathlib import Path
from typing import Self

from graph.local.errors import LocalError


class DirectoryLock:
    """Holds a directory for this process, as a context manager; makes it if it is not there.

    The kernel lets go of the lock when the process ends, however it ends: no stale lock is left
    by `kill -9`.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._descriptor = -1

    def __enter__(self) -> Self:
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
            self._descriptor = os.open(self._directory / "lock", flags, 0o600)
        except OSError as error:
            raise LocalError(
                f"The data directory {self._directory} cannot be used ({error.strerror}): "
                f"choose another with --state-dir."
            ) from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            owner = os.pread(self._descriptor, 20, 0).decode(errors="replace").strip()
            self.__exit__()
            raise LocalError(
                f"The data directory {self._directory} is in use by another server"
                f"{f' (process {owner})' if owner else ''}: stop that one, or choose another "
                f"directory with --state-dir."
            ) from error
        os.truncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)
