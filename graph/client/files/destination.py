"""Where a file is written: beside its target first, and under its name once it is whole."""

import filecmp
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from graph.client.errors import ClientError, UnexpectedAnswer

_PERMISSIONS: Final = 0o777


@dataclass(frozen=True, slots=True)
class Target:
    """Where a file goes.

    Attributes:
        is_named_by_service: whoever wrote the file has chosen its name, and not whoever fetches it:
            it may be that of a Makefile which is there, and replaces nothing with other bytes.
    """

    path: Path
    is_named_by_service: bool = False

    def holds(self, size: int, sha256: str) -> bool:
        """Tell whether a file with these bytes is there.

        Raises:
            ClientError: what is there is no regular file.
        """
        if _mode_of(self.path) is None or self.path.stat().st_size != size:
            return False
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256

    def require_free(self) -> None:
        """Require that what is there, if anything, may be replaced.

        Raises:
            ClientError: it is no regular file, or its name was the service's choice.
        """
        if _mode_of(self.path) is not None and self.is_named_by_service:
            raise self.taken()

    def taken(self) -> ClientError:
        """Return the error of a name under which other bytes are."""
        return ClientError(f"{self.path} is there with other bytes: give -o NAME to replace it")


def target_of(destination: Path, filename: str) -> Target:
    """Return where a file goes: into a directory under its own name, which may hold no path.

    Raises:
        UnexpectedAnswer: the name is none. The service lets no such name in; a service that is none
            of ours may.
        ClientError: the file would be hidden, or its name is not what a terminal would show.
    """
    if not destination.is_dir():
        return Target(destination)
    is_text = not any("\ud800" <= sign <= "\udfff" for sign in filename)
    if filename in {"", ".", ".."} or any(sign in filename for sign in "/\\\0") or not is_text:
        raise UnexpectedAnswer(f"the service names a file {filename!r}, which is no mere name")
    if filename.startswith(".") or not filename.isprintable():
        fault = "begins with a dot" if filename.startswith(".") else "holds unprintable characters"
        raise ClientError(f"the file's name {filename!r} {fault}: give -o NAME")
    return Target(destination / filename, is_named_by_service=True)


@contextmanager
def replacing(target: Target) -> Iterator[BinaryIO]:
    """Open a file that takes the target's place, and its mode, at the end of a block that succeeds.

    Until then, and after any failure, the target is what it was. Where the service has named it, a
    file that is there stays: nothing is amiss if it has the same bytes.

    Raises:
        ClientError: what is there is no regular file, or may not be replaced.
    """
    mode = _mode_of(target.path)
    with _unfinished(target.path.parent) as (path, output):
        if mode is not None:
            os.fchmod(output.fileno(), mode)
        yield output
        output.flush()
        os.fsync(output.fileno())
        if target.is_named_by_service:
            _appear(path, target)
        else:
            target.require_free()  # again, since the block may have taken hours
            path.replace(target.path)


def _appear(path: Path, target: Target) -> None:
    """Give a file a name that replaces nothing, as a rename would."""
    try:
        target.path.hardlink_to(path)
    except FileExistsError as error:
        _mode_of(target.path)  # what is no regular file is not read
        if not filecmp.cmp(path, target.path, shallow=False):
            raise target.taken() from error
    except OSError:  # a file system that has no links
        target.require_free()
        path.replace(target.path)


def _mode_of(target: Path) -> int | None:
    """Return the permissions of a file that will be replaced, or None where there is none.

    Raises:
        ClientError: what is there is no regular file. To replace a device, a pipe or a link would
            destroy it, and to write through a link would write where nobody looked.
    """
    try:
        mode = target.lstat().st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(mode):
        raise ClientError(f"{target} is there and is no regular file: give another destination")
    return stat.S_IMODE(mode) & _PERMISSIONS


@contextmanager
def _unfinished(directory: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """Open a file of its own name beside the target; whatever happens, it does not stay."""
    path = directory / f".ml-evaluator-{secrets.token_hex(8)}.part"
    try:
        with path.open("x+b") as output:
            yield path, output
    finally:
        path.unlink(missing_ok=True)
