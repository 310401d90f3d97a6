"""Names: snake case for those who speak REST, and camel case for GraphQL."""

import re
from collections.abc import Mapping

_HUMP = re.compile(r"(?<=[a-z0-9])[A-Z]")
_WORD = re.compile(r"\b[A-Za-z]\w*\b")
_CAMEL_CASE = re.compile(r"\b[a-z]+(?:[A-Z][a-z0-9]+)+\b")


def snake_case(name: str) -> str:
    """Return GraphQL's name of a field as REST has it."""
    return _HUMP.sub(lambda hump: f"_{hump.group().lower()}", name)


def in_snake_case(text: str) -> str:
    """Return a text of ours, such as a description, with names as REST has them."""
    return _CAMEL_CASE.sub(lambda name: snake_case(name.group()), text)


def renamed(text: str, names: Mapping[str, str]) -> str:
    """Return a message with these names in the place of GraphQL's; it may quote a client's text."""
    return _WORD.sub(lambda word: names.get(word.group(), word.group()), text)
