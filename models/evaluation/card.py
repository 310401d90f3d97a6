"""A model card's Markdown as blocks: headings, paragraphs, code and tables, in document order.

markdown-it-py splits the text into blocks. Its inline rules stay off: what stands inside a
paragraph is searched as text, and they would take seconds for a hostile card. Cards come from
anyone, so that work is bounded: by `CARD_MAX_CHARACTERS`, by `CARD_MAX_LINES`, and by regular
expressions that never step back over what they read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from models.evaluation.card_blocks import (
    Block,
    Code,
    Heading,
    Paragraph,
    Table,
    filled_texts,
    plain,
    without_comments,
)
from models.evaluation.card_html import html_blocks

CARD_MAX_CHARACTERS = 128 * 1024
"""What stands beyond is not looked at; real cards are hardly ever longer."""

CARD_MAX_LINES = 5_000

_MARKDOWN = (
    MarkdownIt("commonmark").enable("table").disable(["inline", "text_join", "reference", "entity"])
)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it, its subsections included."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A parsed card.

    Attributes:
        is_cut: whether there is more of it than is looked at.
    """

    blocks: tuple[Block, ...]
    is_cut: bool

    def sections(self, title: re.Pattern[str] | None = None) -> tuple[Section, ...]:
        """Return the sections whose title has what `title` finds; all without it."""
        return tuple(
            section
            for section in _sections(self.blocks)
            if not title or title.search(section.title)
        )

    def codes(self) -> tuple[Code, ...]:
        """Return the blocks of code."""
        return tuple(block for block in self.blocks if isinstance(block, Code))

    def texts(self) -> tuple[str, ...]:
        """Return the plain paragraphs and table rows that were filled in, code left out."""
        return tuple(filled_texts(self.blocks))


@lru_cache(maxsize=2)
def parse(text: str) -> Card:
    """Split a card, front matter included or not, into its blocks."""
    body = without_front_matter(text)
    lines = body[:CARD_MAX_CHARACTERS].split("\n")
    kept = "\n".join(lines[:CARD_MAX_LINES])
    return Card(tuple(_Reader().blocks(_MARKDOWN.parse(kept))), len(kept) < len(body))


def without_front_matter(text: str) -> str:
    """Return the Markdown of a card, without the YAML between `---` lines at its top."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.startswith("---\n"):
        return text
    _, closed, body = text[3:].partition("\n---\n")
    return body if closed else ("" if text.endswith("\n---") else text)


def _sections(blocks: tuple[Block, ...]) -> list[Section]:
    """Find where each heading's section ends: at the next heading that is not under it."""
    headings = [(at, block) for at, block in enumerate(blocks) if isinstance(block, Heading)]
    ends: dict[int, int] = {}
    above: list[tuple[int, Heading]] = []
    for at, heading in headings:
        while above and above[-1][1].level >= heading.level:
            ends[above.pop()[0]] = at
        above.append((at, heading))
    return [
        Section(heading.title, blocks[at + 1 : ends.get(at, len(blocks))])
        for at, heading in headings
    ]


class _Reader:
    """Makes blocks of markdown-it's tokens."""

    def __init__(self) -> None:
        self._level = 0
        self._rows: list[list[str]] | None = None

    def blocks(self, tokens: list[Token]) -> Iterator[Block]:
        """Yield the blocks in order."""
        for token in tokens:
            match token.type:
                case "heading_open":
                    self._level = int(token.tag[1:])
                case "heading_close":
                    self._level = 0
                case "table_open" | "tr_open" | "table_close":
                    yield from self._table(token.type)
                case "inline":
                    yield from self._inline(token.content)
                case "fence" | "code_block":
                    yield Code(token.info.strip().partition(" ")[0].casefold(), token.content)
                case "html_block":
                    yield from html_blocks(without_comments(token.content))

    def _table(self, event: str) -> Iterator[Table]:
        if self._rows is None or event == "table_open":
            self._rows = []
        if event == "tr_open":
            self._rows.append([])
        if event == "table_close":
            yield Table(tuple(map(tuple, self._rows)))
            self._rows = None

    def _inline(self, content: str) -> Iterator[Block]:
        if self._rows is not None:
            self._rows[-1].append(content)
        elif self._level:
            yield Heading(self._level, plain(content))
        else:
            yield Paragraph(content)
