"""What an export is: its format, its names, and which documents are none. Pure."""

from typing import Any, Final

FORMAT: Final = "ml-model-evaluator/history-export"
FORMAT_VERSION: Final = 1
"""Grows when a reader of the last one would misread the next."""
ITEM_KEYS: Final = frozenset({"entry", "snapshot"})
ENTRY_KEYS: Final = frozenset(
    {
        *("modelId", "version", "action", "timestamp", "changedBy", "authenticatedAs", "reason"),
        *("changes", "snapshotSha256", "previousHash", "hash"),
    }
)
_TEXTS: Final = ("modelId", "exportedAt", "headHash", "current")
_DOCUMENT_KEYS: Final = frozenset({"format", "formatVersion", *_TEXTS, "history", "records"})


class NewerFormat(ValueError):  # noqa: N818  # not what is wrong with the document, but with us
    """An export may hold, but this program is too old to read it."""


def history_of(document: object) -> list[Any]:
    """Return the history of a document, all of whose other parts are of their types.

    Raises:
        NewerFormat: its format is newer than this program.
        ValueError: it is no export.
    """
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(f"this is no export: its format is not {FORMAT}")
    version = document.get("formatVersion")
    if type(version) is not int:  # 1.0 and True are equal to 1
        raise ValueError("this is no export: its formatVersion is no whole number")
    if version < 1:
        raise ValueError(f"this is no export: there is no format version {version}")
    if version > FORMAT_VERSION:
        raise NewerFormat(
            f"this export has format version {version}, and this program reads "
            f"{FORMAT_VERSION}: update it"
        )
    history = document.get("history")
    texts = [document.get(name) for name in _TEXTS]
    records = document.get("records")
    if (
        not isinstance(history, list)
        or not isinstance(records, list)
        or not all(isinstance(text, str) for text in [*texts, *records])
    ):
        raise ValueError(f"this export lacks one of {', '.join(_TEXTS)}, history and records")
    if document.keys() - _DOCUMENT_KEYS:
        raise ValueError("this is no export: it has more than one has")
    return history
