"""The grammar of SPDX license expressions (SPDX 3.0, annex B), whatever the names in them.

AND binds closer than OR, WITH closest; the operators count in any case, as the reader's eye
takes them. Names may hold spaces here, since people write "Apache License 2.0 OR MIT License".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

LEVELS_MAX = 32
"""Of brackets inside one another: far beyond any real expression, far within the stack."""

_MARKS = re.compile(
    r"([()]|(?<![^\s()])(?:and|or|with)(?![^\s()]))",
    re.IGNORECASE | re.ASCII,
)
_OPEN, _CLOSE, _WITH = "(", ")", "WITH"


class Operator(StrEnum):
    """What joins the licenses of an expression."""

    AND = "AND"
    OR = "OR"


@dataclass(frozen=True, slots=True)
class Term:
    """One license, with the addition (an exception, as a rule) that WITH puts to it."""

    license: str
    addition: str | None = None

    def __str__(self) -> str:
        return self.license if self.addition is None else f"{self.license} WITH {self.addition}"


@dataclass(frozen=True, slots=True)
class Compound:
    """Licenses that all apply (AND), or of which one may be chosen (OR)."""

    operator: Operator
    operands: tuple["Expression", ...]

    def __str__(self) -> str:
        parts = (f"({part})" if isinstance(part, Compound) else f"{part}" for part in self.operands)
        return f" {self.operator} ".join(parts)


Expression = Term | Compound


class MalformedError(ValueError):
    """The text is not put together as an expression."""


def parse(text: str) -> Expression:
    """Parse an expression.

    Raises:
        MalformedError: it is none, or nested deeper than LEVELS_MAX.
    """
    tokens = _Tokens(text)
    expression = _either(tokens, 0)
    if tokens.next is not None:
        raise MalformedError(f"{tokens.next} does not belong there")
    return expression


def names(text: str) -> list[str]:
    """Return what stands between the operators and brackets, in order."""
    return [token for token in _split(text) if not _MARKS.fullmatch(token)]


def _split(text: str) -> list[str]:
    return [token.strip() for token in _MARKS.split(text) if token.strip()]


class _Tokens:
    """The tokens of a text, with a look at the next one."""

    def __init__(self, text: str) -> None:
        self._rest: Iterator[str] = iter(_split(text))
        self.next: str | None = None
        self.advance()

    def advance(self) -> None:
        token = next(self._rest, None)
        self.next = token.upper() if token and _MARKS.fullmatch(token) else token

    def skip(self, mark: str) -> bool:
        if found := self.next == mark:
            self.advance()
        return found

    def take_name(self) -> str:
        name = self.next
        if name is None or _MARKS.fullmatch(name):
            raise MalformedError(f"a license is missing before {name or 'the end'}")
        self.advance()
        return name


def _either(tokens: _Tokens, level: int) -> Expression:
    operands = [_all(tokens, level)]
    while tokens.skip(Operator.OR):
        operands.append(_all(tokens, level))
    return operands[0] if len(operands) == 1 else Compound(Operator.OR, tuple(operands))


def _all(tokens: _Tokens, level: int) -> Expression:
    operands = [_operand(tokens, level)]
    while tokens.skip(Operator.AND):
        operands.append(_operand(tokens, level))
    return operands[0] if len(operands) == 1 else Compound(Operator.AND, tuple(operands))


def _operand(tokens: _Tokens, level: int) -> Expression:
    if not tokens.skip(_OPEN):
        name = tokens.take_name()
        return Term(name, tokens.take_name() if tokens.skip(_WITH) else None)
    if level == LEVELS_MAX:
        raise MalformedError(f"more than {LEVELS_MAX} brackets inside one another")
    expression = _either(tokens, level + 1)
    if not tokens.skip(_CLOSE):
        raise MalformedError("a bracket is not closed")
    return expression
