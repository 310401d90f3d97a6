"""What a card's text says of how the model was trained.

Each pattern reads a bounded number of characters from where it starts, whatever the text.
"""

import re

from models.evaluation.card import Card
from models.evaluation.card_blocks import Paragraph, filled_texts, word_count
from models.evaluation.metrics.scripts import is_training_script

_SECTION_MIN_WORDS = 5
_LIBRARIES_MIN = 2
"""One pinned library serves the model; who states two or more describes an environment."""

_HYPERPARAMETERS = re.compile(r"\bhyper[ -]?param", re.IGNORECASE)
_LEARNING_RATE = re.compile(
    r"(?<![a-z])(?:learning[ _-]?rate|lr)\b[^\d]{0,40}\d|\d[\d.e-]{0,12} learning[ _-]?rate",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"(?<![a-z])(?:batch[ _-]?size\b[^\d]{0,40}\d|epochs?\b[^\d]{0,20}\d"
    r"|weight[ _-]?decay\b[^\d]{0,20}\d|warm[ _-]?up\b[^\d]{0,30}\d"
    r"|(?:adamw?|adafactor|lamb|lion|rmsprop|sgd)\b)"
    r"|\d epochs?\b|\d[k,.\d]{0,12} (?:training )?steps\b",
    re.IGNORECASE,
)
_SEED = re.compile(r"(?<![a-z])seeds?\b[^\d]{0,30}\d", re.IGNORECASE)
_DATA_REVISION = re.compile(
    r"\b(?:data ?sets?|corpus|data)\b[^\d.]{0,40}\b(?:version|revision|commit|snapshot|dump)\b"
    r"[^\d]{0,20}\d"
    r"|\b(?:version|revision|commit|snapshot|dump)\b[^\d]{0,5}\d[\w.-]{0,40} of (?:the )?"
    r"(?:[\w-]{1,40} ){0,3}(?:data ?set|corpus|data)\b",
    re.IGNORECASE,
)
_PINNED_DATA = re.compile(
    r"/datasets/[\w.-]{1,96}(?:/[\w.-]{1,96})?/(?:tree|blob|resolve)/[0-9a-f]{40}"
    r"|load_dataset\([^)]{0,300}\brevision\s*="
)
_PINNED = re.compile(r"(?<![\w.-])([A-Za-z][\w.-]{1,40})(?:\[[\w,-]{1,40}\])?==\d")
_VERSION = re.compile(
    r"\b(accelerate|cuda|datasets|diffusers|flax|jax|keras|numpy|peft|python|pytorch|scikit-learn"
    r"|sentence[- ]transformers|speechbrain|tensorflow|timm|tokenizers|torch|transformers|trl)"
    r"[ :|=v]{1,5}\d+\.\d",
    re.IGNORECASE,
)
_REST = re.compile(r"[\w.,-]{0,20}")
_PATH = re.compile(r"(?<![\w./:-])[\w./:-]{1,200}\.(?:py|sh|ipynb)\b")


class TrainingText:
    """A card's prose and code, asked for one thing after the other."""

    def __init__(self, card: Card) -> None:
        self._card = card
        self._prose = " ".join(card.texts())
        self._codes = [code.text for code in card.codes()]
        self._prose_source = [block.text for block in card.blocks if isinstance(block, Paragraph)]

    def hyperparameters(self) -> list[str]:
        """Return where they are: the sections of that name, or a learning rate and its like."""
        sections = self._card.sections(_HYPERPARAMETERS)
        found = [
            section.title
            for section in sections
            if sum(map(word_count, filled_texts(section.blocks))) >= _SECTION_MIN_WORDS
        ]
        texts = (self._prose, *self._codes)
        return found or [value for text in texts for value in _training_values(text)]

    def seeds(self) -> list[str]:
        """Return where a seed stands: in prose, or in code beside a learning rate."""
        training = (text for text in self._codes if _LEARNING_RATE.search(text))
        texts = (self._prose, *training)
        return [_whole(match) for text in texts if (match := _SEED.search(text))]

    def data_revisions(self) -> list[str]:
        """Return where the revision of a dataset stands."""
        prose = _DATA_REVISION.search(self._prose)
        pinned = map(_PINNED_DATA.search, (*self._prose_source, *self._codes))
        return [_whole(match) for match in (prose, *pinned) if match]

    def pinned_libraries(self) -> list[str]:
        """Return the libraries whose versions stand there; nothing if it is a single one."""
        found = {
            match[1].lower()
            for text in (self._prose, *self._codes)
            for pattern in (_PINNED, _VERSION)
            for match in pattern.finditer(text)
        }
        return sorted(found) if len(found) >= _LIBRARIES_MIN else []

    def scripts(self) -> list[str]:
        """Return the training scripts that the card links, or calls in a block of code.

        A name alone, in prose, may be that of a file which is not there.
        """
        links = (path for text in self._prose_source for path in _PATH.findall(text))
        calls = (path for text in self._codes for path in _PATH.findall(text))
        paths = (*(link for link in links if "://" in link), *calls)
        return [path for path in paths if is_training_script(path)]


def _training_values(text: str) -> list[str]:
    found = (_LEARNING_RATE.search(text), _OTHERS.search(text))
    return [_whole(match) for match in found if match] if all(found) else []


def _whole(match: re.Match[str]) -> str:
    """Return what matched, with the rest of the number that it ends in."""
    rest = _REST.match(match.string, match.end())
    return (match[0] + (rest[0] if rest else "")).rstrip(".,")
