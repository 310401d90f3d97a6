"""The license that a Hugging Face card declares."""

from collections.abc import Mapping, Sequence

from models import json_text
from models.json_text import Json
from models.limits import LICENSE_MAX_CHARACTERS

_OTHER = "other"
_TAG = "license:"


def declared_license(card_data: Mapping[str, Json], tags: Sequence[str]) -> str | None:
    """Return what a card declares, in a form that the registry stores; None where it does not.

    The Hub's tags count only where the card has no `license`. `other` stands for its
    `license_name`, unless that is a license which the Hub would have listed: then the two
    contradict each other. Several licenses all apply, since a card has no way to offer a choice.
    White space is made single spaces; what then does not fit the registry's rules for a license
    (its length, control characters) declares nothing.
    """
    name = _name_of_other(card_data.get("license_name"))
    stated = card_data.get("license")
    if stated in (None, "", []):
        tagged: list[Json] = [tag.removeprefix(_TAG) for tag in tags if tag.startswith(_TAG)]
        return _joined(tagged, name)
    return _joined(stated, name)


def _joined(licenses: Json, name_of_other: str) -> str | None:
    listed = licenses if isinstance(licenses, list) else [licenses]
    if len(listed) > LICENSE_MAX_CHARACTERS:  # they could not be stored, and to look takes long
        return None
    texts = [text for text in map(_storable, listed) if text]
    if len(texts) < len(listed):  # to leave one out would declare less than the card does
        return None
    named = list(dict.fromkeys(name_of_other if text.lower() == _OTHER else text for text in texts))
    if len(named) <= 1:
        return named[0] if named else None
    # Each one stands for itself: brackets and operators inside must not reach over to another.
    operands = [_operand(text) for text in named]
    return _OTHER if None in operands else _storable(" AND ".join(map(str, operands)))


def _operand(text: str) -> str | None:
    """Return a license as it stands among others, or None where it cannot be identified."""
    from models.license import expression  # noqa: PLC0415  # slow to import, and rarely needed

    parsed = expression.parse(text)
    if parsed is None:
        return None
    return f"({parsed})" if " " in str(parsed) else text


def _name_of_other(value: Json) -> str:
    from models.license import expression  # noqa: PLC0415  # slow to import, and rarely needed

    name = _storable(value)
    parsed = expression.parse(name) if name else None
    # A name of one's own is a reference; what SPDX or the Hub lists would not be `other`.
    is_own = name is not None and str(parsed).startswith("LicenseRef-") and " " not in str(parsed)
    return name if is_own and name else _OTHER


def _storable(value: Json) -> str | None:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if not 1 <= len(text) <= LICENSE_MAX_CHARACTERS or json_text.text_problem(text):
        return None
    return text
