"""Logs: one JSON object a line, on standard error."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from models.audit import AUDIT_LOGGER

_LEVELS = {"0": logging.CRITICAL + 1, "1": logging.INFO, "2": logging.DEBUG}
"""The numbers of LOG_LEVEL: silent, info, debug."""


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record, its traceback included."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        if record.name == AUDIT_LOGGER:
            line.update(json.loads(record.getMessage()))
            del line["message"]
        return json.dumps(line)


def configure_logging(level: str) -> None:
    """Log from `level` on: 0, 1, 2 or a standard name. Changes are always logged."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], level=_level_of(level), force=True)
    logging.getLogger(AUDIT_LOGGER).setLevel(logging.INFO)
    for chatty in ("botocore", "pynamodb", "urllib3", "asyncio", "httpx2", "httpcore2"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


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


def _level_of(level: str) -> int:
    if level in _LEVELS:
        return _LEVELS[level]
    return logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
