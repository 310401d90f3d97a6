"""What every client says to the server, and what it must be told: conversation.mjs has the same."""

import re
from typing import Final

from tests.clients.node import SCRIPTS

METADATA: Final = {"größe": [1, {"deep": None}]}
ANSWERS: Final = {
    "read": ["a", 1, METADATA],
    "refused": ["INVALID_INPUT", ["name"]],
    "error": "BAD_USER_INPUT",
    "pages": [["a", "b"], ["c", "d"], ["e"]],
}


def documents() -> tuple[str, str, str]:
    """Return the GraphQL that is sent: to create, to read, to page."""
    text = (SCRIPTS / "conversation.mjs").read_text(encoding="utf-8")
    create, read, page = re.findall(r"export const [A-Z]+ = `([^`]*)`", text)
    return create, read, page
