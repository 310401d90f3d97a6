"""Which lines are written, and where: those of a function on Lambda, and those of a terminal."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from graph.observability.lines import JsonFormatter, PlainFormatter
from graph.observability.loggers import ALWAYS_LOGGED, NOT_FOR_PEOPLE, OURS
from graph.observability.sampling import is_sampled
from models.settings import Settings

SILENT = logging.CRITICAL + 1
_LEVELS = {"0": SILENT, "1": logging.INFO, "2": logging.DEBUG}
"""The numbers of LOG_LEVEL."""
_TERMINAL_LEVELS = _LEVELS | {"1": logging.WARNING}
"""At a terminal, 1 is quiet while all is well."""


def configure_logging(settings: Settings) -> None:
    """Log as JSON on standard error, in place of whatever handlers there are.

    Libraries are heard from WARNING on, whatever is asked for: below, botocore and urllib3 log
    signatures and bodies.
    """
    level = _level_of(settings.log_level, _LEVELS)
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    handler.addFilter(_From(level))
    lowest = logging.DEBUG if settings.log_sample_rate else level
    logging.basicConfig(handlers=[handler], level=max(lowest, logging.WARNING), force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(lowest)
    for name in ALWAYS_LOGGED:
        logging.getLogger(name).setLevel(logging.INFO)


@contextmanager
def terminal_logging(log_level: str) -> Iterator[None]:
    """Log in words on standard error, while the block lasts."""
    level = _level_of(log_level, _TERMINAL_LEVELS)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlainFormatter())
    handler.setLevel(level)
    handler.addFilter(lambda record: record.name not in NOT_FOR_PEOPLE)
    root = logging.getLogger()
    former = {name: logging.getLogger(name).level for name in OURS}
    root.addHandler(handler)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    try:
        yield
    finally:
        root.removeHandler(handler)
        for name, former_level in former.items():
            logging.getLogger(name).setLevel(former_level)


class _From(logging.Filter):
    """Lets pass what is logged from a level on, by a request that was drawn, or always."""

    def __init__(self, level: int) -> None:
        super().__init__()
        self._level = level

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is written."""
        return record.levelno >= self._level or record.name in ALWAYS_LOGGED or is_sampled()


def _level_of(log_level: str, numbers: dict[str, int]) -> int:
    if log_level in numbers:
        return numbers[log_level]
    return logging.getLevelNamesMapping().get(log_level.upper(), numbers["1"])
