"""What is told of one request, written down while it is answered."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.types import Scope

from models.metering import CostMeter

OPERATION_NAME_MAX_CHARACTERS = 100
"""A longer one is left out: cut, it would be another one's name."""
TEXT_MAX_CHARACTERS = 200
"""Of a path or a subject; the rest is cut off."""
_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")


@dataclass(slots=True)
class RequestFacts:
    """What is known of one request so far.

    Attributes:
        operation_name: the one that the client asked for, if it is a name of GraphQL's.
        subject: of the caller; None until one was let in.
        complexity: what the query asked for, in nodes.
        error_codes: of the answer, each once.
    """

    meter: CostMeter = field(default_factory=CostMeter)
    operation_name: str | None = None
    subject: str | None = None
    complexity: int = 0
    error_codes: list[str] = field(default_factory=list)

    def note_operation(self, name: str | None) -> None:
        """Take down which operation the client asked for."""
        if name and len(name) <= OPERATION_NAME_MAX_CHARACTERS and _NAME.fullmatch(name):
            self.operation_name = name

    def note_answer(self, body: dict[str, Any], complexity: int) -> None:
        """Take down what GraphQL answers."""
        codes = [error["extensions"]["code"] for error in body.get("errors", ())]
        self.note_codes(codes, complexity)

    def note_codes(self, codes: Sequence[str], complexity: int) -> None:
        """Take down the codes of what is answered."""
        self.error_codes = list(dict.fromkeys(codes))
        self.complexity = complexity


def begin_facts(scope: Scope) -> RequestFacts:
    """Lay out the facts of a request, for whoever answers it."""
    facts = scope.setdefault("state", {})["facts"] = RequestFacts()
    return facts


def facts_of(request: Request) -> RequestFacts:
    """Return the facts of a request that came through the middleware."""
    facts: RequestFacts = request.state.facts
    return facts


def bounded(text: str) -> str:
    """Return what a client may have made as text that is short, and nothing but text.

    A terminal would obey control characters.
    """
    if text.isprintable() and len(text) <= TEXT_MAX_CHARACTERS:
        return text
    shown = "".join(one if one.isprintable() else "\ufffd" for one in text[:TEXT_MAX_CHARACTERS])
    return shown if len(text) <= TEXT_MAX_CHARACTERS else f"{shown}…"
