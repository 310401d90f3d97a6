"""A card's Markdown as blocks."""

import re

import pytest

from models.evaluation.card import CARD_MAX_CHARACTERS, CARD_MAX_LINES, parse, without_front_matter
from models.evaluation.card_blocks import Code, Heading, Paragraph, Table, plain

MIB = 2**20


class TestParse:
    """Splitting a card into blocks."""

    def test_blocks_stand_in_document_order(self) -> None:
        card = parse("# T\n\ntext\n\n```Python extra\ncode\n```\n\n|a|b|\n|-|-|\n|1|2|\n")
        assert card.blocks == (
            Heading(1, "T"),
            Paragraph("text"),
            Code("python", "code\n"),
            Table((("a", "b"), ("1", "2"))),
        )

    def test_underlined_headings_are_headings(self) -> None:
        assert parse("Usage\n=====\n\nMore\n----\n").blocks == (
            Heading(1, "Usage"),
            Heading(2, "More"),
        )

    def test_code_in_a_list_or_quote_is_code(self) -> None:
        codes = parse("- item\n\n  ```sh\n  run\n  ```\n\n> ```\n> quoted\n> ```\n").codes()
        assert codes == (Code("sh", "run\n"), Code("", "quoted\n"))

    def test_indented_code_is_code(self) -> None:
        assert parse("text\n\n    x = 1\n").codes() == (Code("", "x = 1\n"),)

    def test_each_list_item_is_a_paragraph(self) -> None:
        assert parse("- a\n- b\n").blocks == (Paragraph("a"), Paragraph("b"))

    def test_a_title_loses_its_markup(self) -> None:
        assert parse("## **Use** [it](x) `now`").blocks == (Heading(2, "Use it now"),)

    def test_no_more_than_the_limits_is_looked_at(self) -> None:
        assert parse("a " * CARD_MAX_CHARACTERS).is_cut
        assert len(parse("a\n\n" * CARD_MAX_LINES).blocks) == CARD_MAX_LINES // 2
        assert not parse("a\n\nb").is_cut


class TestHtml:
    """HTML inside of Markdown."""

    def test_a_table_is_a_table(self) -> None:
        html = "<table><tr><th>A</th><th>B</th></tr>\n<tr><td><b>1</b></td><td>2</td></tr></table>"
        assert parse(html).blocks == (Table((("A", "B"), ("1", "2"))),)

    def test_a_table_without_closing_tags_of_cells_is_one_too(self) -> None:
        html = "<table>\n<tr>\n<td>A\n<td>B\n</tr>\n<tr>\n<td>1\n<td>2\n</tr>\n</table>"
        assert parse(html).blocks == (Table((("A", "B"), ("1", "2"))),)

    def test_a_heading_is_a_heading(self) -> None:
        html = '<h2 align="center">Usage</h2>\n<p>Call <a href="https://x.y">it</a></p>'
        assert parse(html).blocks == (
            Heading(2, "Usage"),
            Paragraph('Call <a href="https://x.y">it</a>'),
        )

    def test_comments_are_not_there(self) -> None:
        assert parse("<!-- Provide a summary. -->\n\n<!-- open\n\n# T").texts() == ()

    def test_text_around_tags_stays(self) -> None:
        assert parse("<details>\n<summary>More</summary>\n\ntext\n\n</details>").texts() == (
            "More",
            "text",
        )


class TestFrontMatter:
    """The YAML at the top."""

    @pytest.mark.parametrize(
        "text",
        [
            "---\na: 1\n---\nbody",
            "\ufeff---\na: 1\n---\nbody",
            "---\r\na: 1\r\n---\r\nbody",
            "body",
        ],
    )
    def test_is_left_out(self, text: str) -> None:
        assert without_front_matter(text) == "body"

    def test_without_a_body_leaves_nothing(self) -> None:
        assert without_front_matter("---\na: 1\n---") == ""
        assert without_front_matter("---\n---\nbody") == "body"

    def test_that_is_never_closed_is_text(self) -> None:
        assert without_front_matter("---\na: 1") == "---\na: 1"


class TestSections:
    """Headings with what stands under them."""

    CARD = "intro\n\n# A\n\na\n\n## B\n\nb\n\n# C\n\nc"

    def test_hold_their_subsections(self) -> None:
        found = {section.title: section for section in parse(self.CARD).sections()}
        assert list(found) == ["A", "B", "C"]
        assert found["A"].blocks == (Paragraph("a"), Heading(2, "B"), Paragraph("b"))
        assert found["C"].blocks == (Paragraph("c"),)

    def test_are_found_by_their_titles(self) -> None:
        (section,) = parse(self.CARD).sections(re.compile("[BX]"))
        assert section.title == "B"

    def test_a_card_without_headings_has_none(self) -> None:
        assert parse("text").sections() == ()


class TestTexts:
    """What a reader sees of the prose."""

    def test_lines_of_a_paragraph_are_one_text(self) -> None:
        assert parse("one\ntwo\n\nthree").texts() == ("one two", "three")

    def test_lines_that_a_template_left_are_not_there(self) -> None:
        text = "- **By:** [More Information Needed]\n- {{ name }}\n\n|a|\n|-|\n|{{ x }}|\n"
        assert parse(text).texts() == ("a",)

    def test_markup_is_not_there(self) -> None:
        assert plain("**bold** _soft_ [link](https://x) ![alt](y) <b>html</b> `code`").split() == [
            "bold",
            "soft",
            "link",
            "alt",
            "html",
            "code",
        ]

    def test_snake_case_stays(self) -> None:
        assert plain("weight_decay") == "weight_decay"


HOSTILE = {
    "brackets": "[" * MIB,
    "closing brackets": "]" * MIB,
    "links": "[a](" * (MIB // 4),
    "images": "![" * (MIB // 2),
    "pipes": "|" * MIB,
    "rows": "|a|b|\n|-|-|\n" + "|x|y|\n" * (MIB // 6),
    "wide table": "|a" * 500 + "\n" + "|-" * 500 + "|\n" + "|\n" * (MIB // 3),
    "hashes": "#" * MIB,
    "headings": "# a\n## b\n" * (MIB // 9),
    "backticks": "`" * MIB,
    "fences": "```\n" * (MIB // 4),
    "stars": "*a_ " * (MIB // 4),
    "quotes": "> " * (MIB // 2),
    "lists": "- - - - - - a\n" * (MIB // 14),
    "deep lists": "".join("  " * depth + "- a\n" for depth in range(1_000)),
    "comments": "<div>" + "<!--" * (MIB // 4),
    "open tag": "<div><" + "a" * MIB,
    "cells": "<table>" + "<tr><td>a" * (MIB // 9),
    "html headings": "<div>" + "<h1>" * (MIB // 4),
    "digits": "learning rate " + "1" * MIB,
    "words": "learning rate batch size seed data " * (MIB // 35),
    "blank lines of code": "```py\n" + " " * (MIB // 16) + "\n" * 3_000,
    "colons": "a:" * (MIB // 2),
    "paths": "a/" * (MIB // 2),
    "repositories": "https://github.com/a/b " * (MIB // 23),
    "null": "\0" * MIB,
}
"""A mebibyte each of what makes careless parsers slow, or exhausts their stack."""


@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_card_takes_bounded_work(text: str) -> None:
    card = parse(text)
    assert len(card.sections()) <= CARD_MAX_LINES
    assert sum(map(len, card.texts())) <= 2 * CARD_MAX_CHARACTERS
