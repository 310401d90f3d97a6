"""How the service is."""

from dataclasses import dataclass
from typing import Self

from graph.client.values.value import Value, misfit
from models.strict_json import read_json


@dataclass(frozen=True, slots=True)
class Health(Value):
    """What `/health` says.

    Attributes:
        status: ok, or unavailable where something that was looked at is.
        version: of the service.
        checks: what was looked at, and how it is: the table and the bucket, where that was asked.
    """

    status: str
    service: str
    version: str
    checks: dict[str, str]

    @property
    def is_ok(self) -> bool:
        """Whether everything that was looked at is well."""
        return self.status == "ok"

    @classmethod
    def read(cls, body: bytes) -> Self | None:
        """Read an answer of `/health`, or return None where it is none of this service."""
        try:
            told = read_json(body)
            status, service, version = (told.pop(n) for n in ("status", "service", "version"))
            health = cls(
                status, service, version, {name: str(state) for name, state in told.items()}
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            return None
        return None if misfit(health) else health
