"""How a command ends where a signal, a closed pipe or a full disk ends it: without a traceback."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from graph.cli import exits


@contextmanager
def told_to_the_shell() -> Iterator[None]:
    """Turn what ends a command from outside into an exit code.

    SIGPIPE stays ignored: a socket that the service closes would raise it, too.
    """
    with _sigterm_unwinds():
        try:
            yield
        except SystemExit as end:
            if isinstance(end.__context__, BrokenPipeError):  # for which Typer and Rich exit with 1
                sys.exit(exits.BROKEN_PIPE)
            raise
        except KeyboardInterrupt:
            sys.exit(exits.INTERRUPTED)
        except OSError as error:
            sys.exit(f"cannot go on: {error.strerror or error}")
        finally:
            for stream in (sys.stdout, sys.stderr):
                _let_go(stream)


@contextmanager
def _sigterm_unwinds() -> Iterator[None]:
    """Let SIGTERM raise, so that whatever is to be cleaned up is. `serve` has its own way."""
    before = signal.getsignal(signal.SIGTERM)
    if before is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(_number: int, _frame: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # timeout(1) sends it twice
    raise SystemExit(exits.TERMINATED)


def _let_go(stream: TextIO | None) -> None:
    """Have what a stream cannot write go nowhere, or Python complains of it as it ends."""
    if stream is None or stream.closed:
        return
    try:
        stream.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
