"""What is told of one request."""

import json

import pytest

from graph.observability.facts import (
    OPERATION_NAME_MAX_CHARACTERS,
    TEXT_MAX_CHARACTERS,
    RequestFacts,
    bounded,
)


class TestOperation:
    """note_operation()."""

    @pytest.mark.parametrize("name", ["A", "_a1", "x" * OPERATION_NAME_MAX_CHARACTERS])
    def test_takes_names(self, name: str) -> None:
        facts = RequestFacts()
        facts.note_operation(name)
        assert facts.operation_name == name

    @pytest.mark.parametrize(
        "name",
        [None, "", "1a", "a b", "a\n", "ä", "\ud800", "x" * (OPERATION_NAME_MAX_CHARACTERS + 1)],
    )
    def test_takes_nothing_else(self, name: str | None) -> None:
        facts = RequestFacts()
        facts.note_operation(name)
        assert facts.operation_name is None


def test_each_code_is_noted_once() -> None:
    facts, codes = RequestFacts(), ["THROTTLED", "FORBIDDEN", "THROTTLED"]
    facts.note_answer({"errors": [{"extensions": {"code": code}} for code in codes]}, 7)
    assert (facts.error_codes, facts.complexity) == (["THROTTLED", "FORBIDDEN"], 7)


class TestBounded:
    """bounded()."""

    @pytest.mark.parametrize("text", ["", "/graphql", "/ä/字", "x" * TEXT_MAX_CHARACTERS])
    def test_leaves_text_alone(self, text: str) -> None:
        assert bounded(text) == text

    @pytest.mark.parametrize("text", ["\n", "\x1b[2J", "\u202e", "\u2028", "\ud800", "\0"])
    def test_lets_no_control_character_pass(self, text: str) -> None:
        shown = bounded(f"/{text}")
        assert shown.isprintable()
        assert json.loads(json.dumps(shown)).encode()

    def test_cuts_what_is_long(self) -> None:
        assert bounded("x" * 100_000) == "x" * TEXT_MAX_CHARACTERS + "…"
