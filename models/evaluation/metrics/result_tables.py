"""Claims of performance in the tables of a card: numbers under or beside a metric's name.

Nobody checks what stands there, and which numbers are the model's own is for a person to see, so
that PERFORMANCE_CLAIMS gives them little.
"""

import re
from collections.abc import Iterator

from models.evaluation.card import Card
from models.evaluation.card_blocks import Heading, Table, plain
from models.evaluation.metrics.checklist import shown
from models.evaluation.metrics.claims import Claim, score_of

_CELL_MAX_CHARACTERS = 200
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
_NUMBER = re.compile(r"[<>~≈]?\s*\d[\d.,]*+\s*%?(?:\s*[±/(].{0,30})?")
_NAME = re.compile(r"[^\W\d_]{2}")


def table_claims(card: Card) -> Iterator[Claim]:
    """Yield the claims of a card's tables: one for each number that a metric or dataset labels.

    A table is looked at if its section's title speaks of evaluation, or if a metric stands in its
    header, its first column or, where that has no number, its first row.
    """
    title = ""
    for block in card.blocks:
        if isinstance(block, Heading):
            title = block.title
        elif isinstance(block, Table):
            yield from _of_table(block, title)


def _of_table(table: Table, title: str) -> Iterator[Claim]:
    rows = [[plain(cell[:_CELL_MAX_CHARACTERS]) for cell in row] for row in table.rows]
    header, body = (rows[0], rows[1:]) if rows else ([], [])
    columns = _column_labels(header, body)
    labels = [*columns, *(row[0] for row in body if row)]
    if not _RESULTS.search(title) and not any(map(_METRIC.search, labels)):
        return
    for row in body:
        texts = [cell for cell in row if cell and not _NUMBER.fullmatch(cell)]
        for at, cell in enumerate(row):
            column = columns[at] if at < len(columns) else ""
            if _NUMBER.fullmatch(cell) and not _NO_RESULT.search(column):
                yield from _claim(title, column, texts, _dataset(row, columns, at), cell)


def _column_labels(header: list[str], body: list[list[str]]) -> list[str]:
    """Return what labels each column: its header, with the first row's text if that has no number.

    So it is where datasets are the header, and their metrics stand below.
    """
    first = body[0] if body else []
    if any(map(_NUMBER.fullmatch, first)):
        return header
    below = [*first, *[""] * len(header)]
    return [f"{label} {text}".strip() for label, text in zip(header, below, strict=False)]


def _dataset(row: list[str], columns: list[str], at: int) -> str:
    """Return what names the dataset of a number: a cell of a column of datasets, or its column."""
    for column, cell in zip(columns, row, strict=False):
        if _DATASET_COLUMN.search(column) and _NAME.search(cell):
            return cell
    label = _METRIC.sub("", columns[at]) if at < len(columns) else ""
    return label.strip(" ()-") if _NAME.search(label) else ""


def _claim(title: str, column: str, texts: list[str], dataset: str, value: str) -> Iterator[Claim]:
    label = " ".join((column, *texts))
    found = {
        "metricAndValue": _METRIC.search(label) or _METRIC.search(title),
        "dataset": dataset,
        "splitOrRevision": _SPLIT.search(label) or _SPLIT.search(title),
    }
    parts = {part for part, content in found.items() if content}
    if parts & {"metricAndValue", "dataset"}:
        observed = {"section": title, "row": " ".join(texts), "column": column, "value": value}
        yield Claim(score_of(parts), {name: shown(text) for name, text in observed.items()})
