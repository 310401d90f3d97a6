"""Where in a model's partition nothing may stand: between the kinds of items that are written.

Lists and histories are read by ranges of sort keys. What somebody else puts into a range would be
shown, and what stands in none would wait there for a version to reach it.
"""

from models.entities import artifact, evaluation
from models.entities.model import SORT_KEY as CURRENT
from models.listing.plan import highest

LOWEST = "\x01"
ARTIFACTS = artifact.PREFIX
EVALUATIONS = evaluation.PREFIX
CHANGES = "CHANGE#"
SNAPSHOTS = "STATE#"
UPLOADS = "UPLOAD#"


def end_of(prefix: str) -> str:
    """Return a bound above every sort key that begins with `prefix`."""
    return highest(prefix)


def _before(prefix: str) -> str:
    """Return a bound below `prefix`, and above every sort key that sorts before it."""
    return highest(prefix[:-1] + chr(ord(prefix[-1]) - 1))


def _after(prefix: str) -> str:
    """Return a bound above every sort key that begins with `prefix`."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


GAPS = (
    (LOWEST, _before(CHANGES)),
    (_after(CHANGES), _before(CURRENT)),
    (f"{CURRENT}{LOWEST}", _before(ARTIFACTS)),
    (_after(ARTIFACTS), _before(EVALUATIONS)),
    (_after(EVALUATIONS), _before(SNAPSHOTS)),
    (_after(SNAPSHOTS), _before(UPLOADS)),
    (_after(UPLOADS), highest("")),
)
"""Ranges of sort keys, both ends included."""
