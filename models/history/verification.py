"""Whether a stored history holds: pure, fed with what was read, in the order of the keys."""

from dataclasses import dataclass

from models.history.chain import entry_hash, sha256_hex
from models.history.diff import field_texts
from models.history.snapshot import parse_snapshot, snapshot_text
from models.records import ChangeRecord, ModelRecord


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a client kept of an earlier answer: that a version had this hash."""

    version: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found.

    Attributes:
        intact: nothing that was checked fails.
        complete: everything that was asked for was checked.
        head_hash: hash of the newest entry that the model's current record names.
        broken_at_version: the first version at which the chain does not hold.
        problem: what is wrong there.
    """

    intact: bool
    complete: bool
    entries_checked: int
    head_hash: str
    broken_at_version: int | None = None
    problem: str | None = None


class Broken(Exception):  # noqa: N818  # a finding, not a failure of the verifier
    """The history does not hold at a version."""

    def __init__(self, version: int, problem: str) -> None:
        super().__init__(problem)
        self.version = version
        self.problem = problem


class ChainWalk:
    """Walks a model's entries in the order of their keys, and raises Broken where one fails."""

    def __init__(
        self, first_version: int, previous_hash: str | None, receipt: Receipt | None = None
    ) -> None:
        self._receipt = receipt
        self._first = first_version
        self.next_version = first_version
        self.previous_hash = previous_hash
        """Hash of the entry before the next one; None before version 1."""

    @property
    def entries_checked(self) -> int:
        """How many entries hold so far."""
        return self.next_version - self._first

    def check(self, entry: ChangeRecord, snapshot: str | None) -> None:
        """Check the next entry, and the snapshot of the version that is due."""
        version = self.next_version
        self._check_place(entry, version)
        self._check_hash(entry, version)
        self._check_snapshot(entry, snapshot)
        self._check_receipt(entry)
        self.previous_hash = entry.hash
        self.next_version += 1

    def check_link(self, entry: ChangeRecord) -> None:
        """Check that `entry` names the entry before it."""
        if entry.previous_hash != self.previous_hash:
            raise Broken(entry.version, "the entry does not follow from the one before it")

    def check_current(self, current: ModelRecord, newest_snapshot: str) -> None:
        """Check the model's current record against the newest entry and its snapshot."""
        version = self.next_version - 1
        if current.head_hash != self.previous_hash:
            raise Broken(version, "the current record names another hash than the newest entry's")
        if snapshot_text(current) != newest_snapshot:
            fields = ", ".join(_differing_fields(current, newest_snapshot)) or "other fields"
            raise Broken(version, f"the current record differs from its snapshot in {fields}")

    def _check_place(self, entry: ChangeRecord, version: int) -> None:
        if entry.version > version:
            raise Broken(version, missing_entry(version))
        if entry.version < version:
            raise Broken(version, f"an entry of version {entry.version} stands in its place")
        self.check_link(entry)

    def _check_hash(self, entry: ChangeRecord, version: int) -> None:
        try:
            intact = entry_hash(entry) == entry.hash
        except ValueError as error:  # what RFC 8785 cannot express was never hashed by us
            raise Broken(version, "the entry was altered") from error
        if not intact:
            raise Broken(version, "the entry was altered")

    def _check_snapshot(self, entry: ChangeRecord, snapshot: str | None) -> None:
        if snapshot is None:
            raise Broken(entry.version, missing_snapshot(entry.version))
        if sha256_hex(snapshot) != entry.snapshot_sha256:
            raise Broken(entry.version, f"the snapshot of version {entry.version} was altered")

    def _check_receipt(self, entry: ChangeRecord) -> None:
        receipt = self._receipt
        if receipt and receipt.version == entry.version and receipt.hash != entry.hash:
            raise Broken(entry.version, "the entry's hash is not the one in the receipt")


def missing_entry(version: int) -> str:
    """Say that a version's entry is missing."""
    return f"the entry of version {version} is missing"


def missing_snapshot(version: int) -> str:
    """Say that a version's snapshot is missing."""
    return f"the snapshot of version {version} is missing or cannot be read"


def _differing_fields(current: ModelRecord, snapshot: str) -> list[str]:
    stored = field_texts(parse_snapshot(snapshot))
    return [field for field, text in field_texts(current).items() if stored.get(field) != text]
