"""Logs, one JSON object a line."""

import json
import logging
from collections.abc import Iterator

import pytest

from graph.observability import JsonFormatter, configure_logging
from models.audit import AUDIT_LOGGER, log_change
from models.records import ChangeAction, ChangeRecord
from models.timestamps import Timestamp

CHATTY = ("botocore", "pynamodb", "urllib3", "asyncio")
CHANGE = ChangeRecord(
    model_id="id",
    version=7,
    action=ChangeAction.UPDATE,
    timestamp=Timestamp("2026-11-23T10:15:30.123456Z"),
    changed_by="ada",
    authenticated_as="ada",
    reason=None,
    changes="[]",
    snapshot_sha256="",
    previous_hash=None,
    hash="abc",
)


@pytest.fixture
def _restored() -> Iterator[None]:
    """Undo what configure_logging does to the whole process."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in (AUDIT_LOGGER, *CHATTY)}
    for handler in handlers:
        root.removeHandler(handler)  # else configure_logging would close pytest's own
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, former in levels.items():
        logging.getLogger(name).setLevel(former)


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


class TestJsonFormatter:
    """JsonFormatter."""

    def record(self, message: str, *args: object, name: str = "graph") -> logging.LogRecord:
        return logging.LogRecord(name, logging.INFO, __file__, 1, message, args, None)

    def test_writes_one_line(self) -> None:
        text = JsonFormatter().format(self.record('two\n"%s"', "lines"))
        assert "\n" not in text
        line = json.loads(text)
        assert line.pop("time").endswith("+00:00")
        assert line == {"level": "INFO", "logger": "graph", "message": 'two\n"lines"'}

    def test_writes_the_traceback(self) -> None:
        record = self.record("failed")
        with pytest.raises(RuntimeError) as caught:
            raise RuntimeError("why")
        record.exc_info = (caught.type, caught.value, caught.tb)
        line = json.loads(JsonFormatter().format(record))
        assert "RuntimeError: why" in line["exception"]
        assert "test_observability.py" in line["exception"]

    def test_writes_the_audit_as_fields(self) -> None:
        record = self.record('{"audit": {"version": 7}}', name=AUDIT_LOGGER)
        line = json.loads(JsonFormatter().format(record))
        assert line["audit"] == {"version": 7}
        assert "message" not in line


@pytest.mark.usefixtures("_restored")
class TestConfigureLogging:
    """configure_logging()."""

    @pytest.mark.parametrize(
        ("level", "expected"),
        [
            ("0", []),
            ("1", ["INFO", "ERROR"]),
            ("2", ["DEBUG", "INFO", "ERROR"]),
            ("error", ["ERROR"]),
            ("DEBUG", ["DEBUG", "INFO", "ERROR"]),
            ("nonsense", ["INFO", "ERROR"]),
        ],
    )
    def test_logs_from_the_level_on(
        self, level: str, expected: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        configure_logging(level)
        logger = logging.getLogger("graph.test")
        logger.debug("a")
        logger.info("b")
        logger.error("c")
        assert [line["level"] for line in lines(capsys.readouterr().err)] == expected

    @pytest.mark.parametrize("level", ["0", "1", "ERROR", "CRITICAL"])
    def test_always_logs_changes(self, level: str, capsys: pytest.CaptureFixture[str]) -> None:
        configure_logging(level)
        log_change(CHANGE)
        (line,) = lines(capsys.readouterr().err)
        assert line["audit"] == {"model": "id", "version": 7, "hash": "abc"}

    @pytest.mark.parametrize("name", CHATTY)
    def test_keeps_libraries_quiet(self, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        configure_logging("2")
        logging.getLogger(name).info("a")
        logging.getLogger(name).warning("b")
        assert [line["level"] for line in lines(capsys.readouterr().err)] == ["WARNING"]
