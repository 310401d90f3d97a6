"""PERFORMANCE_CLAIMS: how well the best of a model's claims can be checked."""

from collections.abc import Iterable
from heapq import nlargest

from models.evaluation.card import parse
from models.evaluation.facts import Facts, Unread
from models.evaluation.finding import Evidence, Finding, measured
from models.evaluation.metrics.checklist import POINT_DECIMALS, unread
from models.evaluation.metrics.claims import Claim, index_claims
from models.evaluation.metrics.result_tables import table_claims
from models.evaluation.sources import model_source

BEST_CLAIMS = 5
TABLES_CAP = 0.4
"""What claims that only tables of the card state can reach together."""


def measure(facts: Facts) -> Finding:
    """Score the mean of the best claims, of the model-index or of the card's tables.

    Whichever of the two scores more counts. So a card that could not be read leaves the score
    unknown only where the model-index alone reaches less than tables can.
    """
    source = model_source(facts.model, "README.md")
    index = _best(index_claims(facts.model.model_index))
    if isinstance(facts.card, Unread):
        if _mean(index) >= TABLES_CAP:
            return measured(_evidence("model-index", source, index))
        return unread(source, "The card", facts.card)
    card = parse(facts.card if isinstance(facts.card, str) else "")
    tables = _best(table_claims(card))
    if index and _mean(index) >= min(_mean(tables), TABLES_CAP):
        return measured(_evidence("model-index", source, index))
    if not tables:
        return measured([Evidence(source, [], 0.0, "No claim in the model-index or in a table")])
    evidence = _evidence("table of the card", source, tables)
    excess = sum(item.points for item in evidence) - TABLES_CAP
    if excess > 0:
        note = f"Claims in tables only: capped at {TABLES_CAP}"
        lowered = round(-excess, POINT_DECIMALS)
        evidence.append(Evidence(source, {"cap": TABLES_CAP}, lowered, note))
    return measured(evidence)


def _best(claims: Iterable[Claim]) -> list[Claim]:
    """Return the best claims, the first ones where they are equal."""
    return nlargest(BEST_CLAIMS, claims, key=lambda claim: claim.points)


def _mean(claims: list[Claim]) -> float:
    return sum(claim.points for claim in claims) / len(claims) if claims else 0.0


def _evidence(kind: str, source: str, claims: list[Claim]) -> list[Evidence]:
    count = len(claims)
    return [
        Evidence(
            source=source,
            observed=claim.observed,
            points=round(claim.points / count, POINT_DECIMALS),
            note=f"Claim in a {kind}: {claim.points} of 1, one of the best {count}",
        )
        for claim in claims
    ]
