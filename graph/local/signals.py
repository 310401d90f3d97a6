"""Ctrl-C and SIGTERM, treated alike."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

_STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stop_signals_interrupt() -> Iterator[Callable[[], None]]:
    """Have the stop signals raise KeyboardInterrupt, also where a shell had SIGINT ignored.

    Yields:
        A function that has them ignored from then on: nobody's impatience may keep the data
        from being saved.
    """

    def ignore() -> None:
        for number in _STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    before = {number: signal.getsignal(number) for number in _STOP_SIGNALS}
    for number in _STOP_SIGNALS:
        signal.signal(number, signal.default_int_handler)
    try:
        yield ignore
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
