"""How a record is written: as JSON for CloudWatch, or in words for a terminal."""

import json
import logging
from datetime import UTC, datetime

from graph.observability.emf import Measured
from graph.request_id import current_request_id
from models.audit import AUDIT_LOGGER

EXCEPTION_MAX_BYTES = 64 * 1024
"""Of a traceback, as written. CloudWatch cuts events over 256 KB, and half a line is no JSON."""


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON, with its fields and its metrics."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record, its traceback included."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
        }
        if request_id := current_request_id():
            line["requestId"] = request_id
        if record.name == AUDIT_LOGGER:
            line.update(json.loads(record.getMessage()))
        else:
            line["message"] = record.getMessage()
        line.update(getattr(record, "fields", {}))
        if record.exc_info:
            line["exception"] = bounded(self.formatException(record.exc_info))
        measured: Measured | None = getattr(record, "measured", None)
        if measured:
            line.update(measured.document(record.created))
        return json.dumps(line)


def bounded(text: str) -> str:
    """Return a text that takes EXCEPTION_MAX_BYTES in JSON at most: of a longer one, both ends.

    A traceback begins with where it all started, and ends with what was raised.
    """
    told, kept = text, min(len(text), EXCEPTION_MAX_BYTES)
    while len(json.dumps(told)) > EXCEPTION_MAX_BYTES:
        kept -= kept // 8  # a character takes 1 to 12 bytes
        half = kept // 2
        left_out = len(text) - 2 * half
        told = f"{text[:half]}\n... {left_out} characters are left out ...\n{text[-half:]}"
    return told


class PlainFormatter(logging.Formatter):
    """Writes a record as a person at a terminal reads it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", datefmt="%H:%M:%S")
