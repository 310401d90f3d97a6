"""Which lines are written."""

import json
import logging
from typing import Any

import pytest

from graph.observability import configure_logging, terminal_logging
from graph.observability.loggers import ERROR_LOGGER, EVALUATION_LOGGER, REQUEST_LOGGER
from graph.observability.sampling import sampled
from models.audit import AUDIT_LOGGER, log_change
from models.records import ChangeAction, ChangeRecord
from models.settings import Settings
from models.timestamps import Timestamp

LIBRARIES = ("botocore", "pynamodb", "urllib3", "asyncio", "mangum.http", "any.library")
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


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def log_each_level(name: str = "graph.test") -> None:
    logger = logging.getLogger(name)
    logger.debug("a")
    logger.info("b")
    logger.warning("c")
    logger.error("d")


@pytest.mark.usefixtures("_restored")
class TestConfigureLogging:
    """configure_logging()."""

    @pytest.mark.parametrize(
        ("level", "expected"),
        [
            ("0", []),
            ("1", ["INFO", "WARNING", "ERROR"]),
            ("2", ["DEBUG", "INFO", "WARNING", "ERROR"]),
            ("error", ["ERROR"]),
            ("DEBUG", ["DEBUG", "INFO", "WARNING", "ERROR"]),
            ("nonsense", ["INFO", "WARNING", "ERROR"]),
        ],
    )
    @pytest.mark.parametrize("rate", [0, 0.5])
    def test_logs_from_the_level_on(
        self, level: str, expected: list[str], rate: float, capsys: pytest.CaptureFixture[str]
    ) -> None:
        configure_logging(Settings(log_level=level, log_sample_rate=rate))
        log_each_level()
        assert [line["level"] for line in written(capsys)] == expected

    def test_logs_what_was_drawn_from_debug_on(self, capsys: pytest.CaptureFixture[str]) -> None:
        configure_logging(Settings(log_level="ERROR", log_sample_rate=0.5))
        with sampled(is_drawn=True):
            log_each_level("models.test")
        with sampled(is_drawn=False):
            log_each_level("models.test")
        levels = [line["level"] for line in written(capsys)]
        assert levels == ["DEBUG", "INFO", "WARNING", "ERROR", "ERROR"]

    @pytest.mark.parametrize("level", ["0", "1", "ERROR", "CRITICAL"])
    def test_always_logs_changes(self, level: str, capsys: pytest.CaptureFixture[str]) -> None:
        configure_logging(Settings(log_level=level))
        log_change(CHANGE)
        (line,) = written(capsys)
        assert line["audit"] == {"model": "id", "version": 7, "hash": "abc"}

    @pytest.mark.parametrize("name", [REQUEST_LOGGER, ERROR_LOGGER, EVALUATION_LOGGER])
    def test_always_logs_what_is_counted(
        self, name: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        configure_logging(Settings(log_level="0"))
        logging.getLogger(name).info("a")
        assert len(written(capsys)) == 1

    @pytest.mark.parametrize("name", LIBRARIES)
    @pytest.mark.parametrize("rate", [0, 1])
    def test_keeps_libraries_quiet(
        self, name: str, rate: float, capsys: pytest.CaptureFixture[str]
    ) -> None:
        configure_logging(Settings(log_level="2", log_sample_rate=rate))
        with sampled(is_drawn=True):
            log_each_level(name)
        assert [line["level"] for line in written(capsys)] == ["WARNING", "ERROR"]

    def test_replaces_the_handler_of_lambdas_runtime(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        logging.getLogger().addHandler(logging.StreamHandler())
        configure_logging(Settings())
        logging.getLogger("graph.test").info("a")
        assert len(written(capsys)) == 1


@pytest.mark.usefixtures("_restored")
class TestTerminalLogging:
    """terminal_logging()."""

    @pytest.mark.parametrize(
        ("level", "expected"),
        [
            ("0", []),
            ("1", ["WARNING", "ERROR"]),
            ("2", ["DEBUG", "INFO", "WARNING", "ERROR"]),
            ("info", ["INFO", "WARNING", "ERROR"]),
            ("nonsense", ["WARNING", "ERROR"]),
        ],
    )
    def test_writes_words_from_the_level_on(
        self, level: str, expected: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        with terminal_logging(level):
            log_each_level()
        assert [line.split()[1] for line in capsys.readouterr().err.splitlines()] == expected

    @pytest.mark.parametrize(("level", "expected"), [("1", 0), ("2", 1), ("INFO", 1)])
    def test_tells_of_requests_where_asked_to(
        self, level: str, expected: int, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with terminal_logging(level):
            logging.getLogger(REQUEST_LOGGER).info("GET /health 200")
        assert len(capsys.readouterr().err.splitlines()) == expected

    @pytest.mark.parametrize("name", [AUDIT_LOGGER, ERROR_LOGGER])
    def test_spares_a_terminal_what_is_for_others(
        self, name: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with terminal_logging("2"):
            logging.getLogger(name).info("a")
        assert capsys.readouterr().err == ""

    def test_leaves_nothing_behind(self) -> None:
        root = logging.getLogger()
        former = [*root.handlers], root.level, logging.getLogger("graph").level
        with terminal_logging("2"):
            pass
        assert ([*root.handlers], root.level, logging.getLogger("graph").level) == former
