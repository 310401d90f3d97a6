"""A model with its newest changes and its newest files, as far as one Query reads them.

Files sort after their model, and changes before it: so a descending Query that begins at the files'
end reads all files, oldest first, the model, and its newest changes. That is one request for a
model with few files, and useless for one with so many that it ends before the model.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from models.artifacts.reader import ArtifactPage, Wanted
from models.belongings import Walk
from models.entities import ArtifactItem, ModelItem
from models.entities.artifact import LAST, PREFIX
from models.entities.change import change_key
from models.entities.item import Item
from models.entities.model import SORT_KEY, partition
from models.records import ChangeAction, ChangeRecord, ModelRecord
from models.registry.change_page import ChangePage, changes_in
from models.table import CorruptItem, SortRange, Table

FILES_EXPECTED = 20
"""A model with no more files takes one request, if enough of both is asked for: see `_expected`."""

_OF_FILES = frozenset({ChangeAction.ARTIFACT_ADD, ChangeAction.ARTIFACT_DELETE})


@dataclass(frozen=True, slots=True)
class Overview:
    """A model's newest state, with what was read along with it.

    Attributes:
        artifacts: None where they have to be read by themselves.
    """

    model: ModelRecord
    changes: ChangePage
    artifacts: ArtifactPage | None = None

    def has_changes(self, count: int) -> bool:
        """Tell whether the newest `count` changes, or all that there are, were read."""
        return len(self.changes.entries) >= min(count, self.model.version)


class Unreached(Exception):  # noqa: N818  # what was read is of no use, and no error
    """The Query ended before the model, or met an item that may belong to neither page."""


def read_overview(table: Table, model_id: str, changes: int, files: int) -> Overview | None:
    """Read a model with its newest changes and files, or None where there is no model.

    Fewer changes than `changes` may have been read.

    Raises:
        Unreached: read them one after the other.
    """
    try:
        page = table.query(
            partition(model_id),
            SortRange(change_key(model_id, "").sk, LAST),
            limit=_expected(changes, files) + 1 + changes,
            descending=True,
        )
    except CorruptItem as error:
        raise Unreached from error
    place = next((i for i, item in enumerate(page.items) if item.SK == SORT_KEY), None)
    if place is None:
        if page.read_up_to:
            raise Unreached
        return None
    item, found = page.items[place], page.items[:place]
    if not isinstance(item, ModelItem):
        return None
    model = item.to_record()
    # A change that was written between the two items' reading belongs to no model we show.
    entries = [one for one in changes_in(page.items[place + 1 :]) if one.version <= model.version]
    artifacts = _newest(table, model_id, found, files) if _are_current(found, entries) else None
    return Overview(model, ChangePage(entries), artifacts)


def _expected(changes: int, files: int) -> int:
    """Return for how many files there shall be room.

    For each that the model lacks an older change is read, which can be large: so small pages make
    room for a few alone.
    """
    return max(files, min(FILES_EXPECTED, 2 * (changes + files)))


def _are_current(files: Sequence[Item], entries: Sequence[ChangeRecord]) -> bool:
    """Tell whether the files are as the entries say, which were read after them.

    A Query is no snapshot: a file may join or leave while it goes on.
    """
    known: set[float | None] = set()
    for item in files:
        if isinstance(item, ArtifactItem):
            known |= {item.getter("added_in_version"), item.getter("deleted_in_version")}
    return known.issuperset(entry.version for entry in entries if entry.action in _OF_FILES)


def _newest(table: Table, model_id: str, files: Sequence[Item], first: int) -> ArtifactPage:
    """Return the newest files' page, from all files, oldest first."""
    walk = Walk(first, Wanted().seen, PREFIX, LAST)
    walk.take((item for item in reversed(files) if item.SK.startswith(PREFIX)), None)
    return walk.finish(table, partition(model_id))
