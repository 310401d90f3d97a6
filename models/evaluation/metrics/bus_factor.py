"""BUS_FACTOR: how many people a model rests on.

The effective number of authors is exp(H), H being the Shannon entropy of their shares of the
commits: N people with equal shares count as N, and one who did nearly everything as little more
than one. The window ends with the revision, so that the same revision scores the same for ever.
"""

import math
import re
from collections import Counter
from datetime import date

from models.evaluation.facts import Commit, Facts, Unread
from models.evaluation.finding import Evidence, Finding, measured
from models.evaluation.metrics.checklist import OBSERVED_MAX_ENTRIES, POINT_DECIMALS, unread
from models.evaluation.metrics.months import months_before
from models.evaluation.sources import model_source
from models.json_text import Json

WINDOW_MONTHS = 24
FULL_SCORE_AUTHORS = 5
"""So many equal authors score 1; one author scores 0."""

BOTS = frozenset(
    {"dependabot", "huggingface", "parquet-converter", "root", "sfconvertbot", "system"}
)
"""Accounts, in lower case, that are nobody in particular."""

_BOT_NAME = re.compile(
    r"(?:.*(?:\[bot\]|[^A-Za-z](?i:bot)|[a-z0-9]B(?:ot|OT)))|(?i:bot)", re.DOTALL
)


def measure(facts: Facts) -> Finding:
    """Score how evenly the commits of the window are shared among people."""
    source = model_source(facts.model)
    if isinstance(facts.commits, Unread):
        return unread(source, "The list of commits", facts.commits)
    shares, considered = _shares(facts.commits.newest_first)
    total = sum(shares.values())
    parts = sorted((share / total for share in shares.values()), reverse=True)
    effective = math.exp(-sum(part * math.log(part) for part in parts)) if parts else 0.0
    score = min(max((effective - 1) / (FULL_SCORE_AUTHORS - 1), 0.0), 1.0)
    observed: Json = {
        "authors": len(parts),
        "commits": considered,
        "effectiveAuthors": round(effective, POINT_DECIMALS),
        "historyIsCut": facts.commits.is_cut,
        "shares": [round(part, POINT_DECIMALS) for part in parts[:OBSERVED_MAX_ENTRIES]],
    }
    note = f"Commit shares of people over the {WINDOW_MONTHS} months before the revision"
    if not parts:
        note = f"No commit by a person in the {WINDOW_MONTHS} months before the revision"
    return measured([Evidence(source, observed, round(score, POINT_DECIMALS), note)])


def is_bot(author: str) -> bool:
    """Tell whether a name is a program's.

    It is where it ends with `[bot]`, with `bot` after anything but a letter (`pr-bot`), or with
    `Bot` after a small letter (`ConvertBot`), or stands in `BOTS`. Talbot is a person.
    """
    return author.lower() in BOTS or _BOT_NAME.fullmatch(author) is not None


def _shares(commits: tuple[Commit, ...]) -> tuple[Counter[str], int]:
    """Count commits by author, and how many commits that are; k authors get 1/k of one each."""
    if not commits:
        return Counter(), 0
    newest = max(date.fromisoformat(commit.date) for commit in commits)
    since = months_before(newest, WINDOW_MONTHS).isoformat()
    shares: Counter[str] = Counter()
    considered = 0
    for commit in commits:
        people = {name.strip().casefold() for name in commit.authors if not is_bot(name.strip())}
        people.discard("")
        if people and commit.date >= since:
            considered += 1
            for name in people:
                shares[name] += 1 / len(people)  # type: ignore[assignment]
    return shares, considered
