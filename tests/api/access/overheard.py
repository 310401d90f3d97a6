"""Everything that is logged or told as an error, and the search for secrets in it."""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from graph.observability import JsonFormatter, configure_logging
from models.settings import Settings
from tests.api.doors import Call, Door, Reply

TELLTALES = [
    *(r"mle_[0-9a-f]{32}_", r"eyJ[\w-]+\.[\w-]*\.", r"[Bb]earer [\w-]{8}"),
    *(r"X-Amz-Signature", r"X-Amz-Credential", r"AWS4-HMAC-SHA256", r"[Ss]ignature=[0-9a-f]{16}"),
]
"""What every secret of a kind looks like."""


class Listening:
    """A door that remembers every answer with an error."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self.errors: list[str] = []

    def send(self, call: Call) -> Reply:
        """Send one request."""
        reply = self._door.send(call)
        if "errors" in reply.json:
            told = {"errors": reply.json["errors"], "headers": reply.headers}
            self.errors.append(json.dumps(told))
        return reply


class Overhearing(logging.Handler):
    """Keeps every line that is logged, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.setFormatter(JsonFormatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record: what it says, and what it carries along."""
        self.lines += [self.format(record), repr(record.__dict__)]


@contextmanager
def overheard() -> Iterator[list[str]]:
    """Log as a deployment does with LOG_LEVEL=2, and give all that is logged."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {logger: logger.level for logger in loggers()}
    root.handlers[:] = []
    configure_logging(Settings(log_level="2"))
    handler = Overhearing()
    root.addHandler(handler)
    try:
        yield handler.lines
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for logger in loggers():
            logger.setLevel(levels.get(logger, logging.NOTSET))


def loggers() -> list[logging.Logger]:
    """Return every logger that there is, the root apart."""
    known = logging.getLogger().manager.loggerDict.values()
    return [found for found in known if isinstance(found, logging.Logger)]


def leaks(texts: list[str], secrets: set[str]) -> list[str]:
    """Return the texts that hold a secret, or what looks like one."""
    pattern = re.compile("|".join([*map(re.escape, secrets), *TELLTALES]))
    return [text for text in texts if pattern.search(text)]
