"""What commands print: nothing that a terminal obeys, and the API's own names."""

import json
import math
import unicodedata
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.cli.output import api_value, plain, print_json, print_rows


class Kind(Enum):
    """One of a few."""

    A = "a"


@dataclass(frozen=True)
class Thing:
    some_field: Any
    kind: Kind = Kind.A


@dataclass(frozen=True)
class Nested:
    model_id: str | None = field(metadata={"api": "model.uuid"})
    method: str | None = field(metadata={"api": "check.method"})
    checked_at: str | None = field(metadata={"api": "check.at"})


class TestPlain:
    @pytest.mark.parametrize(
        ("value", "written"),
        [
            (None, "-"),
            ("", ""),
            ("a b", "a b"),
            ("\x1b[2J\x07", "\\x1b[2J\\x07"),
            ("a\tb\nc", "a\\tb\\nc"),
            ("\u202etxt", "\\u202etxt"),
            ("模型", "模型"),
            ("\ud800", "\\ud800"),
            (0.5, "0.5"),
            (1.0, "1"),
            (7, "7"),
            (True, "true"),
            (("a", "b"), "a, b"),
            ({"a": [1, None]}, '{"a": [1, null]}'),
            ("[bold]x[/bold]", "[bold]x[/bold]"),
        ],
    )
    def test_is_one_line_that_says_what_is_there(self, value: object, written: str) -> None:
        assert plain(value) == written

    @given(st.text())
    def test_has_nothing_that_a_terminal_obeys(self, text: str) -> None:
        kinds = {unicodedata.category(character) for character in plain(text)}
        assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}


class TestApiValue:
    def test_has_the_apis_names_and_leaves_metadata_as_it_is(self) -> None:
        value = Thing(({"some_key": 1}, Thing(None)))
        assert api_value(value) == {
            "someField": [{"some_key": 1}, {"someField": None, "kind": "a"}],
            "kind": "a",
        }

    def test_what_the_api_has_inside_of_another_object_is_there(self) -> None:
        assert api_value(Nested("m", None, None)) == {"model": {"uuid": "m"}, "check": None}
        assert api_value(Nested(None, "HOW", None)) == {
            "model": None,
            "check": {"method": "HOW", "at": None},
        }


class TestPrintJson:
    @given(st.text())
    def test_is_the_same_value_with_nothing_that_a_terminal_obeys(self, text: str) -> None:
        with pytest.MonkeyPatch.context() as patch:
            shown: list[str] = []
            patch.setattr("typer.echo", shown.append)
            print_json({"a": text})
        assert json.loads(shown[0]) == {"a": text}
        assert all(sign.isprintable() or sign == "\n" for sign in shown[0])

    @pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
    def test_never_writes_what_json_lacks(self, number: float) -> None:
        with pytest.raises(ValueError, match="JSON"):
            print_json(Thing(number))


class TestTable:
    """print_rows at a terminal."""

    @pytest.mark.parametrize("name", ["x" * 40, "模" * 20])
    def test_no_word_is_cut_however_wide_its_characters(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.setattr("sys.stdout.isatty", lambda: True)
        monkeypatch.setenv("COLUMNS", "10")
        print_rows(("ID", "NAME"), [("1", name)])
        assert name in capsys.readouterr().out
