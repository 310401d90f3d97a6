"""How a command ends where a signal, a closed pipe or a full disk ends it: without a traceback."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

from graph.cli import exits

_CODES: Final = {signal.SIGHUP: exits.HUNG_UP, signal.SIGTERM: exits.TERMINATED}


@contextmanager
def told_to_the_shell() -> Iterator[None]:
    """Turn what ends a command from outside into an exit code.

    SIGPIPE stays ignored: a socket that the service closes would raise it, too.
    """
    with _signals_unwind():
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
def _signals_unwind() -> Iterator[None]:
    """Let signals raise that would kill, so that whatever is to be cleaned up is.

    One that somebody has settled stays so: nohup(1) has SIGHUP ignored, and `serve` has its own way
    with SIGTERM.
    """
    ours = [number for number in _CODES if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, _frame: object) -> None:
    for one in _CODES:  # timeout(1) sends SIGTERM twice, and a terminal and its shell SIGHUP
        signal.signal(one, signal.SIG_IGN)
    raise SystemExit(_CODES[signal.Signals(number)])


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
