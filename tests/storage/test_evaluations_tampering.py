"""What somebody who can write the table can alter of evaluations, and how it is found."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from graph.local.aws import EmbeddedAws
from models.entities import ModelEvaluationItem
from models.entities.change import change_key
from models.entities.evaluation import PREFIX, evaluation_key, model_evaluation_key
from models.entities.item import Key
from models.entities.model import model_key, partition
from models.evaluation.record import EvaluationRecord
from models.evaluation.text import record_text
from models.history.verification import Verdict
from models.ids import new_id
from models.settings import Settings
from models.verification import reading
from models.verification.reading import HistoryReading
from tests.storage.evaluations import (
    MISSING,
    PAGE,
    Office,
    job_key,
    model_of,
    record_key,
    result_of,
)
from tests.storage.house import Raw
from tests.storage.test_tampering import variants

VERSIONS = 5
GAP_SORT_KEYS = (
    *("MODEL#ARTIFACU", "MODEL#EVALUATIO", "MODEL#EVALUATION", "MODEL#EVALUATION!"),
    *("MODEL#EVALUATIONX", "MODEL#EVALUATION$", "MODEL#F", "MODEL#EVALUATIOO"),
)
RANGE_SORT_KEYS = (
    *(PREFIX, f"{PREFIX}0", f"{PREFIX}zzz", f"{PREFIX}~", f"{PREFIX}\U0010ffff"),
    f"{PREFIX}{'f' * 32}",
)


class Shelf:
    """A model whose versions 2 and 4 are evaluations, among other changes."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.evaluations = [office.evaluated()]
        self.model_id = model_of(self.evaluations[0])
        office.update(self.model_id, name="three")
        with office.scored(0.9):
            self.evaluations.append(office.evaluated())
        office.update(self.model_id, name="five")
        self.entries = office.history(self.model_id)

    def raw(self, key: Key) -> Raw:
        raw = self.office.raw(key)
        assert raw is not None
        return raw

    def verdict(self, **options: Any) -> Verdict:  # noqa: ANN401  # the verifier's own
        return self.office.verdict(self.model_id, **options)

    @contextmanager
    def rewritten(self, key: Key, raw: Raw | None) -> Iterator[None]:
        with self.office.put_back(key):
            if raw is None:
                self.office.delete_raw(key)
            else:
                self.office.put_raw(raw)
            yield

    def found(self, key: Key, raw: Raw | None, **options: Any) -> tuple[int | None, str]:  # noqa: ANN401
        """Return where the history is broken while `raw` stands at `key`, and how."""
        with self.rewritten(key, raw):
            verdict = self.verdict(**options)
        assert verdict.intact == (verdict.broken_at_version is None) == (verdict.problem is None)
        return verdict.broken_at_version, verdict.problem or ""

    def broken_at(self, key: Key, raw: Raw | None, **options: Any) -> int | None:  # noqa: ANN401
        return self.found(key, raw, **options)[0]


@pytest.fixture(scope="module")
def shelf(embedded_aws: EmbeddedAws) -> Shelf:
    """Return one for many tests, each of which puts back what it altered."""
    return Shelf(Office(embedded_aws.settings(Settings(table=f"test-{uuid.uuid4()}"))))


def altered_texts(text: str) -> Iterator[tuple[str, str]]:
    """Yield a record with each field altered, removed and of another type."""
    fields = json.loads(text)

    def dumped(other: dict[str, object]) -> str:
        return json.dumps(other, separators=(",", ":"), ensure_ascii=False)

    for name, value in fields.items():
        for other in (None, f"{value}x"):
            if other != value:
                yield f"{name} is {other!r}", dumped(fields | {name: other})
    yield "a field removed", dumped({key: fields[key] for key in fields if key != "netScore"})
    yield "a field added", dumped(fields | {"more": 1})
    yield "white space added", text.replace(",", ", ")
    for other_text in ("", "x", "null", "[]", "{}", "[" * 100_000):
        yield other_text[:5], other_text


