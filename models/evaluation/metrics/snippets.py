"""Which block of code in a card runs this very model."""

import re

from models.evaluation.card_blocks import Code

_NO_PROGRAMS = frozenset({"bib", "bibtex", "json", "latex", "tex", "text", "txt", "yaml", "yml"})
_RUNS = re.compile(
    r"\bimport\b|\brequire\(|from_pretrained|pipeline\(|\bload\w*\("
    r"|\b(?:serve|run|predict|generate|transcribe|chat)\b|llama-|--model|--hf-repo|\bcurl\b"
)
_COMMENT = re.compile(r"^[ \t]*+(?:#|//).*$", re.MULTILINE)


def runs_model(code: Code, repo_id: str) -> bool:
    """Tell whether a block of code is a program that names the model.

    The model's whole id names it. So does its name without an owner, in quotes or as a command's
    argument: not another owner's model of the same name, nor a variable.
    """
    if code.language in _NO_PROGRAMS:
        return False
    text = _COMMENT.sub("", code.text)
    return _RUNS.search(text) is not None and _naming(repo_id).search(text) is not None


def _naming(repo_id: str) -> re.Pattern[str]:
    whole, name = re.escape(repo_id), re.escape(repo_id.rpartition("/")[2])
    alone = rf"['\"`]{name}['\"`]|(?:serve|run|--model|--model-name-or-path)[ =]{name}(?![\w./-])"
    if "/" not in repo_id:
        return re.compile(alone, re.IGNORECASE)
    return re.compile(rf"(?<![\w.-]){whole}(?![\w-])|{alone}", re.IGNORECASE)
