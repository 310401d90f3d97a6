"""Several who ask for evaluations at once, and several workers at the same job."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from models.evaluation.record import EvaluationRecord
from tests.storage.evaluations import HUB, PAGE, SUCCEEDED, FakeUpstream, Office, model_of

THREADS = 8
T = TypeVar("T")


def at_once(do: Callable[[int], T]) -> list[T]:
    """Do something in each of many threads at the same moment."""
    ready = Barrier(THREADS)

    def do_when_ready(number: int) -> T:
        ready.wait(10)
        return do(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(do_when_ready, range(THREADS)))


class TestRequests:
    """Many who ask for the same page."""

    def test_get_one_evaluation_and_one_model(self, office: Office) -> None:
        asked = at_once(lambda _: office.ask())
        assert len({one.id for one in asked}) == 1
        assert office.count("Evaluation") == office.count("EvaluationUnderWay") == 1
        done = office.run(asked[0])
        assert office.count("Model") == office.count("SourceClaim") == 1
        assert office.verdict(model_of(done)).intact


class TestWorkers:
    """Many workers."""

    def test_at_one_job_come_to_one_result(self, office: Office) -> None:
        job = office.ask()
        upstreams = [FakeUpstream() for _ in range(THREADS)]
        agains = at_once(lambda number: office.worker(upstreams[number]).run(job.id))
        done = office.read(job)
        assert done.status is SUCCEEDED
        assert sum(len(upstream.asked) for upstream in upstreams) == 1
        assert agains.count(None) >= 1
        assert office.actions(model_of(done)) == ["CREATE", "EVALUATE"]
        assert office.verdict(model_of(done)).intact

    def test_at_many_jobs_of_one_model_all_have_a_place_in_its_history(
        self, office: Office
    ) -> None:
        jobs = [office.ask(f"{PAGE}/tree/v{number}") for number in range(THREADS)]

        def run(number: int) -> EvaluationRecord:
            office.worker(FakeUpstream()).run(jobs[number].id)
            return office.read(jobs[number])

        done = at_once(run)
        (model_id,) = {model_of(one) for one in done}
        assert office.count("Model") == 1
        assert office.actions(model_id) == ["CREATE", *["EVALUATE"] * THREADS]
        assert office.model(model_id).latest_evaluation_id == jobs[-1].id
        assert office.verdict(model_id).intact

    def test_at_jobs_for_both_addresses_of_a_renamed_model_make_one_model(
        self, office: Office
    ) -> None:
        jobs = [office.ask(f"{HUB}/old-{number}") for number in range(THREADS - 1)]
        jobs.append(office.ask(PAGE))
        for number in range(THREADS - 1):
            office.rename(f"old-{number}", "acme/tiny")
        at_once(lambda number: office.worker().run(jobs[number].id))
        done = [office.run(job) for job in jobs]
        (model_id,) = {model_of(one) for one in done}
        assert office.count("Model") == 1
        assert len(office.model(model_id).source_aliases) == THREADS - 1
        assert office.verdict(model_id).intact
