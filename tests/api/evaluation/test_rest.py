"""POST and GET /evaluate, with a worker behind them that runs when a test lets it."""

import pytest

from tests.api.doors import Door
from tests.api.evaluation.bench import Bench
from tests.api.evaluation.hub_shelf import MODEL, URL
from tests.api.rest.job import MODEL as FIELDS
from tests.api.rest.job import NOBODY, Job, data, refused

REVISION = "v1.0"


@pytest.fixture
def client(each_door: Door) -> Door:
    return each_door


@pytest.fixture
def job(client: Door, bench: Bench, api: object) -> Job:  # noqa: ARG001  # fresh for each test
    return Job(client)


class TestEvaluate:
    """POST /evaluate."""

    def test_waits_for_the_result(self, job: Job) -> None:
        ended = data(job.post("/evaluate", url=URL))
        assert (ended["status"], ended["failure"]) == ("SUCCEEDED", None)
        assert 0 <= ended["net_score"] <= 1
        assert len(ended["metrics"]) == 10
        assert ended["metrics"][0].keys() == {"name", "status", "score", "weight", "latency_ms"}
        assert ended["change_entry"]["action"] == "EVALUATE"
        model = data(job.get(id=ended["model"]["id"]))
        assert (model["net_score"], model["name"]) == (ended["net_score"], ended["model"]["name"])

    def test_returns_at_once_where_it_is_asked_to(self, job: Job, bench: Bench) -> None:
        queued = data(job.post("/evaluate", url=URL, wait_seconds=0), 202)
        assert (queued["status"], queued["model"], queued["net_score"]) == ("QUEUED", None, None)
        polled = data(job.get("/evaluate", id=queued["id"]), 202)
        assert polled["status"] == "QUEUED"
        bench.work()
        ended = data(job.get("/evaluate", id=queued["id"]))
        assert (ended["id"], ended["status"]) == (queued["id"], "SUCCEEDED")

    def test_tells_why_it_failed(self, job: Job) -> None:
        failed = data(job.post("/evaluate", url="https://huggingface.co/acme/none"))
        assert (failed["status"], failed["failure"]["code"]) == ("FAILED", "UPSTREAM_NOT_FOUND")

    def test_attaches_to_a_model(self, job: Job) -> None:
        model_id = job.new_id()
        assert data(job.post("/evaluate", url=URL, model_id=model_id))["model"]["id"] == model_id
        reply = job.post("/evaluate", url=URL, model_id=NOBODY)
        assert refused(reply) == (404, "NOT_FOUND", "model_id")

    def test_of_a_deleted_model_is_refused(self, job: Job) -> None:
        model_id = job.new_id()
        data(job.delete(id=model_id))
        reply = job.post("/evaluate", url=URL, model_id=model_id)
        assert refused(reply)[:2] == (422, "INVALID_STATE")

    def test_is_sent_again_without_harm(self, job: Job) -> None:
        given = {"url": URL, "wait_seconds": 0, "idempotency_key": "once"}
        first, again = (data(job.post("/evaluate", **given), 202) for _ in range(2))
        assert first["id"] == again["id"]
        reply = job.post("/evaluate", **(given | {"url": f"{URL}/tree/{REVISION}"}))
        assert refused(reply) == (409, "IDEMPOTENCY_CONFLICT", "idempotency_key")

    @pytest.mark.parametrize(
        ("given", "status", "code", "wrong"),
        [
            ({}, 400, "BAD_USER_INPUT", "url"),
            ({"url": 1}, 400, "BAD_USER_INPUT", "url"),
            ({"url": "https://example.com/a"}, 400, "INVALID_INPUT", "url"),
            ({"url": URL, "wait_seconds": 26}, 400, "INVALID_INPUT", "wait_seconds"),
            ({"url": URL, "wait_seconds": "1"}, 400, "BAD_USER_INPUT", "wait_seconds"),
            ({"url": URL, "urls": []}, 400, "BAD_USER_INPUT", "urls"),
            ({"url": URL, "revision": 1}, 400, "BAD_USER_INPUT", "revision"),
        ],
    )
    def test_refuses_what_makes_no_sense(
        self, job: Job, given: dict[str, object], status: int, code: str, wrong: str
    ) -> None:
        assert refused(job.post("/evaluate", **given)) == (status, code, wrong)


class TestRevision:
    """The parameter that GraphQL has in the URL."""

    @pytest.mark.parametrize(
        ("given", "asked"),
        [
            ({"url": URL, "revision": REVISION}, f"{URL}/tree/{REVISION}"),
            ({"url": f"hf://{MODEL}", "revision": REVISION}, f"{URL}/tree/{REVISION}"),
            ({"url": f"{URL}/tree/{REVISION}", "revision": REVISION}, f"{URL}/tree/{REVISION}"),
            ({"url": f"{URL}/blob/{REVISION}/x"}, f"{URL}/tree/{REVISION}"),
            ({"url": URL, "revision": "main"}, URL),
            ({"url": URL, "revision": None}, URL),
        ],
    )
    def test_becomes_a_part_of_it(self, job: Job, given: dict[str, object], asked: str) -> None:
        assert data(job.post("/evaluate", **given, wait_seconds=0), 202)["url"] == asked

    @pytest.mark.parametrize("revision", ["a/b", "x?y", "x#y", "../z", "", " ", "a\n", "é", "%2F"])
    def test_that_cannot_be_one_is_refused(self, job: Job, revision: str) -> None:
        reply = job.post("/evaluate", url=URL, revision=revision)
        assert refused(reply) == (400, "BAD_USER_INPUT", "revision")

    def test_may_not_contradict_the_url(self, job: Job) -> None:
        for url in (f"{URL}/tree/other", f"hf://{MODEL}@other"):
            reply = job.post("/evaluate", url=url, revision=REVISION)
            assert refused(reply) == (400, "BAD_USER_INPUT", "revision")


class TestPoll:
    """GET /evaluate?id=."""

    def test_of_no_evaluation_is_not_found(self, job: Job) -> None:
        for other in (NOBODY, "", "x", job.new_id(), FIELDS["name"]):
            assert refused(job.get("/evaluate", id=other)) == (404, "NOT_FOUND", "id")

    def test_needs_an_id(self, job: Job) -> None:
        assert refused(job.get("/evaluate")) == (400, "BAD_USER_INPUT", "id")