class TestIntact:
    """Evaluations that nobody touched."""

    def test_stay_so_when_records_get_more_fields(
        self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "models.entities.evaluation.record_text",
            lambda record: record_text(record).replace("}", ',"more":1}'),
        )
        assert shelf.verdict().intact

    def test_are_intact_and_complete(self, shelf: Shelf) -> None:
        assert shelf.verdict() == Verdict(
            intact=True,
            complete=True,
            entries_checked=VERSIONS,
            head_hash=shelf.entries[-1].hash,
        )

    @pytest.mark.parametrize(("first", "last"), [(1, 2), (2, 2), (3, 3), (3, 4), (4, 5), (5, 5)])
    def test_are_intact_in_every_range(self, shelf: Shelf, first: int, last: int) -> None:
        verdict = shelf.verdict(from_version=first, to_version=last)
        assert (verdict.intact, verdict.complete) == (True, True)

    def test_are_intact_beside_jobs_that_failed_or_have_not_ended(self, shelf: Shelf) -> None:
        office = shelf.office
        office.upstream.failures = [MISSING]
        office.run(office.ask())
        office.ask(model_id=shelf.model_id)
        assert shelf.verdict().intact

    def test_are_not_read_where_no_entry_mentions_any(
        self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(HistoryReading, "evaluations", None)
        assert shelf.verdict(from_version=3, to_version=3).intact


class TestModelsRecord:
    """The model's own record of an evaluation."""

    def test_any_alteration_is_found(self, shelf: Shelf) -> None:
        for evaluation, version in zip(shelf.evaluations, (2, 4), strict=True):
            key = record_key(evaluation)
            raw = shelf.raw(key)
            found = {what: shelf.broken_at(key, other) for what, other in variants(raw)}
            assert set(found.values()) <= {version, VERSIONS}, found

    def test_any_alteration_of_its_text_is_found(self, shelf: Shelf) -> None:
        key = record_key(shelf.evaluations[0])
        raw = shelf.raw(key)
        found = {
            what: shelf.broken_at(key, raw | {"text": {"S": text}}, to_version=2)
            for what, text in altered_texts(raw["text"]["S"])
        }
        assert set(found.values()) <= {2, VERSIONS}, found
        forged = raw["text"]["S"].replace('"netScore":0.5', '"netScore":0.9')
        expected = f"the record of evaluation {shelf.evaluations[0].id} was altered"
        assert shelf.found(key, raw | {"text": {"S": forged}}) == (2, expected)

    def test_that_was_removed_is_missed(self, shelf: Shelf) -> None:
        for evaluation, version in zip(shelf.evaluations, (2, 4), strict=True):
            expected = f"evaluation {evaluation.id} is missing or cannot be read"
            assert shelf.found(record_key(evaluation), None) == (version, expected)

    def test_that_was_moved_is_found(self, shelf: Shelf) -> None:
        raw = shelf.raw(record_key(shelf.evaluations[0]))
        other = model_evaluation_key(shelf.model_id, new_id())
        assert shelf.broken_at(other, raw | {"SK": {"S": other.sk}}) == VERSIONS

    def test_two_that_were_swapped_are_found(self, shelf: Shelf) -> None:
        keys = [record_key(evaluation) for evaluation in shelf.evaluations]
        one, other = (shelf.raw(key) for key in keys)
        with shelf.rewritten(keys[0], other | {"SK": one["SK"]}):
            assert shelf.broken_at(keys[1], one | {"SK": other["SK"]}) == VERSIONS

    def test_that_came_from_another_model_is_found(self, shelf: Shelf) -> None:
        other = shelf.office.evaluated(f"{PAGE}2")
        raw = shelf.raw(record_key(other)) | {"PK": {"S": partition(shelf.model_id)}}
        key = Key(raw["PK"]["S"], raw["SK"]["S"])
        assert shelf.broken_at(key, raw) == VERSIONS


class TestAddedRecord:
    """A record of an evaluation that never was."""

    @staticmethod
    def forged(shelf: Shelf, **fields: Any) -> EvaluationRecord:  # noqa: ANN401  # a result's
        evaluation = shelf.evaluations[0]
        forged = replace(result_of(evaluation), model_id=shelf.model_id, **fields)
        return replace(evaluation, id=new_id(), result=forged)

    @pytest.mark.parametrize("version", [1, 2, 3, VERSIONS, VERSIONS + 1, 10**9])
    def test_is_found(self, shelf: Shelf, version: int) -> None:
        item = ModelEvaluationItem.of(self.forged(shelf, version=version))
        found = shelf.broken_at(item.key, item.serialize())
        assert found == min(version, VERSIONS + 1)

    @pytest.mark.parametrize("version", [None, "x", [], {}, 1.5])
    def test_of_no_version_at_all_is_found(self, shelf: Shelf, version: object) -> None:
        item = ModelEvaluationItem.of(self.forged(shelf, version=version))
        assert shelf.broken_at(item.key, item.serialize()) == VERSIONS

    def test_is_not_looked_for_where_not_all_entries_are_known(self, shelf: Shelf) -> None:
        item = ModelEvaluationItem.of(self.forged(shelf, version=3))
        assert shelf.broken_at(item.key, item.serialize(), from_version=2) is None

    @pytest.mark.parametrize("kind", ["ModelEvaluation", "Artifact", "ChangeEntry", "Unknown"])
    def test_or_anything_else_in_its_place_is_found(self, shelf: Shelf, kind: str) -> None:
        raw = shelf.raw(record_key(shelf.evaluations[0])) | {"kind": {"S": kind}}
        for sort_key in RANGE_SORT_KEYS:
            stray = raw | {"SK": {"S": sort_key}}
            assert shelf.broken_at(Key(raw["PK"]["S"], sort_key), stray) == VERSIONS

    def test_around_the_range_is_found_and_not_listed(self, shelf: Shelf) -> None:
        raw = shelf.raw(record_key(shelf.evaluations[0]))
        reader = shelf.office.evaluation_reader
        for sort_key in GAP_SORT_KEYS:
            key, stray = Key(raw["PK"]["S"], sort_key), raw | {"SK": {"S": sort_key}}
            expected = f"an item that nobody wrote stands at {sort_key!r}"
            assert shelf.found(key, stray) == (VERSIONS, expected)
            with shelf.rewritten(key, stray):
                page = reader.of_model(shelf.model_id, 10, version=None)
            assert [one.id for one in page.items] == [one.id for one in shelf.evaluations[::-1]]


class TestJob:
    """The evaluation's own record, which has its details too."""

    @pytest.mark.parametrize("name", ["result", "details"])
    @pytest.mark.parametrize("other", [None, {"S": ""}, {"S": "{}"}, {"N": "1"}, {"NULL": True}])
    def test_an_altered_result_or_detail_is_found(
        self, shelf: Shelf, name: str, other: dict[str, Any] | None
    ) -> None:
        key = job_key(shelf.evaluations[1])
        raw = shelf.raw(key)
        raw.pop(name)
        altered = raw if other is None else raw | {name: other}
        assert shelf.broken_at(key, altered) in {4, VERSIONS}

    def test_any_alteration_of_what_is_shown_is_found(self, shelf: Shelf) -> None:
        (evaluation, _), key = shelf.evaluations, job_key(shelf.evaluations[0])
        missed = {
            what: other
            for what, other in variants(shelf.raw(key))
            if shelf.broken_at(key, other, to_version=2) is None
        }
        for what, other in missed.items():  # what no answer is made of
            with shelf.rewritten(key, other):
                assert shelf.office.read(evaluation) == evaluation, what

    def test_an_altered_detail_is_told_as_such(self, shelf: Shelf) -> None:
        evaluation = shelf.evaluations[0]
        raw = shelf.raw(job_key(evaluation))
        details = raw["details"]["S"].replace('"score":0.5', '"score":1.0')
        assert details != raw["details"]["S"]
        expected = f"the details of evaluation {evaluation.id} were altered"
        altered = raw | {"details": {"S": details}}
        assert shelf.found(job_key(evaluation), altered) == (2, expected)

    def test_that_was_removed_is_missed(self, shelf: Shelf) -> None:
        for evaluation, version in zip(shelf.evaluations, (2, 4), strict=True):
            expected = f"evaluation {evaluation.id} is not what its model's record says"
            assert shelf.found(job_key(evaluation), None) == (version, expected)

    @pytest.mark.parametrize("kind", ["Unknown", "Snapshot", "EvaluationUnderWay"])
    def test_of_another_kind_is_found(self, shelf: Shelf, kind: str) -> None:
        key = job_key(shelf.evaluations[0])
        assert shelf.broken_at(key, shelf.raw(key) | {"kind": {"S": kind}}) in {2, VERSIONS}

    def test_of_another_evaluation_is_found(self, shelf: Shelf) -> None:
        keys = [job_key(evaluation) for evaluation in shelf.evaluations]
        raw = shelf.raw(keys[1]) | {"PK": {"S": keys[0].pk}}
        assert shelf.broken_at(keys[0], raw) == 2

    def test_altered_together_with_the_models_record_is_found(self, shelf: Shelf) -> None:
        evaluation = shelf.evaluations[0]
        job, record = job_key(evaluation), record_key(evaluation)
        forged = shelf.raw(record)["text"]["S"].replace('"netScore":0.5', '"netScore":1.0')
        with shelf.rewritten(job, shelf.raw(job) | {"result": {"S": forged}}):
            altered = shelf.raw(record) | {"text": {"S": forged}}
            assert shelf.broken_at(record, altered) == 2


class TestEntry:
    """The entry of an evaluation, and the score that it gave."""

    def test_that_was_removed_is_missed(self, shelf: Shelf) -> None:
        for version in (2, 4):
            key = change_key(shelf.model_id, shelf.entries[version - 1].timestamp)
            assert shelf.broken_at(key, None) == version

    @pytest.mark.parametrize(
        ("name", "value"),
        [("net_score", {"N": "1"}), ("latest_evaluation_id", {"S": new_id()})],
    )
    def test_a_score_that_it_did_not_give_is_found(
        self, shelf: Shelf, name: str, value: dict[str, str]
    ) -> None:
        key = model_key(shelf.model_id)
        assert shelf.broken_at(key, shelf.raw(key) | {name: value}) == VERSIONS


class TestRange:
    """A part of a history."""

    def test_finds_what_is_wrong_with_the_evaluations_in_it(self, shelf: Shelf) -> None:
        key = record_key(shelf.evaluations[1])
        assert shelf.broken_at(key, None, from_version=3, to_version=4) == 4
        assert shelf.broken_at(key, None, from_version=4) == 4
        job = evaluation_key(shelf.evaluations[1].id)
        assert shelf.broken_at(job, None, from_version=3, to_version=4) == 4

    def test_does_not_look_at_the_others(self, shelf: Shelf) -> None:
        key = record_key(shelf.evaluations[1])
        assert shelf.broken_at(key, None, to_version=3) is None
        job = evaluation_key(shelf.evaluations[1].id)
        assert shelf.broken_at(job, None, from_version=1, to_version=2) is None


class TestBudget:
    """Verifying many evaluations."""

    def test_of_the_requests_is_kept(self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "READ_BUDGET_REQUESTS", 12)
        verdict = shelf.verdict()
        assert verdict.intact
        monkeypatch.setattr(reading, "READ_BUDGET_REQUESTS", 3)
        verdict = shelf.verdict()
        assert (verdict.intact, verdict.complete) == (True, False)
