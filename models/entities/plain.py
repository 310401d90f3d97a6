"""Items of texts and numbers alone, which nearly all are that are read by the page.

What an entity's attributes are stands in its class, by PynamoDB's descriptors; this reads them once
for each class and then an item at once, where PynamoDB looks up, converts and sets each by itself.
"""

from collections.abc import Mapping
from json import JSONDecoder
from typing import Any, Generic, TypeVar

from pynamodb.attributes import DiscriminatorAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

E = TypeVar("E", bound=Model)

_scan = JSONDecoder().scan_once  # type: ignore[attr-defined]  # its stub lacks it
"""What json.loads is around, for a text that begins and ends with its value."""


class PlainItems(Generic[E]):
    """Reads the plain ones among an entity's items.

    Args:
        discriminator: the name of the attribute that tells the entity.
    """

    def __init__(self, entity: type[E], discriminator: str) -> None:
        attributes = [
            one
            for one in entity.get_attributes().values()
            if type(one) is not DiscriminatorAttribute
        ]
        self.entity = entity
        self._discriminator = discriminator
        self._texts = {one.attr_name for one in attributes if type(one) is UnicodeAttribute}
        self._numbers = {one.attr_name for one in attributes if type(one) is NumberAttribute}
        self._others = {one.attr_name for one in attributes} - self._texts - self._numbers

    def read(self, raw: Mapping[str, Mapping[str, Any]]) -> E | None:
        """Return an item of DynamoDB's JSON, or None where some attribute is not plain.

        Raises:
            KeyError, TypeError, ValueError: some are not of the entity's types.
        """
        for name in self._others:
            if name in raw:
                return None
        texts = self._texts
        values: dict[str, Any] = {name: held["S"] for name, held in raw.items() if name in texts}
        for name in self._numbers:
            if name in raw:
                values[name] = _number(raw[name]["N"])
        values[self._discriminator] = self.entity
        item = self.entity.__new__(self.entity)
        item.attribute_values = values
        return item


def _number(text: str) -> Any:  # noqa: ANN401  # what PynamoDB makes of it, by json.loads
    try:
        value, end = _scan(text, 0)
    except StopIteration as error:
        raise ValueError(text) from error
    if end != len(text):
        raise ValueError(text)
    return value
