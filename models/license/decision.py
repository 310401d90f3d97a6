"""What a license policy says of a license."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Whether a model may be used under its license."""

    ALLOWED = "ALLOWED"
    REVIEW = "REVIEW"
    DENIED = "DENIED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class LicenseDecision:
    """What the policy says of a declared license.

    Attributes:
        declared: as it was declared; None where nothing was.
        spdx_expression: None where it cannot be identified.
        reasons: why, for a person; at least one.
    """

    declared: str | None
    spdx_expression: str | None
    verdict: Verdict
    reasons: tuple[str, ...]
