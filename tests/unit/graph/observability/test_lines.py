"""How a record is written."""

import json
import logging
import sys

import pytest

from graph.observability import JsonFormatter, PlainFormatter
from graph.observability.emf import Measured
from graph.observability.lines import EXCEPTION_MAX_BYTES, bounded
from graph.request_id import _current
from models.audit import AUDIT_LOGGER


def record(message: str, *args: object, name: str = "graph") -> logging.LogRecord:
    return logging.LogRecord(name, logging.INFO, __file__, 1, message, args, None)


def failed(text: str = "why") -> logging.LogRecord:
    found = record("failed")
    try:
        float(text)
    except ValueError:
        found.exc_info = sys.exc_info()
    return found


class TestJsonFormatter:
    """JsonFormatter."""

    def test_writes_one_line(self) -> None:
        text = JsonFormatter().format(record('two\n"%s"', "lines"))
        assert "\n" not in text
        line = json.loads(text)
        assert line.pop("time").endswith("+00:00")
        assert line == {"level": "INFO", "logger": "graph", "message": 'two\n"lines"'}

    def test_writes_the_traceback(self) -> None:
        line = json.loads(JsonFormatter().format(failed()))
        assert "ValueError: could not convert" in line["exception"]
        assert "test_lines.py" in line["exception"]

    def test_writes_both_ends_of_a_long_traceback(self) -> None:
        text = JsonFormatter().format(failed("first" + "-" * 1_000_000 + "last"))
        assert len(text) < EXCEPTION_MAX_BYTES + 1_000
        exception = json.loads(text)["exception"]
        assert exception.startswith("Traceback (most recent call last):\n")
        assert "ValueError: could not convert string to float: 'first---" in exception
        assert exception.endswith("---last'")

    def test_writes_the_audit_as_fields(self) -> None:
        found = record('{"audit": {"version": 7}}', name=AUDIT_LOGGER)
        line = json.loads(JsonFormatter().format(found))
        assert line["audit"] == {"version": 7}
        assert "message" not in line

    def test_names_the_request_that_is_being_answered(self) -> None:
        token = _current.set("JKJa=")
        try:
            line = json.loads(JsonFormatter().format(record("a")))
        finally:
            _current.reset(token)
        assert line["requestId"] == "JKJa="
        assert "requestId" not in json.loads(JsonFormatter().format(record("a")))

    def test_writes_fields_and_metrics(self) -> None:
        found = record("a")
        found.fields, found.measured = {"status": 200}, Measured({"Requests": 1}, {"Stage": "x"})
        line = json.loads(JsonFormatter().format(found))
        assert (line["status"], line["Requests"], line["Stage"]) == (200, 1, "x")
        assert line["_aws"]["Timestamp"] == int(found.created * 1_000)


class TestBounded:
    """bounded."""

    def test_leaves_what_is_short(self) -> None:
        text = "a" * (EXCEPTION_MAX_BYTES - 2)  # and two quotation marks
        assert bounded(text) == text

    @pytest.mark.parametrize("character", ["a", "\n", "\x00", "\u00e9", "\U0001f600"])
    def test_keeps_to_the_limit_and_uses_most_of_it(self, character: str) -> None:
        text = f"head{character * 100_000}tail"
        told = bounded(text)
        assert EXCEPTION_MAX_BYTES * 0.85 < len(json.dumps(told)) <= EXCEPTION_MAX_BYTES
        assert (told[:5], told[-5:]) == (f"head{character}", f"{character}tail")

    def test_says_how_much_is_left_out(self) -> None:
        text = "".join(str(number) for number in range(50_000))
        head, told, tail = bounded(text).split("\n")
        assert told == f"... {len(text) - len(head) - len(tail)} characters are left out ..."
        assert text.startswith(head)
        assert text.endswith(tail)


class TestPlainFormatter:
    """PlainFormatter."""

    def test_writes_words(self) -> None:
        found = record("GET /health 200")
        found.measured = Measured({"Requests": 1}, {"Stage": "x"})
        time, _, rest = PlainFormatter().format(found).partition(" ")
        assert time.count(":") == 2
        assert rest == "INFO GET /health 200"

    def test_writes_the_traceback(self) -> None:
        assert "ValueError: could not convert" in PlainFormatter().format(failed())
