"""What a model card is made of: headings, paragraphs, code and tables; and how they read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

PLACEHOLDERS = (
    "more information needed",
    "[needs more information]",
    "{{",
    "automatically generated",
    "use the code below to get started with the model",
    "carbon emissions can be estimated using",
)
"""A line with one of these is what the Hub's template, or Trainer, put there."""

TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)[^<>]*+>")
"""An HTML tag: whether it closes, and its name. Possessive, so that it never steps back."""

_LINK = re.compile(r"!?\[([^\[\]]*+)\]\([^()]*+\)")
_MARKUP = re.compile(r"[*`~#>|\\]|(?<!\w)_|_(?!\w)")
_WORD = re.compile(r"[^\W\d_]\w*+")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; its level is 1 to 6, its title plain text."""

    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, list item or piece of HTML, as it was written."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """A block of code; its language is in lower case, and empty where none is named."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table, its header first. Cells are as they were written."""

    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Code | Table


def plain(text: str) -> str:
    """Return what a reader sees of Markdown or HTML: no comments, tags, targets or emphasis."""
    return _MARKUP.sub("", TAG.sub(" ", _LINK.sub(r"\1", without_comments(text)))).strip()


def word_count(text: str) -> int:
    """Return how many words `text` has; numbers are none."""
    return sum(1 for _ in _WORD.finditer(text))


def filled_texts(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Yield each paragraph and table row as one plain line, placeholders left out."""
    for block in blocks:
        if isinstance(block, Paragraph):
            lines = without_comments(block.text).split("\n")
            texts = [" ".join(line.strip() for line in lines if not is_placeholder(line))]
        elif isinstance(block, Table):
            texts = [" | ".join(row) for row in block.rows if not any(map(is_placeholder, row))]
        else:
            continue
        yield from (shown for text in texts if (shown := plain(text)))


def is_placeholder(text: str) -> bool:
    """Tell whether a line is a template's, not the author's."""
    folded = text.casefold()
    return any(phrase in folded for phrase in PLACEHOLDERS)


def without_comments(text: str) -> str:
    """Return HTML or Markdown without comments; one that is not closed goes on to the end."""
    first, *rest = text.split("<!--")
    return first + "".join(part.partition("-->")[2] for part in rest)
