"""How long an evaluation may take, and how often it is tried."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Times:
    """The bounds of a job. docs/EVALUATION.md states the same figures.

    Attributes:
        deadline_seconds: from the request on; a job that nobody ended by then reads as FAILED.
        lease_seconds: for which one worker holds a job; then another one may claim it.
        reading_seconds: for all that is read upstream in one attempt.
        max_attempts: how often a job is claimed.
        pause_seconds: before a job is tried again; doubled with each attempt.
    """

    deadline_seconds: float = 30 * 60
    lease_seconds: float = 60
    reading_seconds: float = 20
    max_attempts: int = 3
    pause_seconds: float = 2
