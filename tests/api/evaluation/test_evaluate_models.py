"""evaluateModels: many at once, without waiting."""

from datetime import datetime

import pytest

from models.evaluation.batch import JOBS_PER_TRANSACTION
from tests.api.client import Answer, Api
from tests.api.evaluation.bench import Bench
from tests.api.evaluation.documents import EVALUATE_MANY
from tests.api.evaluation.evaluator import Evaluator, refusals
from tests.api.evaluation.hub_shelf import URL
from tests.api.stored import Stored

NONE = "https://huggingface.co/acme/none"


def urls(count: int) -> list[str]:
    return [f"https://huggingface.co/acme/model-{number}" for number in range(count)]


def ids(payload: Answer) -> list[str]:
    assert payload["userErrors"] == []
    return [evaluation["id"] for evaluation in payload["evaluations"]]


class TestAnswer:
    """One evaluation for each URL."""

    def test_is_queued_in_order(self, evaluator: Evaluator) -> None:
        wanted = urls(JOBS_PER_TRANSACTION + 1)
        evaluations = evaluator.send_many(*wanted)["evaluations"]
        assert [evaluation["url"] for evaluation in evaluations] == wanted
        assert {evaluation["status"] for evaluation in evaluations} == {"QUEUED"}
        assert {evaluation["model"] for evaluation in evaluations} == {None}
        assert {evaluation["reportUrl"] for evaluation in evaluations} == {None}
        assert len({evaluation["id"] for evaluation in evaluations}) == len(wanted)

    def test_is_the_same_for_a_page_given_twice(self, evaluator: Evaluator) -> None:
        first, other, again = ids(evaluator.send_many(URL, NONE, "hf://acme/tiny"))
        assert first == again != other

    def test_is_the_one_under_way(self, evaluator: Evaluator) -> None:
        under_way = evaluator.queued()
        assert ids(evaluator.send_many(NONE, URL))[1] == under_way

    def test_fails_alone_where_a_page_cannot_be_read(
        self, evaluator: Evaluator, bench: Bench
    ) -> None:
        found, missing = ids(evaluator.send_many(URL, NONE))
        bench.work()
        assert evaluator.node(found)["status"] == "SUCCEEDED"
        assert evaluator.node(missing)["failure"]["code"] == "UPSTREAM_NOT_FOUND"

    def test_is_a_change_by_whoever_asked(
        self, evaluator: Evaluator, bench: Bench, api: Api
    ) -> None:
        (evaluation_id,) = ids(evaluator.send_many(URL, reason="nightly", changedBy="user:ann"))
        bench.work()
        model_id = evaluator.node(evaluation_id)["model"]["id"]
        query = """query ($id: ID!) { model(id: $id) { changeHistory { nodes {
          action reason changedBy authenticatedAs
        } } } }"""
        entries = api.execute(query, id=model_id)["model"]["changeHistory"]["nodes"]
        by = {"reason": "nightly", "changedBy": "user:ann", "authenticatedAs": "local"}
        assert entries == [{"action": "EVALUATE"} | by, {"action": "CREATE"} | by]

    def test_takes_few_requests(self, api: Api) -> None:
        assert api.requests(EVALUATE_MANY, input={"urls": urls(40)}) <= 6


class TestResend:
    """idempotencyKey."""

    def test_answers_the_same_evaluations(self, evaluator: Evaluator, stored: Stored) -> None:
        first = ids(evaluator.send_many(*urls(30), idempotencyKey="k"))
        before = stored.items()
        assert ids(evaluator.send_many(*urls(30), idempotencyKey="k")) == first
        assert stored.items() == before

    def test_answers_them_also_when_they_have_ended(
        self, evaluator: Evaluator, bench: Bench
    ) -> None:
        first = ids(evaluator.send_many(URL, NONE, idempotencyKey="k"))
        bench.work()
        again = evaluator.send_many(URL, NONE, idempotencyKey="k")
        assert ids(again) == first
        statuses = [evaluation["status"] for evaluation in again["evaluations"]]
        assert statuses == ["SUCCEEDED", "FAILED"]

    def test_with_another_input_is_refused(self, evaluator: Evaluator) -> None:
        evaluator.send_many(URL, idempotencyKey="k")
        payload = evaluator.send_many(URL, NONE, idempotencyKey="k")
        assert refusals(payload) == [("IDEMPOTENCY_CONFLICT", ["idempotencyKey"])]


class TestRefusal:
    """One fault refuses the whole call, and all are told."""

    @pytest.mark.parametrize("count", [0, 251])
    def test_of_too_few_or_too_many(self, evaluator: Evaluator, stored: Stored, count: int) -> None:
        assert refusals(evaluator.send_many(*urls(count))) == [("INVALID_INPUT", ["urls"])]
        assert stored.items() == {}

    def test_of_pages_that_are_no_models(self, evaluator: Evaluator, stored: Stored) -> None:
        payload = evaluator.send_many("", URL, "https://example.org/a", reason="\x00")
        assert sorted(refusals(payload), key=str) == [
            ("INVALID_INPUT", ["reason"]),
            ("INVALID_INPUT", ["urls", "0"]),
            ("INVALID_INPUT", ["urls", "2"]),
        ]
        assert stored.items() == {}

    def test_says_which_page_it_is(self, evaluator: Evaluator) -> None:
        (error,) = evaluator.send_many(URL, "https://example.org/a")["userErrors"]
        assert error["message"].startswith("urls[1] must be a model's page on the Hugging Face Hub")


class TestWaitingInLine:
    """What nobody has begun."""

    def test_is_queued_until_its_deadline(self, evaluator: Evaluator) -> None:
        (evaluation_id,) = ids(evaluator.send_many(URL))
        node = evaluator.node(evaluation_id)
        created, deadline = (datetime.fromisoformat(node[at]) for at in ("createdAt", "deadline"))
        assert (deadline - created).total_seconds() == 30 * 60
