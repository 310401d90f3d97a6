"""Claims of performance in the tables of a card: numbers under or beside a metric's name.

Nobody checks what stands there, and which numbers are the model's own is for a person to see, so
that PERFORMANCE_CLAIMS gives them little.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice, repeat

from models.evaluation.card import Card
from models.evaluation.card_blocks import Heading, Table, plain
from models.evaluation.metrics.checklist import shown
from models.evaluation.metrics.claims import Claim, score_of

CELLS_MAX = 64
"""What stands further right in a row is not looked at."""

ROWS_MAX = 1_000
"""What stands further down in a table is not looked at."""

CLAIMS_MAX = 2_000
"""The first ones of a card; only the best few count in the end."""

LABEL_MAX_CHARACTERS = 2_000
"""Of a section's title, and of the texts of a row together."""

CELL_MAX_CHARACTERS = 200
_RESULTS = re.compile(
    r"\b(?:evaluat\w*|results?|performance|benchmarks?|metrics|leaderboard)\b", re.IGNORECASE
)
_METRIC = re.compile(
    r"\b(?:accuracy|acc(?:_norm)?|f1|f-?score|precision|recall|auc|auroc|map|mrr|ndcg|bleu"
    r"|sacrebleu|chrf|rouge[\w-]*|meteor|cider|wer|cer|perplexity|ppl|bpb|bpc|mae|mse|rmse|mape"
    r"|mcc|em|exact match|pass@\d+|iou|miou|dice|fid|psnr|ssim|spearman|pearson|kendall"
    r"|top-?[15]|hits?@\d+|recall@\d+|elo|win ?rate|eer|mos|comet|bertscore|kappa|error rate"
    r"|score)\b",
    re.IGNORECASE,
)
_NO_RESULT = re.compile(
    r"\b(?:epochs?|steps?|params?|parameters?|size|layers?|batch|lr|learning|time|latency|speed"
    r"|throughput|memory|vram|tokens?|samples?|examples?|hours?|number|count|loss|year|length"
    r"|dim\w*|bits?|gb|mb|training|version|index|id|no)\b|#",
    re.IGNORECASE,
)
_DATASET_COLUMN = re.compile(
    r"\b(?:data ?sets?|benchmarks?|tasks?|corpus|test ?sets?|domain|subset|evaluation)\b",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\b(?:test|validation|valid|val|dev)\b", re.IGNORECASE)
_NUMBER = re.compile(r"[<>~≈]?\s*\d[\d.,]*+\s*+%?(?:\s*+[±/(].{0,30})?")
_NAME = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class _Section:
    """The section that a table stands in.

    Attributes:
        named: the parts of a claim that its title names.
    """

    title: str
    is_of_results: bool
    named: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Column:
    """A column, read once for all of its numbers.

    Attributes:
        named: the parts of a claim that its label names.
        dataset: what its label names beside a metric.
    """

    label: str
    has_results: bool
    has_datasets: bool
    named: frozenset[str]
    dataset: str


def table_claims(card: Card) -> Iterator[Claim]:
    """Yield the claims of a card's tables: one for each number that a metric or dataset labels.

    A table is looked at if its section's title speaks of evaluation, or if a metric stands in its
    header, its first column or, where that has no number, its first row.
    """
    return islice(_claims(card), CLAIMS_MAX)


def _claims(card: Card) -> Iterator[Claim]:
    section = _section("")
    for block in card.blocks:
        if isinstance(block, Heading):
            section = _section(block.title[:LABEL_MAX_CHARACTERS])
        elif isinstance(block, Table):
            yield from _of_table(block, section)


def _section(title: str) -> _Section:
    return _Section(title, _RESULTS.search(title) is not None, _named(title))


def _column(label: str) -> _Column:
    dataset = _METRIC.sub("", label).strip(" ()-")
    return _Column(
        label=label,
        has_results=_NO_RESULT.search(label) is None,
        has_datasets=_DATASET_COLUMN.search(label) is not None,
        named=_named(label),
        dataset=dataset if _NAME.search(dataset) else "",
    )


def _of_table(table: Table, section: _Section) -> Iterator[Claim]:
    rows = [
        [plain(cell[:CELL_MAX_CHARACTERS]) for cell in row[:CELLS_MAX]]
        for row in table.rows[:ROWS_MAX]
    ]
    header, body = (rows[0], rows[1:]) if rows else ([], [])
    labels = _column_labels(header, body)
    first_cells = (row[0] for row in body if row)
    if section.is_of_results or any(map(_METRIC.search, (*labels, *first_cells))):
        columns = [_column(label) for label in labels]
        for row in body:
            yield from _of_row(row, columns, section)


def _column_labels(header: list[str], body: list[list[str]]) -> list[str]:
    """Return what labels each column: its header, with the first row's text if that has no number.

    So it is where datasets are the header, and their metrics stand below.
    """
    first = body[0] if body else []
    if any(map(_NUMBER.fullmatch, first)):
        return header
    below = [*first, *[""] * len(header)]
    return [f"{label} {text}".strip() for label, text in zip(header, below, strict=False)]


def _of_row(row: list[str], columns: list[_Column], section: _Section) -> Iterator[Claim]:
    """Yield a claim for each number of a row that is labelled."""
    are_numbers = [_NUMBER.fullmatch(cell) is not None for cell in row]
    texts = (cell for cell, is_number in zip(row, are_numbers, strict=True) if not is_number)
    text = " ".join(filter(None, texts))[:LABEL_MAX_CHARACTERS]
    named = section.named | _named(text)
    dataset = _row_dataset(row, columns)
    labelled = chain(columns, repeat(_column("")))
    for cell, is_number, column in zip(row, are_numbers, labelled, strict=False):
        if not is_number or not column.has_results:
            continue
        parts = {*named, *column.named}
        if dataset or column.dataset:
            parts.add("dataset")
        if parts & {"metricAndValue", "dataset"}:
            observed = {"section": section.title, "row": text, "column": column.label}
            observed["value"] = cell
            yield Claim(score_of(parts), {name: shown(said) for name, said in observed.items()})


def _row_dataset(row: list[str], columns: list[_Column]) -> str:
    """Return what names the dataset of a row's numbers: a cell of a column of datasets."""
    cells = zip(columns, row, strict=False)
    return next((cell for column, cell in cells if column.has_datasets and _NAME.search(cell)), "")


def _named(text: str) -> frozenset[str]:
    """Return the parts of a claim that a text names, the dataset apart."""
    patterns = {"metricAndValue": _METRIC, "splitOrRevision": _SPLIT}
    return frozenset(part for part, pattern in patterns.items() if pattern.search(text))
