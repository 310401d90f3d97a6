"""What the service says of a history."""

from dataclasses import dataclass
from typing import Any, Final, Self

from graph.client.values.value import Value

VERIFICATION_FIELDS: Final = "intact complete entriesChecked headHash brokenAtVersion problem"


@dataclass(frozen=True, slots=True)
class HistoryVerification(Value):
    """What recomputing a model's hash chain found.

    Attributes:
        intact: nothing that was checked fails.
        complete: everything that was asked for was checked.
        entries_checked: how many entries hold.
        head_hash: of the newest entry.
        broken_at_version: the first version at which the chain does not hold.
        problem: what is wrong there.
    """

    intact: bool
    complete: bool
    entries_checked: int
    head_hash: str
    broken_at_version: int | None
    problem: str | None

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Self:
        """Read a HistoryVerification."""
        return cls(
            intact=answer["intact"],
            complete=answer["complete"],
            entries_checked=answer["entriesChecked"],
            head_hash=answer["headHash"],
            broken_at_version=answer["brokenAtVersion"],
            problem=answer["problem"],
        )
