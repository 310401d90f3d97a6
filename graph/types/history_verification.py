"""HistoryVerification: whether a stored history holds."""

import strawberry

from models.history.verification import Verdict


@strawberry.type(description="What recomputing a model's hash chain found")
class HistoryVerification:
    """The verdict on a range of versions."""

    intact: bool = strawberry.field(description="Nothing that was checked fails")
    complete: bool = strawberry.field(
        description=(
            "Everything that was asked for was checked. Where it was not and intact is true, go "
            "on with fromVersion: the first version asked for + entriesChecked"
        )
    )
    entries_checked: int = strawberry.field(description="How many entries hold")
    head_hash: str = strawberry.field(description="Hash of the newest entry")
    broken_at_version: int | None = strawberry.field(
        description="The first version at which the chain does not hold"
    )
    problem: str | None = strawberry.field(description="What is wrong there")

    @classmethod
    def of(cls, verdict: Verdict) -> "HistoryVerification":
        """Show a verdict."""
        return cls(
            intact=verdict.intact,
            complete=verdict.complete,
            entries_checked=verdict.entries_checked,
            head_hash=verdict.head_hash,
            broken_at_version=verdict.broken_at_version,
            problem=verdict.problem,
        )
