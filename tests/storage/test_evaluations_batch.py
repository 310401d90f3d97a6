"""Many evaluations with one request, and what a resend finds of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from models.entities.idempotency import Answer
from models.errors import Fault, Forbidden, Refusal, UserErrorCode
from models.evaluation.batch import JOBS_PER_TRANSACTION
from models.evaluation.commands import EvaluateModels
from models.evaluation.record import EvaluationRecord
from models.registry.idempotency import Resend
from models.timestamps import shifted
from models.transaction import ConditionFailed, Write
from tests.storage.evaluations import (
    HUB,
    PAGE,
    QUEUED,
    SUCCEEDED,
    TIMES,
    Office,
    failure_of,
    page_key,
)
from tests.storage.faults import CONFLICT, injected
from tests.storage.house import ANN, BOB, JOB, refused

KEY = "key-1"
SEVERAL = tuple(f"{HUB}/acme/m{number}" for number in range(60))
"""In three transactions."""


class Crash(Exception):  # noqa: N818  # no error of ours
    """The process ends."""


def ids(evaluations: list[EvaluationRecord]) -> list[str]:
    return [evaluation.id for evaluation in evaluations]


def crash_after(office: Office, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process end after so many transactions."""
    transact = office.table.transact
    made: list[bool] = []

    def transact_or_crash(writes: list[Write]) -> None:
        if len(made) == count:
            raise Crash
        transact(writes)
        made.append(True)

    monkeypatch.setattr(office.table, "transact", transact_or_crash)


