"""A registered model."""

from dataclasses import dataclass
from typing import Any, Final, Self

from graph.client.values.license_decision import LICENSE_FIELDS, LicenseDecision
from graph.client.values.value import Value
from models.json_text import Json

MODEL_FIELDS: Final = f"""id uuid name source sourceUrl license state version createdAt updatedAt
netScore sourceAliases metadata riskNotes licenseDecision {{ {LICENSE_FIELDS} }}"""


@dataclass(frozen=True, slots=True)
class Model(Value):
    """A model as of one version.

    Attributes:
        id: of the past, `<uuid>@<version>`; else the UUID.
        uuid: the same in every version.
        state: ACTIVE or DELETED.
        updated_at: when this version was made.
        net_score: of the newest successful evaluation, 0 to 1.
        source_aliases: other addresses of the page, such as those before a rename.
        license_decision: what the service's policy says of the license now.
    """

    id: str
    uuid: str
    name: str
    source: str
    source_url: str | None
    license: str
    state: str
    version: int
    created_at: str
    updated_at: str
    net_score: float | None
    source_aliases: tuple[str, ...]
    metadata: Json
    risk_notes: str
    license_decision: LicenseDecision

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Self:
        """Read a Model."""
        return cls(
            id=answer["id"],
            uuid=answer["uuid"],
            name=answer["name"],
            source=answer["source"],
            source_url=answer["sourceUrl"],
            license=answer["license"],
            state=answer["state"],
            version=answer["version"],
            created_at=answer["createdAt"],
            updated_at=answer["updatedAt"],
            net_score=answer["netScore"],
            source_aliases=tuple(answer["sourceAliases"]),
            metadata=answer["metadata"],
            risk_notes=answer["riskNotes"],
            license_decision=LicenseDecision.of(answer["licenseDecision"]),
        )
