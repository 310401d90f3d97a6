"""The README's blocks: what it tells its readers to run, and what it says they get."""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_TEXT = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    """Return the code blocks of a language, in their order."""
    return re.findall(rf"```{language}\n(.*?)```", _TEXT, re.DOTALL)


def without_cost(answer: str) -> dict[str, Any]:
    """Read an answer, less what it cost: how often a request looks for its result differs."""
    read: dict[str, Any] = json.loads(answer)
    del read["extensions"]
    return read


SERVE, EXAMPLE, TEST, *_ = blocks("sh")
ANSWER, *_ = blocks("json")
