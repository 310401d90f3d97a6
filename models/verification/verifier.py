"""Verifies a model's stored history, page by page, inside a read budget."""

from collections.abc import Iterator

from models.artifacts.change import Mention, mention_in
from models.entities import ModelItem
from models.errors import InvalidArgument
from models.evaluation.change import EvaluationMention, evaluation_in
from models.history.verification import Broken, ChainWalk, Receipt, Verdict, missing_entry
from models.ids import is_model_id
from models.records import ChangeRecord
from models.table import Table
from models.verification import evaluations
from models.verification.artifacts import check_mentioned, check_unmentioned, newest_named
from models.verification.reading import (
    HistoryReading,
    OutOfBudget,
    SnapshotsInOrder,
    Unreadable,
)

SOMETHING_BEYOND = "something stands beyond the model's newest version"


class Verifier:
    """Recomputes a model's hash chain from what is stored."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def verify(
        self,
        model_id: str,
        *,
        from_version: int | None = None,
        to_version: int | None = None,
        receipt: Receipt | None = None,
    ) -> Verdict | None:
        """Verify the versions of a range, both ends included, or None where there is no model.

        A range that reaches the newest version covers the model's current record too.

        Args:
            receipt: what somebody kept of an earlier answer; a chain that was rewritten whole,
                hashes and all, differs from it.

        Raises:
            InvalidArgument: the range is empty, begins below 1, or ends above the newest version.
        """
        first = 1 if from_version is None else from_version
        if first < 1:
            raise InvalidArgument("fromVersion must be at least 1", "fromVersion")
        if to_version is not None and to_version < first:
            raise InvalidArgument("toVersion must not be below fromVersion", "toVersion")
        if not is_model_id(model_id):
            return None
        reading = HistoryReading(self._table, model_id)
        try:
            current = reading.current()
        except Unreadable:
            return _without_current(reading.newest_entry_version())
        newest = current.to_record().version
        if first > newest:
            raise InvalidArgument(f"fromVersion must be at most {newest}", "fromVersion")
        if to_version is not None and to_version > newest:
            raise InvalidArgument(f"toVersion must be at most {newest}", "toVersion")
        return _Verification(reading, current, receipt).run(first, to_version)


class _Verification:
    """One run over one model."""

    def __init__(
        self, reading: HistoryReading, current: ModelItem, receipt: Receipt | None
    ) -> None:
        self._current = current
        self._model = current.to_record()
        self._receipt = receipt
        self._reading = reading
        self._checked = 0

    def run(self, first: int, to_version: int | None) -> Verdict:
        """Check the range, and say what was found."""
        last = self._model.version if to_version is None else to_version
        broken: Broken | None = None
        in_budget = True
        try:
            self._check(first, last)
        except Broken as error:
            broken = error
        except OutOfBudget:
            in_budget = False
        return Verdict(
            intact=broken is None,
            complete=in_budget and self._checked > last - first,
            entries_checked=self._checked,
            head_hash=self._model.head_hash or "",
            broken_at_version=broken.version if broken else None,
            problem=broken.problem if broken else None,
        )

    def _check(self, first: int, last: int) -> None:
        newest = self._model.version
        if self._receipt and self._receipt.version > newest:
            raise Broken(newest + 1, f"version {self._receipt.version} of the receipt is missing")
        previous = self._reading.entry_before(first)
        walk = ChainWalk(first, previous.hash if previous else None, self._receipt)
        entries = self._reading.entries(previous)
        snapshots = SnapshotsInOrder(self._reading.snapshots(first))
        mentions: list[Mention] = []
        evaluated: list[EvaluationMention] = []
        while walk.next_version <= last:
            entry = _next_entry(entries, walk.next_version)
            walk.check(entry, snapshots.of(walk.next_version))
            if mention := mention_in(entry):
                mentions.append(mention)
            if evaluation := evaluation_in(entry):
                evaluated.append(evaluation)
            self._checked = walk.entries_checked
        if last < newest:
            _check_next_link(walk, entries)
        else:
            self._check_nothing_beyond(entries, snapshots)
            self._check_current(walk, snapshots.newest_text)
        reaches_newest = last >= newest
        self._check_artifacts(
            mentions, is_whole=first == 1 and reaches_newest, reaches_newest=reaches_newest
        )
        self._check_evaluations(evaluated, is_whole=first == 1 and reaches_newest)

    def _check_nothing_beyond(
        self, entries: Iterator[ChangeRecord], snapshots: SnapshotsInOrder
    ) -> None:
        """Check that nothing follows the newest version but what was written since."""
        beyond = self._model.version + 1
        try:
            extra = next(entries, None)
            ahead = snapshots.next_version()
        except Unreadable as error:
            raise Broken(beyond, SOMETHING_BEYOND) from error
        if extra and extra.version < beyond:
            raise Broken(beyond, SOMETHING_BEYOND)
        found = max(extra.version if extra else 0, ahead or 0)
        if found and self._reading.newest_version() < found:
            raise Broken(beyond, SOMETHING_BEYOND)
        if stray := self._reading.stray():
            raise Broken(self._model.version, f"an item that nobody wrote stands at {stray!r}")

    def _check_artifacts(
        self, mentions: list[Mention], *, is_whole: bool, reaches_newest: bool
    ) -> None:
        """Check the records of the files that entries mention, and of all where all are known."""
        if not mentions and not is_whole:
            return
        try:
            records = {record.id: record for record in self._reading.artifacts()}
        except Unreadable as error:
            raise Broken(self._model.version, "an artifact cannot be read") from error
        check_mentioned(mentions, records, self._model.version if reaches_newest else None)
        if is_whole:
            check_unmentioned(mentions, records, self._model.version)
            self._check_version_was_made(newest_named(records.values()), "an artifact")

    def _check_evaluations(self, mentions: list[EvaluationMention], *, is_whole: bool) -> None:
        """Check the evaluations that entries mention, and that there are no others."""
        if not mentions and not is_whole:
            return
        newest = self._model.version
        try:
            found = list(self._reading.evaluations())
            jobs = self._reading.jobs([mention.evaluation_id for mention in mentions])
        except Unreadable as error:
            raise Broken(newest, "an evaluation cannot be read") from error
        evaluations.check_mentioned(mentions, {record.id: text for record, text in found})
        for mention in mentions:
            job = jobs.get(mention.evaluation_id)
            text, details = (job.result, job.details) if job else (None, None)
            evaluations.check_job(mention, text, details)
        if is_whole:
            versions = {one.id: one.result.version for one, _ in found if one.result}
            evaluations.check_unmentioned(mentions, versions, newest)
            self._check_version_was_made(max(versions.values(), default=0), "an evaluation")

    def _check_version_was_made(self, version: int, who: str) -> None:
        """Check that a version that a belonging names is there, if only since the walk began."""
        newest = self._model.version
        if version > newest and self._reading.newest_version() < version:
            raise Broken(newest + 1, f"{who} names version {version}, which was never made")

    def _check_current(self, walk: ChainWalk, newest_snapshot: str) -> None:
        walk.check_current(self._model, newest_snapshot)
        if not self._current.is_consistent():
            raise Broken(self._model.version, "the current record's index keys were altered")


def _without_current(newest: int | None) -> Verdict | None:
    """Say that a history has no current record, or nothing where there is no history either."""
    if newest is None:
        return None
    return Verdict(
        intact=False,
        complete=False,
        entries_checked=0,
        head_hash="",
        broken_at_version=newest,
        problem="the current record is missing or cannot be read",
    )


def _next_entry(entries: Iterator[ChangeRecord], version: int) -> ChangeRecord:
    try:
        return next(entries)
    except StopIteration:
        raise Broken(version, missing_entry(version)) from None
    except Unreadable as error:
        raise Broken(version, f"the entry of version {version} cannot be read") from error


def _check_next_link(walk: ChainWalk, entries: Iterator[ChangeRecord]) -> None:
    """Check that the entry after a range follows from it: else the range's end was rewritten.

    Whether that entry itself holds, or is there at all, is for a range that contains it.
    """
    try:
        following = next(entries, None)
    except Unreadable:
        return
    if following and following.version == walk.next_version:
        walk.check_link(following)
