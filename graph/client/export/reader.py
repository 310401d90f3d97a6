"""Reading a model's history from the service, as one JSON document."""

from typing import Any, Final

from graph.client.answer import Answer, listed, member, number, optional, text, understood
from graph.client.api import Api
from graph.client.client import Client
from graph.client.errors import UnexpectedAnswer, not_found
from graph.client.export.document import FORMAT, FORMAT_VERSION
from graph.client.pages import PAGE_MAX_ITEMS, items, page_that_fits
from graph.client.texts import ENTRY_FIELDS, SNAPSHOT_FIELDS, changes_of, snapshot_of
from graph.client.values.change import ChangeEntry
from models.history.chain import sha256_hex
from models.timestamps import now

PAGE_ITEMS: Final = 20

_NOW: Final = f"query ($id: ID!) {{ model(id: $id) {{ {SNAPSHOT_FIELDS} }} }}"
_ENTRIES: Final = f"""query ($id: ID!, $version: Int!, $first: Int!) {{
  model(id: $id, version: $version) {{
    uuid
    changeHistory(first: $first) {{ nodes {{ {ENTRY_FIELDS} }} }}
  }}
}}"""
_FILES: Final = """query ($id: ID!, $version: Int!, $first: Int!, $after: String) {
  model(id: $id, version: $version) {
    uuid
    artifacts(first: $first, after: $after, statuses: [AVAILABLE, DELETED]) {
      nodes { recordText } pageInfo { hasNextPage endCursor }
    }
  }
}"""
_EVALUATIONS: Final = """query ($id: ID!, $version: Int!, $first: Int!, $after: String) {
  model(id: $id, version: $version) {
    uuid
    evaluations(first: $first, after: $after) {
      nodes { recordText } pageInfo { hasNextPage endCursor }
    }
  }
}"""


def export(client: Client, model_id: str) -> dict[str, Any]:
    """Read everything of a model's history that its hashes cover.

    What is changed while it is read is left out. Nothing is judged: `verify_export` does.

    Returns:
        a document that JSON can hold: `format`, `formatVersion`, `modelId`, `exportedAt`,
        `headHash`, `current` (the current record, written like a snapshot), `history`, with an
        object of `entry` and `snapshot` for each version, oldest first, and `records`, the texts of
        the files and evaluations that entries name.

    Raises:
        NotFound: there is no such model.
        UnexpectedAnswer: what is answered is another model's, say, which may be intact in itself.
    """
    api = client._api  # noqa: SLF001  # a part of the client, kept apart for its size
    current = optional(api.query(_NOW, id=model_id), "model")
    if current is None:
        raise not_found(f"there is no model {model_id}")
    current = _asked_for(current, model_id)
    newest = number(current, "version")
    if newest < 1:
        raise UnexpectedAnswer(f"model {model_id} cannot be at version {newest}")
    history = _history(api, model_id, newest)
    return {
        "format": FORMAT,
        "formatVersion": FORMAT_VERSION,
        "modelId": text(current, "uuid"),
        "exportedAt": now(),
        "headHash": history[-1]["entry"]["hash"],
        "current": understood(snapshot_of, current),
        "history": history,
        "records": _records(api, model_id, newest),
    }


def _history(api: Api, model_id: str, newest: int) -> list[dict[str, Any]]:
    """Read all entries with their snapshots, page by page from the newest to the oldest."""
    found: list[dict[str, Any]] = []
    size = PAGE_ITEMS

    def page(first: int) -> Answer:
        version = newest - len(found)
        data = api.query(_ENTRIES, id=model_id, version=version, first=first)
        return member(_asked_for(member(data, "model"), model_id), "changeHistory")

    while len(found) < newest:
        read, size = page_that_fits(page, size)
        nodes = listed(read, "nodes")
        if not nodes:
            raise UnexpectedAnswer(f"the history of model {model_id} ends before version 1")
        found += [understood(_item, node) for node in nodes]
    return found[::-1]


def _records(api: Api, model_id: str, newest: int) -> list[str]:
    """Read the records of all files and evaluations of a version, in a fixed order."""
    found: list[str] = []
    for document, connection in ((_FILES, "artifacts"), (_EVALUATIONS, "evaluations")):

        def page(
            first: int, after: str | None, document: str = document, connection: str = connection
        ) -> Answer:
            given = {"id": model_id, "version": newest, "first": first, "after": after}
            model = _asked_for(member(api.query(document, **given), "model"), model_id)
            return member(model, connection)

        found += [text(node, "recordText") for node in items(page, PAGE_MAX_ITEMS)]
    return sorted(found)


def _asked_for(model: Answer, model_id: str) -> Answer:
    """Return a model that is the one asked for: another's history would be intact, too."""
    if (answered := text(model, "uuid")).lower() != model_id.lower():
        raise UnexpectedAnswer(f"model {model_id} was asked for, not {answered}")
    return model


def _item(node: Answer) -> dict[str, Any]:
    entry, snapshot = understood(ChangeEntry.of, node), snapshot_of(node["model"])
    return {
        "entry": {
            "modelId": node["model"]["uuid"],
            "version": entry.version,
            "action": entry.action,
            "timestamp": entry.timestamp,
            "changedBy": entry.changed_by,
            "authenticatedAs": entry.authenticated_as,
            "reason": entry.reason,
            "changes": changes_of(entry),
            "snapshotSha256": sha256_hex(snapshot),
            "previousHash": entry.previous_hash,
            "hash": entry.hash,
        },
        "snapshot": snapshot,
    }
