"""The README's blocks: what it tells its readers to run, and what it says they get."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
_TEXT = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    """Return the code blocks of a language, in their order."""
    return re.findall(rf"```{language}\n(.*?)```", _TEXT, re.DOTALL)


SERVE, EXAMPLE, TEST, *_ = blocks("sh")
ANSWER, *_ = blocks("json")
