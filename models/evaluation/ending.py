"""What became of an evaluation, for whoever counts."""

from dataclasses import dataclass

SUCCEEDED = "SUCCEEDED"
"""The outcome of one with a result."""


@dataclass(frozen=True, slots=True)
class Ending:
    """An evaluation that a worker has ended.

    Attributes:
        outcome: SUCCEEDED, or the code of its failure.
        attempts: how often it was begun.
        duration_ms: how long the last attempt took.
    """

    evaluation_id: str
    outcome: str
    attempts: int
    duration_ms: int
