"""RAMP_UP_TIME: how much of what a newcomer needs stands in the card and beside the weights."""

import re

from models.evaluation.card import Card, Section, parse
from models.evaluation.card_blocks import Code, filled_texts, word_count
from models.evaluation.facts import Facts, Unread
from models.evaluation.finding import Evidence, Finding, measured
from models.evaluation.metrics.checklist import check, shown, some, unread
from models.evaluation.metrics.loading_files import config_files, processor_files
from models.evaluation.metrics.snippets import runs_model
from models.evaluation.sources import model_source
from models.json_text import Json

POINTS = {
    "Written card": 0.15,
    "Usage section": 0.20,
    "Runnable snippet": 0.25,
    "Library named": 0.05,
    "Task named": 0.05,
    "Configuration file": 0.05,
    "Tokenizer or processor file": 0.05,
    "Limitations section": 0.10,
    "Inputs described": 0.05,
    "Outputs described": 0.05,
}
CARD_MIN_WORDS = 50
"""With fewer words of its own a card is not written yet."""

EMPTY_SECTIONS_MAX_SHARE = 1 / 3
"""With more of its sections left empty a card is a template."""

SECTION_MIN_WORDS = 5
TEXT_MIN_WORDS = 5
"""A shorter paragraph names a thing, but does not describe it."""

_USAGE = re.compile(
    r"\b(?:usage|how to|how do i|use (?:with|in|it|this|via|from)|using|get(?:ting)? started"
    r"|quick ?start|inference|running|examples?|sample code|code snippets?)\b",
    re.IGNORECASE,
)
_NO_USAGE = re.compile(
    r"\b(?:cite|citation|out[- ]of[- ]scope|contribute|train\w*)\b", re.IGNORECASE
)
_LIMITATIONS = re.compile(
    r"\b(?:limitations?|bias(?:es)?|risks?|caveats?|out[- ]of[- ]scope|misuse|known issues"
    r"|ethical considerations?)\b",
    re.IGNORECASE,
)
_INPUTS = re.compile(
    r"\b(?:inputs?|prompt (?:format|template|style)|chat (?:format|template))\b", re.IGNORECASE
)
_OUTPUTS = re.compile(r"\b(?:outputs?|returns)\b", re.IGNORECASE)


def measure(facts: Facts) -> Finding:
    """Score the checklist; without a card its files, library and task still count."""
    source = model_source(facts.model, "README.md")
    if isinstance(facts.card, Unread):
        return unread(source, "The card", facts.card)
    card = parse(facts.card if isinstance(facts.card, str) else "")
    checks = [
        _written(card, source),
        _section("Usage section", source, _usage_sections(card)),
        _snippet(card, facts.model.repo_id, source),
        *_files(facts),
        _section("Limitations section", source, card.sections(_LIMITATIONS)),
        _described("Inputs described", source, card, _INPUTS),
        _described("Outputs described", source, card, _OUTPUTS),
    ]
    return measured(checks)


def _written(card: Card, source: str) -> Evidence:
    """Look whether the card was written: words of its own, and most of a template filled in."""
    words = sum(map(word_count, card.texts()))
    sections = card.sections()
    empty = [section.title for section in sections if _is_left_empty(section)]
    observed: Json = {
        "words": words,
        "sections": len(sections),
        "leftEmpty": len(empty),
        "firstLeftEmpty": some(empty),
        "isCut": card.is_cut,
    }
    is_written = words >= CARD_MIN_WORDS and len(empty) <= EMPTY_SECTIONS_MAX_SHARE * len(sections)
    return _check("Written card", source, observed, found=is_written)


def _is_left_empty(section: Section) -> bool:
    """Tell whether a section has nothing of its own, nor in its subsections."""
    return not _has_code(section) and not any(filled_texts(section.blocks))


def _usage_sections(card: Card) -> tuple[Section, ...]:
    found = card.sections(_USAGE)
    return tuple(section for section in found if not _NO_USAGE.search(section.title))


def _section(item: str, source: str, candidates: tuple[Section, ...]) -> Evidence:
    found = [section.title for section in candidates if _is_filled(section)]
    return _check(item, source, some(found), found=bool(found))


def _is_filled(section: Section) -> bool:
    words = sum(map(word_count, filled_texts(section.blocks)))
    return _has_code(section) or words >= SECTION_MIN_WORDS


def _has_code(section: Section) -> bool:
    return any(isinstance(block, Code) for block in section.blocks)


def _snippet(card: Card, repo_id: str, source: str) -> Evidence:
    found = [code for code in card.codes() if runs_model(code, repo_id)]
    observed: Json = {"blocksOfCode": len(card.codes()), "namingTheModel": len(found)}
    return _check("Runnable snippet", source, observed, found=bool(found))


def _files(facts: Facts) -> list[Evidence]:
    model, source = facts.model, model_source(facts.model)
    library, task = model.library_name, model.pipeline_tag
    configs, processors = config_files(model), processor_files(model)
    return [
        _check("Library named", source, library and shown(library), found=bool(library)),
        _check("Task named", source, task and shown(task), found=bool(task)),
        _check("Configuration file", source, some(configs), found=bool(configs)),
        _check("Tokenizer or processor file", source, some(processors), found=bool(processors)),
    ]


def _described(item: str, source: str, card: Card, word: re.Pattern[str]) -> Evidence:
    for text in card.texts():
        if word.search(text) and word_count(text) >= TEXT_MIN_WORDS:
            return _check(item, source, shown(text), found=True)
    return _check(item, source, None, found=False)


def _check(item: str, source: str, observed: Json, *, found: bool) -> Evidence:
    return check(item, POINTS[item], source, observed, share=float(found))
