"""LicenseDecision: what this deployment's license policy says of a license."""

from typing import Self

import strawberry

from graph.types.enums import LicenseVerdict
from models.license import decision


@strawberry.type(
    description=(
        "What the license policy of this deployment says of a license: computed when it is asked "
        "for, so that a changed policy shows at once"
    )
)
class LicenseDecision:
    """A verdict with its reasons."""

    declared: str | None = strawberry.field(
        description="The license as it was declared; null where none was"
    )
    spdx_expression: str | None = strawberry.field(
        description=(
            "SPDX expression; a LicenseRef for terms that SPDX does not list; null where it "
            "cannot be identified"
        )
    )
    verdict: LicenseVerdict = strawberry.field(description="Whether the model may be used")
    reasons: list[str] = strawberry.field(description="Why, for a person")

    @classmethod
    def of(cls, made: decision.LicenseDecision) -> Self:
        """Show a decision."""
        return cls(
            declared=made.declared,
            spdx_expression=made.spdx_expression,
            verdict=made.verdict,
            reasons=list(made.reasons),
        )
