"""Pages whose examples hold what is another in every run: ids, secrets and instants."""

import re
from typing import Final

_KINDS: Final = {
    "secret": r"mle_[0-9a-f]{32}_[A-Za-z0-9_-]{43}",
    "node": r"\bYXBpa2V5O[A-Za-z0-9_-]+",
    "evaluation": r"\bZXZhbHVhdGlvbj[A-Za-z0-9_-]+",
    "uuid": r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
    "instant": r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z",
}
_VARYING: Final = re.compile("|".join(f"(?P<{kind}>{form})" for kind, form in _KINDS.items()))


class Masks:
    """Names for what varies, the same for the same: secret 0, secret 1 … in their order."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def masked(self, text: str) -> str:
        """Put names in the place of what varies; one instant is as good as another."""
        return _VARYING.sub(self._name, text)

    def translated(self, text: str, other: "Masks") -> str:
        """Put in the place of what varies here what has its name there."""
        return _VARYING.sub(lambda found: other.values[self._names[found.group()]], text)

    def _name(self, found: re.Match[str]) -> str:
        kind, value = found.lastgroup, found.group()
        if kind == "instant":
            return kind
        number = sum(name.startswith(f"{kind} ") for name in self.values)
        name = self._names.setdefault(value, f"{kind} {number}")
        self.values.setdefault(name, value)
        return name
