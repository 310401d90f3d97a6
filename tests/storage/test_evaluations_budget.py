"""How many requests evaluations send to DynamoDB: the table of section 3 of DATA_MODEL."""

import time
from dataclasses import replace

from models.entities import EvaluationItem, ModelEvaluationItem
from models.errors import UserErrorCode
from models.evaluation.record import EvaluationRecord
from models.ids import EvaluationRef, new_id
from tests.storage.evaluations import (
    HUB,
    PAGE,
    SUCCEEDED,
    UNREACHABLE,
    Office,
    model_of,
    result_of,
)
from tests.storage.house import refused
from tests.storage.test_request_budget import counted

KEY = "key-1"
MANY = 100
LARGE = '{"metrics":[],"sizeScore":null,"more":"' + "x" * 8_000 + '"}'
READ, READ_MANY, WRITE, LIST = "GetItem", "BatchGetItem", "TransactWriteItems", "Query"


class Shelf:
    """A model with 101 evaluations that have details of 8 KB each."""

    def __init__(self, office: Office) -> None:
        first = office.evaluated()
        self.model_id = model_of(first)
        result = replace(result_of(first), details=LARGE)
        others = [replace(first, id=new_id(), result=result) for _ in range(MANY)]
        self.evaluations: list[EvaluationRecord] = [first, *others][::-1]
        office.write_past_the_registry(
            [*map(ModelEvaluationItem.of, others), *map(EvaluationItem.of, others)]
        )


class TestReads:
    """Of a model with 101 evaluations."""

    def test_of_a_models_evaluations_take_one_request(self, office: Office) -> None:
        shelf = Shelf(office)
        with counted(office) as sent:
            page = office.evaluation_reader.of_model(shelf.model_id, MANY, version=None)
        assert ([one.id for one in page.items], page.has_more) == (
            [one.id for one in shelf.evaluations[:MANY]],
            True,
        )
        assert sent == [LIST]

    def test_of_the_newest_as_of_a_version_take_one_request(self, office: Office) -> None:
        shelf = Shelf(office)
        with counted(office) as sent:
            page = office.evaluation_reader.of_model(shelf.model_id, 1, version=2)
        assert len(page.items) == 1
        assert sent == [LIST]

    def test_of_100_evaluations_with_their_details_take_one_request(self, office: Office) -> None:
        shelf = Shelf(office)
        with counted(office) as sent:
            found = office.evaluation_reader.evaluations(one.id for one in shelf.evaluations[:MANY])
        assert (len(found), sent) == (MANY, [READ_MANY])

    def test_of_100_nodes_of_the_past_take_two_requests(self, office: Office) -> None:
        shelf = Shelf(office)
        refs = [EvaluationRef(one.id, shelf.model_id, 2) for one in shelf.evaluations[:MANY]]
        with counted(office) as sent:
            assert len(office.reader.nodes(refs)) == MANY
        assert sent == [READ_MANY] * 2


class TestEvaluate:
    """Asking without waiting."""

    def test_for_a_new_page_takes_two_requests(self, office: Office) -> None:
        with counted(office) as sent:
            office.ask()
        assert sent == [READ_MANY, WRITE]

    def test_with_a_key_takes_no_more(self, office: Office) -> None:
        with counted(office) as sent:
            office.ask(idempotency_key=KEY)
        assert sent == [READ_MANY, WRITE]

    def test_for_a_page_that_a_model_claims_takes_three(self, office: Office) -> None:
        office.create(source_url=PAGE)
        with counted(office) as sent:
            office.ask(idempotency_key=KEY)
        assert sent == [READ_MANY, READ, WRITE]

    def test_for_a_model_that_is_named_takes_three(self, office: Office) -> None:
        model_id = office.create().model.id
        with counted(office) as sent:
            office.ask(model_id=model_id, idempotency_key=KEY)
        assert sent == [READ_MANY, WRITE, READ_MANY]

    def test_for_what_is_under_way_takes_two(self, office: Office) -> None:
        office.ask()
        with counted(office) as sent:
            office.ask()
        assert sent == [READ_MANY, READ]

    def test_again_takes_three_at_most(self, office: Office) -> None:
        job = office.ask(idempotency_key=KEY)
        with counted(office) as sent:
            office.ask(idempotency_key=KEY)
        assert sent == [READ_MANY, READ]
        office.run(job)
        with counted(office) as sent:
            office.ask(idempotency_key=KEY)
        assert sent == [READ_MANY, READ, READ_MANY]

    def test_that_is_refused_takes_two_at_most(self, office: Office) -> None:
        model_id = office.create(source_url=PAGE).model.id
        office.delete(model_id)
        for given in (None, model_id):
            with (
                counted(office) as sent,
                refused(UserErrorCode.INVALID_STATE, "modelId" if given else "url"),
            ):
                office.ask(model_id=given)
            assert len(sent) <= 2

    def test_while_waiting_reads_the_job_alone(self, office: Office) -> None:
        job = office.ask()
        office.run(job)
        with counted(office) as sent:
            assert office.evaluations._awaited(job, time.monotonic() + 5).status is SUCCEEDED
        assert sent == [READ]


class TestBatch:
    """Asking for 250 evaluations."""

    URLS = tuple(f"{HUB}/acme/m{number}" for number in range(250))
    JOBS = (READ_MANY, WRITE) * 10
    """25 at a time: what is there already, and what is not."""

    def test_takes_23_requests(self, office: Office) -> None:
        with counted(office) as sent:
            office.ask_many(*self.URLS)
        assert sent == [*[READ_MANY] * 3, *self.JOBS]

    def test_with_a_key_takes_25(self, office: Office) -> None:
        with counted(office) as sent:
            office.ask_many(*self.URLS, idempotency_key=KEY)
        assert sent == [READ, *[READ_MANY] * 3, WRITE, *self.JOBS]
        with counted(office) as sent:
            office.ask_many(*self.URLS, idempotency_key=KEY)
        assert sent == [READ, *[READ_MANY] * 10]


class TestWorker:
    """Running a job."""

    def test_for_a_new_page_takes_four_requests(self, office: Office) -> None:
        job = office.ask()
        with counted(office) as sent:
            office.worker().run(job.id)
        # The job and its claim; who claims the page; the model and the end, in one.
        assert sent == [READ, WRITE, READ_MANY, WRITE]

    def test_for_a_page_that_a_model_claims_takes_six(self, office: Office) -> None:
        office.create(source_url=PAGE)
        job = office.ask()
        with counted(office) as sent:
            office.worker().run(job.id)
        assert sent == [READ, WRITE, READ_MANY, READ, READ_MANY, WRITE]

    def test_for_a_model_that_is_named_takes_four(self, office: Office) -> None:
        job = office.ask(model_id=office.create().model.id)
        with counted(office) as sent:
            office.worker().run(job.id)
        assert sent == [READ, WRITE, READ, WRITE]

    def test_that_fails_takes_three(self, office: Office) -> None:
        job = office.ask()
        office.upstream.failures = [UNREACHABLE] * 3
        with counted(office) as sent:
            office.run_to_its_end(job)
        # Three attempts: the job, its claim, its release or end; and the last look at it.
        assert sent == [*[READ, WRITE, WRITE] * 3, READ_MANY]

    def test_that_has_ended_takes_one(self, office: Office) -> None:
        job = office.evaluated()
        with counted(office) as sent:
            office.worker().run(job.id)
        assert sent == [READ]
        assert job.status is SUCCEEDED