class TestQueue:
    """What is asked for."""

    def test_is_queued_in_its_order(self, office: Office) -> None:
        made = office.ask_many(*SEVERAL[:5])
        assert [one.request.url for one in made] == list(SEVERAL[:5])
        assert {one.status for one in made} == {QUEUED}
        assert [office.read(one) for one in made] == made
        assert {office.run(one).status for one in made} == {SUCCEEDED}
        assert office.count("Model") == 5

    def test_is_evaluated_once_however_often_it_is_named(self, office: Office) -> None:
        made = office.ask_many(PAGE, f"{PAGE}/tree/v1", f"{PAGE}/", "hf://acme/tiny@v1", PAGE)
        first, at_v1 = ids(made)[:2]
        assert ids(made) == [first, at_v1, first, at_v1, first]
        assert office.count("Evaluation") == 2

    def test_takes_250_urls(self, office: Office) -> None:
        urls = [f"{HUB}/acme/m{number % 200}" for number in range(250)]
        made = office.ask_many(*urls, idempotency_key=KEY)
        assert [one.request.url for one in made] == urls
        assert ids(made[200:]) == ids(made[:50])
        assert office.count("Evaluation") == office.count("EvaluationUnderWay") == 200
        assert office.ask_many(*urls, idempotency_key=KEY) == made

    def test_that_is_under_way_gets_that_evaluation(self, office: Office) -> None:
        theirs = office.ask(SEVERAL[1], BOB)
        for key in (None, KEY):
            made = office.ask_many(*SEVERAL[:3], idempotency_key=key)
            assert made[1] == theirs
        assert office.count("Evaluation") == 3

    def test_that_is_queued_meanwhile_gets_that_evaluation(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        theirs: list[EvaluationRecord] = []
        transact = office.table.transact

        def be_faster(writes: list[Write]) -> None:
            if len(writes) > 1:
                monkeypatch.undo()
                theirs.append(office.ask(SEVERAL[1], BOB))
            transact(writes)

        monkeypatch.setattr(office.table, "transact", be_faster)
        made = office.ask_many(*SEVERAL[:3], idempotency_key=KEY)
        assert made[1].id == theirs[0].id
        assert office.ask_many(*SEVERAL[:3], idempotency_key=KEY) == made
        assert office.count("Evaluation") == 3

    def test_is_attributed_to_whoever_asked(self, office: Office) -> None:
        made = office.ask_many(*SEVERAL[:2], principal=JOB, changed_by="user:c", reason="why")
        for one in made:
            given = one.request.attribution
            assert (given.changed_by, given.authenticated_as) == ("user:c", "key:01")
            assert given.reason == "why"

    def test_of_a_deleted_model_fails_when_it_is_run(self, office: Office) -> None:
        model_id = office.create(source_url=PAGE).model.id
        office.delete(model_id)
        (job,) = office.ask_many(PAGE)
        assert failure_of(office.run(job)).code is UserErrorCode.INVALID_STATE
        assert office.model(model_id).version == 2


class TestRefused:
    """What refuses the whole request."""

    def test_is_each_url_at_fault_by_its_index(self, office: Office) -> None:
        good = SEVERAL[:2]
        with pytest.raises(Refusal) as caught:
            office.ask_many(good[0], "ftp://x", good[1], f"{HUB}/datasets/a/b", reason="\x00")
        faults = caught.value.faults
        assert [fault.field for fault in faults] == [("urls", "1"), ("urls", "3"), ("reason",)]
        assert {fault.code for fault in faults} == {UserErrorCode.INVALID_INPUT}
        assert faults[0].message == "urls[1] must be an absolute http or https URL"
        assert faults[1].message.startswith("urls[3] must be a model's page")
        assert office.raw_table() == []

    @pytest.mark.parametrize("count", [0, 251])
    def test_is_their_number(self, office: Office, count: int) -> None:
        with pytest.raises(Refusal) as caught:
            office.ask_many(*[PAGE] * count)
        message = f"urls must have 1 to 250 URLs, not {count}"
        expected = Fault(UserErrorCode.INVALID_INPUT, message, ("urls",))
        assert caught.value.faults == (expected,)

    def test_is_somebody_elses_name_from_a_person(self, office: Office) -> None:
        with pytest.raises(Forbidden):
            office.ask_many(PAGE, principal=ANN, changed_by="user:bob")
        assert office.raw_table() == []


class TestResend:
    """The same input under the same key."""

    def test_answers_the_same_evaluations(self, office: Office) -> None:
        made = office.ask_many(*SEVERAL[:4], SEVERAL[0], idempotency_key=KEY)
        assert office.ask_many(*SEVERAL[:4], SEVERAL[0], idempotency_key=KEY) == made
        assert office.count("Evaluation") == 4

    def test_answers_what_has_become_of_them(self, office: Office) -> None:
        made = office.ask_many(*SEVERAL[:2], idempotency_key=KEY)
        done = [office.run(made[0]), made[1]]
        assert office.ask_many(*SEVERAL[:2], idempotency_key=KEY) == done
        # What has ended is not begun again under the same key.
        assert office.count("Evaluation") == 2

    @pytest.mark.parametrize("transactions", range(4))
    def test_completes_what_a_crash_left(
        self, office: Office, monkeypatch: pytest.MonkeyPatch, transactions: int
    ) -> None:
        with monkeypatch.context() as patch:
            crash_after(office, transactions, patch)
            with pytest.raises(Crash):
                office.ask_many(*SEVERAL, idempotency_key=KEY)
        written = set(office.evaluation_reader.left_open())
        assert len(written) == JOBS_PER_TRANSACTION * max(transactions - 1, 0)
        made = office.ask_many(*SEVERAL, idempotency_key=KEY)
        assert [one.request.url for one in made] == list(SEVERAL)
        assert written <= set(ids(made))
        assert office.count("Evaluation") == len(SEVERAL)
        assert office.ask_many(*SEVERAL, idempotency_key=KEY) == made

    def test_after_a_crash_takes_what_is_under_way_by_then(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            crash_after(office, 1, patch)
            with pytest.raises(Crash):
                office.ask_many(*SEVERAL[:3], idempotency_key=KEY)
        theirs = office.ask(SEVERAL[1], BOB)
        made = office.ask_many(*SEVERAL[:3], idempotency_key=KEY)
        assert made[1] == theirs
        # That is remembered, though what is under way now is another one.
        office.run(theirs)
        again = office.ask(SEVERAL[1], BOB)
        assert again.id != theirs.id
        assert ids(office.ask_many(*SEVERAL[:3], idempotency_key=KEY)) == ids(made)

    def test_remembers_what_it_took_where_that_meets_another_request(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            crash_after(office, 1, patch)
            with pytest.raises(Crash):
                office.ask_many(PAGE, idempotency_key=KEY)
        theirs = office.ask(PAGE, BOB)
        transact, sent = office.table.transact, []

        def conflict_at_the_end(writes: list[Write]) -> None:
            sent.append(len(writes))
            if sent.count(1) == 1 and len(writes) == 1:
                with injected(office.client, "TransactWriteItems", CONFLICT, times=1):
                    transact(writes)
            else:
                transact(writes)

        monkeypatch.setattr(office.table, "transact", conflict_at_the_end)
        assert ids(office.ask_many(PAGE, idempotency_key=KEY)) == [theirs.id]
        assert sent == [2, 1, 1]

    def test_after_the_jobs_time_answers_that_they_failed(self, office: Office) -> None:
        made = office.ask_many(*SEVERAL[:2], idempotency_key=KEY)
        office.pass_time(TIMES.deadline_seconds)
        again = office.ask_many(*SEVERAL[:2], idempotency_key=KEY)
        assert ids(again) == ids(made)
        assert all(failure_of(one) for one in again)


class TestOtherInput:
    """Another input under the same key."""

    @pytest.mark.parametrize("urls", [SEVERAL[:1], SEVERAL[1::-1], SEVERAL[:3]])
    def test_is_refused(self, office: Office, urls: tuple[str, ...]) -> None:
        office.ask_many(*SEVERAL[:2], idempotency_key=KEY)
        with refused(UserErrorCode.IDEMPOTENCY_CONFLICT, "idempotencyKey"):
            office.ask_many(*urls, idempotency_key=KEY)
        assert office.count("Evaluation") == 2

    def test_after_a_day_is_a_new_request(self, office: Office) -> None:
        made = office.ask_many(*SEVERAL[:2], idempotency_key=KEY)
        office.clock.now = shifted(office.clock.now, timedelta(hours=24, seconds=1))
        again = office.ask_many(SEVERAL[0], idempotency_key=KEY)
        assert again[0].id not in ids(made)
        assert ids(office.ask_many(SEVERAL[0], idempotency_key=KEY)) == ids(again)


class TestAtOnce:
    """The same request from several clients at the same moment."""

    def test_makes_each_evaluation_once(self, office: Office) -> None:

        def ask(_: int) -> list[str]:
            return ids(office.ask_many(*SEVERAL[:30], idempotency_key=KEY))

        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(ask, range(4)))
        assert all(answer == answers[0] for answer in answers)
        assert office.count("Evaluation") == office.count("EvaluationUnderWay") == 30

    def test_without_a_key_makes_each_evaluation_once_too(self, office: Office) -> None:

        def ask(number: int) -> list[str]:
            urls = SEVERAL[number : number + 10]
            return [f"{one.request.url} {one.id}" for one in office.ask_many(*urls)]

        with ThreadPoolExecutor(4) as pool:
            answers = {answer for made in pool.map(ask, range(0, 20, 5)) for answer in made}
        assert len(answers) == office.count("Evaluation") == 25
        for one in office.evaluation_reader.evaluations(
            answer.split()[1] for answer in answers
        ).values():
            assert office.raw(page_key(one))


class TestLetterCase:
    """One page, its name in other letter case."""

    def test_is_one_page(self, office: Office) -> None:
        first, other, again = ids(
            office.ask_many(PAGE, f"{HUB}/acme/other", f"{HUB}/Acme/TINY", idempotency_key=KEY)
        )
        assert first == again != other
        assert office.count("Evaluation") == 2
        assert ids(
            office.ask_many(PAGE, f"{HUB}/acme/other", f"{HUB}/Acme/TINY", idempotency_key=KEY)
        ) == [first, other, first]

    def test_of_a_revision_tells_apart(self, office: Office) -> None:
        made = office.ask_many(f"{PAGE}/tree/v1", f"{PAGE}/tree/V1", f"{HUB}/ACME/tiny/tree/v1")
        assert len(set(ids(made))) == 2


class TestCorrection:
    """Of the ids that a request wrote down."""

    def test_leaves_the_record_of_another_request_alone(self, office: Office) -> None:
        office.ask_many(PAGE, idempotency_key=KEY)
        resend = Resend.of(ANN, EvaluateModels(urls=(PAGE,), idempotency_key=KEY))
        other = Resend.of(ANN, EvaluateModels(urls=(f"{HUB}/acme/x",), idempotency_key=KEY))
        assert resend
        assert other
        before = office.raw(resend.key)
        correction = other.correction(Answer(evaluation_ids=("forged",)), office.clock())
        with pytest.raises(ConditionFailed):
            office.table.transact([correction])
        assert office.raw(resend.key) == before
