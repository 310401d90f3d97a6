"""Verifying an export: pure, with nothing but the document."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from graph.client.export.document import ENTRY_KEYS, ITEM_KEYS, history_of
from models.history.diff import FieldChange as StoredChange
from models.history.diff import parse_changes
from models.history.verification import Broken, ChainWalk, Receipt, missing_entry
from models.records import ChangeAction, ChangeRecord
from models.timestamps import Timestamp

_RECORDED: Final = frozenset({"artifacts", "evaluations"})
"""What entries name by the digest of a record."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying an export found.

    Attributes:
        intact: the whole document holds.
        broken_at_version: the first version at which it does not.
        problem: what is wrong there.
        entries: how many entries hold.
    """

    intact: bool
    broken_at_version: int | None
    problem: str | None
    entries: int


def verify_export(
    document: dict[str, Any], *, receipt: Receipt | None = None, model_id: str | None = None
) -> Verification:
    """Recompute the hash chain of an export, with nothing but the document.

    All of the document is covered but `exportedAt`, which only tells when it was made.

    A history that was cut short and given another `headHash` looks intact: compare `headHash` with
    the service's, the audit log, or a receipt.

    Args:
        receipt: what was kept of an earlier answer: that a version had this hash.
        model_id: whose history it must be; any model's unless given.

    Raises:
        NewerFormat: its format is newer than this program.
        ValueError: it is no export.
    """
    history = history_of(document)
    walk = ChainWalk(1, None, receipt)
    try:
        _check_model(document["modelId"], model_id)
        for item in history:
            _check(walk, item, document["modelId"])
        _check_records(history, document["records"])
        _check_end(walk, document, history, receipt)
    except Broken as broken:
        holds = min(walk.entries_checked, broken.version - 1)
        return Verification(False, broken.version, broken.problem, holds)
    return Verification(True, None, None, walk.entries_checked)


def _check_model(found: str, wanted: str | None) -> None:
    if wanted is not None and found.lower() != wanted.lower():
        raise Broken(1, f"the history is that of model {found}, and not of {wanted}")


def _check(walk: ChainWalk, item: object, model_id: str) -> None:
    """Check one version, whose item may be anything that JSON can hold."""
    version = walk.next_version
    if not isinstance(item, dict):
        raise Broken(version, missing_entry(version))
    if item.keys() - ITEM_KEYS:
        raise Broken(version, "beside the entry and the snapshot stands something else")
    entry, snapshot = _entry(item.get("entry"), version), item.get("snapshot")
    if entry.model_id != model_id:
        raise Broken(version, "the entry is another model's")
    try:
        walk.check(entry, snapshot if isinstance(snapshot, str) else None)
    except UnicodeEncodeError as error:  # half a surrogate pair was never hashed by the service
        raise Broken(version, f"the snapshot of version {version} was altered") from error


def _entry(fields: object, version: int) -> ChangeRecord:
    if not isinstance(fields, dict) or fields.keys() != ENTRY_KEYS:
        raise Broken(version, "the entry has not the fields of an entry")
    optional = {"reason", "previousHash"}
    texts = {name: value for name, value in fields.items() if name != "version"}
    if type(fields["version"]) is not int or not all(
        isinstance(value, str) or (value is None and name in optional)
        for name, value in texts.items()
    ):
        raise Broken(version, "a field of the entry is not of its type")
    return ChangeRecord(
        model_id=fields["modelId"],
        version=fields["version"],
        action=_action(fields["action"], version),
        timestamp=Timestamp(fields["timestamp"]),
        changed_by=fields["changedBy"],
        authenticated_as=fields["authenticatedAs"],
        reason=fields["reason"],
        changes=fields["changes"],
        snapshot_sha256=fields["snapshotSha256"],
        previous_hash=fields["previousHash"],
        hash=fields["hash"],
    )


def _action(word: str, version: int) -> ChangeAction:
    try:
        return ChangeAction(word)
    except ValueError as error:
        raise Broken(version, f"this program knows no action {word}") from error


def _check_records(history: list[Any], records: list[str]) -> None:
    """Check that the records are those that entries name, each by its SHA-256."""
    digests = {hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest() for text in records}
    named: set[str] = set()
    for item in history:
        entry = item["entry"]
        for node_id, digest in _named_in(entry):
            if digest not in digests:
                problem = f"the record of {node_id} is missing, or was altered"
                raise Broken(entry["version"], problem)
            named.add(digest)
    if digests - named:
        raise Broken(len(history), "there is a record that no entry names")
    if records != sorted(set(records)):
        raise Broken(len(history), "the records are not sorted, or one is there twice")


def _named_in(entry: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the files and evaluations that an entry names, with the digests of their records."""
    try:
        return list(_records_in(parse_changes(entry["changes"])))
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise Broken(entry["version"], "the changes of the entry cannot be read") from error


def _records_in(changes: list[StoredChange]) -> Iterator[tuple[str, str]]:
    for change in changes:
        if not isinstance(change.field, str):  # stored JSON can be anything
            raise TypeError("a field's name is no text")
        if change.field in _RECORDED:
            for value in (change.before, change.after):
                if isinstance(value, dict):
                    yield str(value.get("id")), str(value.get("recordSha256"))


def _check_end(
    walk: ChainWalk, document: dict[str, Any], history: list[Any], receipt: Receipt | None
) -> None:
    """Check what the document says of the newest version."""
    if not history:
        raise Broken(1, missing_entry(1))
    version = walk.entries_checked
    if document["headHash"] != walk.previous_hash:
        raise Broken(version, "headHash is not the newest entry's hash")
    if document["current"] != history[-1]["snapshot"]:
        raise Broken(version, "the current record differs from its snapshot")
    if receipt and receipt.version > version:
        raise Broken(version + 1, missing_entry(version + 1))
