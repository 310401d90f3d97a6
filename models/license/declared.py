"""The license that a Hugging Face card declares."""

import re
from collections.abc import Iterable, Mapping, Sequence

from models import json_text
from models.json_text import Json
from models.limits import LICENSE_MAX_CHARACTERS

_OTHER = "other"
_TAG = "license:"


def declared_license(card_data: Mapping[str, Json], tags: Sequence[str]) -> str | None:
    """Return what a card declares, in a form that the registry stores; None where it does not.

    The card's `license` goes before the Hub's tags. `other` stands for its `license_name`, where
    that is a text that can be stored. Several licenses all apply, since a card has no way to offer
    a choice. White space is made single spaces; what then does not fit the registry's rules for a
    license (its length, control characters) declares nothing.
    """
    name = _storable(card_data.get("license_name")) or _OTHER
    tagged: list[Json] = [tag.removeprefix(_TAG) for tag in tags if tag.startswith(_TAG)]
    return _joined(card_data.get("license"), name) or _joined(tagged, name)


def _joined(licenses: Json, name_of_other: str) -> str | None:
    listed = licenses if isinstance(licenses, list) else [licenses]
    texts = [text for text in map(_storable, listed) if text]
    if len(texts) < len(listed):  # to leave one out would declare less than the card does
        return None
    named = dict.fromkeys(name_of_other if text.lower() == _OTHER else text for text in texts)
    return _storable(" AND ".join(_operands(named)))


def _operands(licenses: Iterable[str]) -> list[str]:
    texts = list(licenses)
    if len(texts) == 1:
        return texts
    return [f"({text})" if re.search(r"\sor\s", text, re.IGNORECASE) else text for text in texts]


def _storable(value: Json) -> str | None:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if not 1 <= len(text) <= LICENSE_MAX_CHARACTERS or json_text.text_problem(text):
        return None
    return text
