"""Verdicts and how they combine: OR takes the best, AND the worst."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.license.decision import Verdict

_BEST_TO_WORST = (Verdict.ALLOWED, Verdict.REVIEW, Verdict.UNKNOWN, Verdict.DENIED)
"""UNKNOWN may turn out well and DENIED cannot, so a choice between them is UNKNOWN, and what is
denied stays so beside terms that nobody knows. A person can let REVIEW pass, neither of these."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict on an expression or a part of one, with the reasons that led to it."""

    verdict: Verdict
    reasons: tuple[str, ...]


def best(parts: Sequence[Judgement]) -> Judgement:
    """Judge licenses of which one may be chosen."""
    return _decided_by(parts, min(_rank(part) for part in parts))


def worst(parts: Sequence[Judgement]) -> Judgement:
    """Judge terms that all apply."""
    return _decided_by(parts, max(_rank(part) for part in parts))


def _rank(part: Judgement) -> int:
    return _BEST_TO_WORST.index(part.verdict)


def _decided_by(parts: Sequence[Judgement], rank: int) -> Judgement:
    """Keep the reasons of the parts that decide, each once and in their order."""
    reasons = (reason for part in parts if _rank(part) == rank for reason in part.reasons)
    return Judgement(_BEST_TO_WORST[rank], tuple(dict.fromkeys(reasons)))
