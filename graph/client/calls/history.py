"""The history of a model: its entries, what differs between versions, and whether it holds."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from graph.client.answer import Answer, listed, member, number, optional, understood
from graph.client.calls.base import Calls
from graph.client.errors import UnexpectedAnswer, not_found
from graph.client.pages import items, page_that_fits
from graph.client.texts import SNAPSHOT_FIELDS, record_of
from graph.client.values.change import CHANGE_FIELDS, ChangeEntry, FieldChange
from graph.client.values.verification import VERIFICATION_FIELDS, HistoryVerification
from models import json_text
from models.history.diff import field_texts

_VERSION: Final = "query ($id: ID!) { model(id: $id) { version } }"
_CHANGES: Final = f"""query ($id: ID!, $version: Int, $first: Int, $after: String) {{
  model(id: $id, version: $version) {{ changeHistory(first: $first, after: $after) {{
    nodes {{ {CHANGE_FIELDS} }} pageInfo {{ hasNextPage endCursor }}
  }} }}
}}"""
_TWO_VERSIONS: Final = f"""query ($id: ID!, $from: Int!, $to: Int!) {{
  before: model(id: $id, version: $from) {{ {SNAPSHOT_FIELDS} }}
  after: model(id: $id, version: $to) {{ {SNAPSHOT_FIELDS} }}
}}"""
_VERIFICATION: Final = f"""query ($id: ID!, $from: Int, $to: Int) {{
  model(id: $id) {{ historyVerification(fromVersion: $from, toVersion: $to) {{
    {VERIFICATION_FIELDS}
  }} }}
}}"""
PAGE_ITEMS: Final = 50


class HistoryCalls(Calls):
    """The history of a model."""

    def changes(
        self, model_id: str, *, oldest_first: bool = False, page_size: int = PAGE_ITEMS
    ) -> Iterator[ChangeEntry]:
        """Read the entries of a model's history as they are needed, the newest first.

        Args:
            oldest_first: up to the version that the model has by now.

        Raises:
            NotFound: there is no such model.
        """
        nodes = (
            self._ascending(model_id, page_size)
            if oldest_first
            else items(lambda size, after: self._page(model_id, None, size, after), page_size)
        )
        for node in nodes:
            yield understood(ChangeEntry.of, node)

    def diff(self, model_id: str, from_version: int, to_version: int) -> list[FieldChange]:
        """Compare the fields of two versions; which comes first is the caller's choice.

        Files and evaluations are not compared: the entries between name them.

        Raises:
            NotFound: the model has not both versions.
        """
        versions = {"from": from_version, "to": to_version}
        data = self._api.query(_TWO_VERSIONS, id=model_id, **versions)
        sides: list[dict[str, str]] = []
        for name, version in (("before", from_version), ("after", to_version)):
            found = optional(data, name)
            if found is None:
                raise not_found(f"there is no model {model_id} at version {version}")
            sides.append(understood(_field_texts, found))
        before, after = sides
        return [
            FieldChange(field, json_text.loads(before[field]), json_text.loads(text))
            for field, text in after.items()
            if _canonical(before[field]) != _canonical(text)
        ]

    def verify_history(
        self, model_id: str, *, from_version: int | None = None, to_version: int | None = None
    ) -> HistoryVerification:
        """Have the service recompute the hash chain, of the whole history unless a range is given.

        A history that is too long for one request is verified in several.

        Raises:
            NotFound: there is no such model.
        """
        first, checked = from_version or 1, 0
        while True:
            data = self._api.query(
                _VERIFICATION, id=model_id, **{"from": first + checked, "to": to_version}
            )
            model = _existing(data, model_id)
            found = understood(HistoryVerification.of, member(model, "historyVerification"))
            checked += found.entries_checked
            if found.complete or not found.intact:
                return replace(found, entries_checked=checked)
            if found.entries_checked < 1:
                raise UnexpectedAnswer(f"the verification of model {model_id} makes no progress")

    def _page(
        self, model_id: str, version: int | None, size: int, after: str | None = None
    ) -> Answer:
        data = self._api.query(_CHANGES, id=model_id, version=version, first=size, after=after)
        model = _existing(data, model_id)
        return member(model, "changeHistory")

    def _ascending(self, model_id: str, page_size: int) -> Iterator[Answer]:
        """Read the pages that end at later and later versions: one of the past ends its history."""
        newest = number(_existing(self._api.query(_VERSION, id=model_id), model_id), "version")
        due, size = 1, page_size
        while due <= newest:
            page, size = page_that_fits(partial(self._from, model_id, due, newest), size)
            nodes = listed(page, "nodes")
            if not nodes:
                raise UnexpectedAnswer(f"the history of model {model_id} lacks version {due}")
            yield from reversed(nodes)
            due += len(nodes)

    def _from(self, model_id: str, first: int, newest: int, size: int) -> Answer:
        """Read the entries from version `first` on."""
        last = min(first + size - 1, newest)
        return self._page(model_id, last, last - first + 1)


def _existing(data: Answer, model_id: str) -> Answer:
    model = optional(data, "model")
    if model is None:
        raise not_found(f"there is no model {model_id}")
    return model


def _field_texts(answer: Answer) -> dict[str, str]:
    return field_texts(record_of(answer))


def _canonical(text: str) -> str:
    return json_text.canonical(json_text.loads(text))
