"""Where a file is written: beside its target first, and under its name once it is whole."""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from graph.client.errors import ClientError, UnexpectedAnswer

_PERMISSIONS: Final = 0o777


def target_of(destination: Path, filename: str) -> Path:
    """Return where a file goes: into a directory under its own name, which may hold no path.

    The service lets no such name in. A service that is none of ours may.
    """
    if not destination.is_dir():
        return destination
    is_text = not any("\ud800" <= sign <= "\udfff" for sign in filename)
    if filename in {"", ".", ".."} or any(sign in filename for sign in "/\\\0") or not is_text:
        raise UnexpectedAnswer(f"the service names a file {filename!r}, which is no mere name")
    return destination / filename


@contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the target's place, and its mode, at the end of a block that succeeds.

    Until then, and after any failure, the target is what it was.

    Raises:
        ClientError: what is there is no regular file.
    """
    mode = _mode_of(target)
    with _unfinished(target.parent) as (path, output):
        if mode is not None:
            os.fchmod(output.fileno(), mode)
        yield output
        output.flush()
        os.fsync(output.fileno())
        _mode_of(target)  # again, since the block may have taken hours
        path.replace(target)


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
