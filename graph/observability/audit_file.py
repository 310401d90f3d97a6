"""A file with the line of every change."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.observability.lines import JsonFormatter
from models.audit import AUDIT_LOGGER


@contextmanager
def audit_file(path: Path) -> Iterator[None]:
    """Append the line of every change to a file, while the block lasts.

    Raises:
        OSError: the file cannot be opened.
    """
    path.touch(mode=0o600)
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger(AUDIT_LOGGER)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)
        handler.close()
