"""New jobs, and what says that one is under way."""

from datetime import timedelta

import pytest
from hypothesis import given

from models.entities import EvaluationItem, EvaluationUnderWayItem, ModelItem
from models.entities.evaluation import (
    evaluation_id_of,
    evaluation_key,
    model_evaluation_key,
    under_way_key,
)
from models.entities.item import Key
from models.entities.source_claim import source_claim_key
from models.evaluation.jobs import JobMaker
from models.evaluation.page import Page
from models.evaluation.record import EvaluationRecord, EvaluationStatus
from models.evaluation.times import Times
from models.history.chain import Attribution
from models.ids import is_model_id, new_id
from models.timestamps import Timestamp, shifted
from models.transaction import Put
from tests.unit.models.evaluation.evaluations import (
    ASKED,
    DEADLINE,
    MODEL_ID,
    PAGE,
    a_job,
    a_request,
    open_jobs,
)
from tests.unit.models.strategies import a_record

ANN = Attribution("user:ann", "user:ann", "why")


def maker(now: Timestamp = ASKED) -> JobMaker:
    return JobMaker(lambda: now, Times(deadline_seconds=1_800), lambda: "1+x")


class TestJob:
    """A request as a job."""

    def test_waits_until_its_deadline(self) -> None:
        job = maker().job(Page("acme/tiny", "v1"), ANN, model_id=MODEL_ID)
        assert (job.status, job.attempts, job.claim) == (EvaluationStatus.QUEUED, 0, None)
        assert (job.created_at, job.deadline) == (ASKED, DEADLINE)
        assert job.request == a_request(
            url=f"{PAGE}/tree/v1",
            revision="v1",
            model_id=MODEL_ID,
            attribution=ANN,
            evaluator_version="1+x",
        )

    def test_has_a_new_id_unless_one_was_chosen(self) -> None:
        one, other = (maker().job(Page("tiny"), ANN).id for _ in range(2))
        assert is_model_id(one)
        assert one < other
        assert maker().job(Page("tiny"), ANN, evaluation_id=one).id == one

    def test_is_written_with_what_says_that_it_is_under_way(self) -> None:
        job = maker().job(Page("tiny"), ANN)
        found = [write.item.key for write in maker().writes(job) if isinstance(write, Put)]
        assert found == [evaluation_key(job.id), under_way_key(job.request)]
        assert all(write.condition is not None for write in maker().writes(job))


class TestUnderWay:
    """What says that a page is being evaluated."""

    def test_names_the_evaluation_until_its_deadline(self) -> None:
        item = EvaluationUnderWayItem.of(a_job(id="e"))
        before = shifted(DEADLINE, timedelta(microseconds=-1))
        assert maker(before).under_way(item) == "e"
        assert maker(DEADLINE).under_way(item) is None

    def test_is_nothing_else(self) -> None:
        assert maker().under_way(None) is None
        assert maker().under_way(EvaluationItem.of(a_job())) is None
        assert maker().under_way(ModelItem.of(a_record())) is None

    def test_expires_no_earlier_than_its_deadline(self) -> None:
        raw = EvaluationUnderWayItem.of(a_job()).serialize()
        assert int(raw["expires_at"]["N"]) == 1_767_324_845

    def test_stands_beside_the_claim_to_the_page(self) -> None:
        key = under_way_key(a_request())
        assert key.pk == source_claim_key(f"{PAGE}/").pk
        assert key.sk != source_claim_key(PAGE).sk

    def test_is_one_for_each_page_revision_and_model(self) -> None:
        requests = [
            a_request(repo_id=repo_id, revision=revision, model_id=model_id)
            for repo_id in ("tiny", "acme/tiny")
            for revision in (None, "v1", MODEL_ID)
            for model_id in (None, MODEL_ID)
        ]
        assert len({under_way_key(request) for request in requests}) == len(requests)


class TestKeys:
    """Where jobs and models' records of them stand."""

    def test_of_a_job_tells_its_id(self) -> None:
        evaluation_id = new_id()
        assert evaluation_id_of(evaluation_key(evaluation_id)) == evaluation_id

    @given(open_jobs)
    def test_of_what_says_that_it_is_under_way_is_no_jobs(self, job: EvaluationRecord) -> None:
        assert evaluation_id_of(EvaluationUnderWayItem.of(job).key) is None

    @pytest.mark.parametrize(
        "key",
        [
            Key(f"MODEL#{MODEL_ID}", "MODEL"),
            Key(f"MODEL#{MODEL_ID}", "EVALUATION"),
            Key(f"EVALUATION#{MODEL_ID}", "EVALUATIONS"),
            Key("SOURCE#00", "EVALUATION"),
            Key("EVALUATION", "EVALUATION"),
        ],
    )
    def test_of_something_else_is_no_jobs(self, key: Key) -> None:
        assert evaluation_id_of(key) is None

    def test_of_a_models_evaluations_are_newest_first_behind_its_artifacts(self) -> None:
        keys = [model_evaluation_key(MODEL_ID, new_id()) for _ in range(5)]
        assert keys == sorted(keys, reverse=True)
        assert all("MODEL#ARTIFACT#~" < key.sk < "STATE#" for key in keys)
