"""What configuring logs does to the whole process, undone after each test."""

import logging
from collections.abc import Iterator

import pytest

from tests.api.access.overheard import loggers


@pytest.fixture
def _restored() -> Iterator[None]:
    """Undo what configure_logging does."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {logger: logger.level for logger in loggers()}
    for handler in handlers:
        root.removeHandler(handler)  # else configure_logging would close pytest's own
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for logger in loggers():
        logger.setLevel(levels.get(logger, logging.NOTSET))
