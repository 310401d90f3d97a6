"""Headings and tables that a model card writes as HTML."""

from collections.abc import Callable, Mapping

from models.evaluation.card_blocks import TAG, Block, Heading, Paragraph, Table, plain


def html_blocks(html: str) -> list[Block]:
    """Return the blocks of a piece of HTML: its headings and tables, the rest as paragraphs."""
    return _Html().read(html)


class _Html:
    """Reads headings and tables out of a piece of HTML; the rest are paragraphs."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._text: list[str] = []
        self._rows: list[list[str]] | None = None
        self._is_in_cell = False

    def read(self, html: str) -> list[Block]:
        """Return the blocks of `html`. What is not closed ends where it ends."""
        at = 0
        for tag in TAG.finditer(html):
            self._text.append(html[at : tag.start()])
            at = tag.end()
            name = tag[2].lower()
            act = (self._ENDS if tag[1] else self._STARTS).get(name)
            if act:
                act(self, name)
            elif name == "a":
                self._text.append(tag[0])
        self._text.append(html[at:])
        self._end_table()
        return self._blocks

    def _taken(self) -> str:
        text = "".join(self._text).strip()
        self._text.clear()
        return text

    def _flush(self, _: str = "") -> None:
        text = self._taken()
        if text and self._rows is None:
            self._blocks.append(Paragraph(text))

    def _end_heading(self, name: str) -> None:
        self._blocks.append(Heading(int(name[1:]), plain(self._taken())))

    def _start_row(self, _: str = "") -> None:
        self._end_cell()
        if self._rows is None:
            self._flush()
            self._rows = []
        self._rows.append([])

    def _start_cell(self, _: str = "") -> None:
        self._end_cell()
        self._taken()
        self._is_in_cell = True

    def _end_cell(self, _: str = "") -> None:
        if self._is_in_cell and self._rows:
            self._rows[-1].append(self._taken())
        self._is_in_cell = False

    def _end_table(self, _: str = "") -> None:
        self._end_cell()
        rows, self._rows = self._rows, None
        if rows:
            self._taken()
            self._blocks.append(Table(tuple(tuple(row) for row in rows if row)))
        self._flush()

    _HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
    _STARTS: Mapping[str, Callable[["_Html", str], None]] = {
        **dict.fromkeys((*_HEADINGS, "p", "li", "div", "br"), _flush),
        **dict.fromkeys(("table",), _end_table),
        "tr": _start_row,
        **dict.fromkeys(("td", "th"), _start_cell),
    }
    _ENDS: Mapping[str, Callable[["_Html", str], None]] = {
        **dict.fromkeys(_HEADINGS, _end_heading),
        **dict.fromkeys(("td", "th", "tr"), _end_cell),
        **dict.fromkeys(("p", "li", "div"), _flush),
        "table": _end_table,
    }
