"""docs/DEPLOYMENT_QUICKSTART.md: what it tells its readers to run, and what it says they see."""

import re
from dataclasses import dataclass
from typing import Final

from tests.e2e.rehearsal.emulator import ROOT

PAGE: Final = ROOT / "docs" / "DEPLOYMENT_QUICKSTART.md"
LAST: Final = "Remove it"
"""What is done after everything else."""
_VARYING: Final = (
    (r"https?://[^\s\"]+|\b[\w.-]+\.amazonaws\.com\S*", "URL"),
    (r"mle_[0-9a-f]{32}_[A-Za-z0-9_-]{43}", "SECRET"),
    (r"\bYXBpa2V5O[\w-]+|\b[0-9a-f]{64}\b", "ID"),  # of a key; a digest
    (r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "ID"),
    (r"\b\d{4}-\d\d-\d\dT[\d:.]+Z?", "INSTANT"),
    (r"\b[a-z]{2}(?:-[a-z]+)+-\d\b", "REGION"),
    (r"\bv?\d+(?:\.\d+)+", "NUMBER"),
    (r"\b\d+(?=\s?(?:s|ms|[kM]?B)\b)", "NUMBER"),  # times and sizes
    (r"\b\d{6,}\b", "NUMBER"),  # accounts and sizes
    (r"\"dynamodb\":\{[^}]*\}", "COST"),  # an emulator reckons units otherwise
    (r"^WARNING: .*$", ""),  # of how pip is configured here
    (r"\badded \d+ packages\b", "added NUMBER packages"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """A block of commands.

    Attributes:
        heading: that it stands under, without its number.
        expected: what it is said to print; None where nothing is said.
    """

    heading: str
    commands: str
    expected: str | None

    def accepts(self, printed: str) -> bool:
        """Tell whether what was printed is what the page shows."""
        return self.expected is None or masked(printed) == masked(self.expected)


def steps() -> list[Step]:
    """Return the page's steps, in their order."""
    return [
        Step(heading, commands, expected)
        for heading, text in re.findall(
            r"^## (?:\d+\. )?(.*?)\n(.*?)(?=^## |\Z)",
            PAGE.read_text(encoding="utf-8"),
            re.MULTILINE | re.DOTALL,
        )
        for commands, expected in _blocks(text)
    ]


def _blocks(text: str) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for language, block in re.findall(r"^```(sh|text)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        if language == "sh":
            found.append((block, None))
        else:
            found[-1] = (found[-1][0], block)
    return found


def masked(text: str) -> str:
    """Put names in the place of what is another in every run, and of space."""
    for form, name in _VARYING:
        text = re.sub(form, name, text, flags=re.MULTILINE)
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())
