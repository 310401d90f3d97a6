"""How a function starts quickly: nothing here is needed for it to start at all."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from graph.start.methods import compiled_methods

__all__ = ["quick_start"]


@contextmanager
def quick_start() -> Iterator[None]:
    """Import and build, inside the block, what lasts as long as the process.

    Nothing of it is garbage: it is not searched for any meanwhile, and frozen at the end, so that
    no later collection looks at it either.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        with compiled_methods():
            yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
