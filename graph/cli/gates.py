"""Gates for CI: what an evaluation or a license must be to pass. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graph.client import Evaluation, LicenseDecision


class RequiredLicense(StrEnum):
    """The least that a license must be."""

    ALLOWED = "allowed"
    REVIEW = "review"


_PASSING = {RequiredLicense.ALLOWED: {"ALLOWED"}, RequiredLicense.REVIEW: {"ALLOWED", "REVIEW"}}


@dataclass(frozen=True, slots=True)
class Gates:
    """What is required; None requires nothing.

    Attributes:
        min_score: of the net score.
        min_floor: of its floor, in which what is unknown counts as 0.
    """

    license: RequiredLicense | None = None
    min_score: float | None = None
    min_floor: float | None = None

    def faults(self, evaluation: "Evaluation") -> list[str]:
        """Return why an evaluation does not pass: what is unknown never does."""
        if evaluation.status != "SUCCEEDED":
            return [f"the evaluation is {evaluation.status}: {evaluation.failure or 'no result'}"]
        faults = []
        if self.license is not None:
            faults += license_faults(evaluation.license_decision, self.license)
        for name, least, score in (
            ("net score", self.min_score, evaluation.net_score),
            ("floor of the net score", self.min_floor, evaluation.net_score_floor),
        ):
            if least is not None and (score is None or not score >= least):  # which NaN is not
                shown = "unknown" if score is None else f"{score}"
                faults.append(f"the {name} is {shown}, and {least} is required")
        return faults


def license_faults(decision: "LicenseDecision | None", required: RequiredLicense) -> list[str]:
    """Return why a license does not pass."""
    verdict = decision.verdict if decision else "UNKNOWN"
    if verdict in _PASSING[required]:
        return []
    declared = decision.declared if decision else None
    return [f"the license {declared or '(none)'} is {verdict}, and {required.value} is required"]
