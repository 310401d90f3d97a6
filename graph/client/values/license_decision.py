"""What the license policy says."""

from dataclasses import dataclass
from typing import Any, Final, Self

from graph.client.values.value import Value

LICENSE_FIELDS: Final = "declared spdxExpression verdict reasons"


@dataclass(frozen=True, slots=True)
class LicenseDecision(Value):
    """What the policy of the service's deployment says of a license, as of now.

    Attributes:
        declared: the license as it was declared.
        spdx_expression: None where it cannot be identified.
        verdict: ALLOWED, REVIEW, DENIED or UNKNOWN.
        reasons: why, for a person.
    """

    declared: str | None
    spdx_expression: str | None
    verdict: str
    reasons: tuple[str, ...]

    @property
    def is_allowed(self) -> bool:
        """Whether the model may be used without asking anybody."""
        return self.verdict == "ALLOWED"

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Self:
        """Read a LicenseDecision."""
        return cls(
            declared=answer["declared"],
            spdx_expression=answer["spdxExpression"],
            verdict=answer["verdict"],
            reasons=tuple(answer["reasons"]),
        )
