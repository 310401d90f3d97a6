"""What evaluateModel takes: its refusals, who a change is attributed to, and resends."""

import pytest

from models.principal import Principal, Role
from tests.api.client import Answer, Api, code, field
from tests.api.conftest import Caller
from tests.api.evaluation.documents import EVALUATE
from tests.api.evaluation.evaluator import Evaluator, refusals
from tests.api.evaluation.hub_shelf import URL
from tests.api.stored import Stored


class TestRefusal:
    """Every fault of an input is told at once, and nothing is written."""

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "x",
            "acme/tiny",
            "https://huggingface.co/",
            "https://huggingface.co/datasets/acme/data",
            "https://huggingface.co/spaces/acme/space",
            "https://github.com/acme/code",
            "https://huggingface.co/acme/tiny/extra/part",
            "https://example.org/acme/tiny",
            "ftp://huggingface.co/acme/tiny",
            f"{URL}{'x' * 2_048}",
            "https://huggingface.co/acme/ti\x00ny",
            "https://huggingface.co/acme/ti ny",
        ],
    )
    def test_of_a_page_that_is_no_models(
        self, evaluator: Evaluator, stored: Stored, url: str
    ) -> None:
        payload = evaluator.send(url)
        assert refusals(payload) == [("INVALID_INPUT", ["url"])]
        assert stored.items() == {}

    @pytest.mark.parametrize(
        ("given", "wrong"),
        [
            ({"waitSeconds": -1}, "waitSeconds"),
            ({"waitSeconds": 26}, "waitSeconds"),
            ({"reason": "x" * 10_001}, "reason"),
            ({"reason": "\x07"}, "reason"),
            ({"changedBy": ""}, "changedBy"),
            ({"changedBy": " x"}, "changedBy"),
            ({"idempotencyKey": ""}, "idempotencyKey"),
            ({"idempotencyKey": "x" * 256}, "idempotencyKey"),
        ],
    )
    def test_of_any_other_field(
        self, evaluator: Evaluator, stored: Stored, given: Answer, wrong: str
    ) -> None:
        assert refusals(evaluator.send(**given)) == [("INVALID_INPUT", [wrong])]
        assert stored.items() == {}

    def test_of_all_fields_at_once(self, evaluator: Evaluator, stored: Stored) -> None:
        payload = evaluator.send("x", waitSeconds=99, reason="\x00", idempotencyKey="")
        assert {path[0] for _, path in refusals(payload) if path} == {
            "url",
            "waitSeconds",
            "reason",
            "idempotencyKey",
        }
        assert stored.items() == {}

    def test_of_two_evaluations_in_one_request(self, api: Api, stored: Stored) -> None:
        error = api.error(f"""mutation {{
          a: evaluateModel(input: {{url: "{URL}"}}) {{ userErrors {{ code }} }}
          b: evaluateModel(input: {{url: "{URL}"}}) {{ userErrors {{ code }} }}
        }}""")
        assert code(error) == "QUERY_TOO_COMPLEX"
        assert stored.items() == {}


class TestAttribution:
    """changedBy."""

    JOB = Principal("key:01", frozenset({Role.WRITER}), may_attribute=True)
    ANN = Principal("user:ann", frozenset({Role.WRITER}), may_attribute=False)

    def test_is_the_principals_own(self, evaluator: Evaluator, caller: Caller) -> None:
        caller.principal = self.ANN
        entry = evaluator.send()["changeEntry"]
        assert (entry["changedBy"], entry["authenticatedAs"]) == ("user:ann", "user:ann")

    def test_a_job_may_name_somebody_else(self, evaluator: Evaluator, caller: Caller) -> None:
        caller.principal = self.JOB
        entry = evaluator.send(changedBy="user:ann")["changeEntry"]
        assert (entry["changedBy"], entry["authenticatedAs"]) == ("user:ann", "key:01")

    def test_a_person_may_not(self, api: Api, caller: Caller, stored: Stored) -> None:
        caller.principal = self.ANN
        error = api.error(EVALUATE, input={"url": URL, "changedBy": "user:bob"})
        assert (code(error), field(error)) == ("FORBIDDEN", ["changedBy"])
        assert stored.items() == {}


class TestResend:
    """idempotencyKey."""

    def test_answers_the_first_evaluation(self, evaluator: Evaluator, stored: Stored) -> None:
        first = evaluator.evaluated(idempotencyKey="k")
        before = stored.items()
        assert evaluator.evaluated(idempotencyKey="k") == first
        assert stored.items() == before
        assert evaluator.evaluated(idempotencyKey="k2")["id"] != first["id"]

    def test_waits_for_what_is_under_way(self, evaluator: Evaluator) -> None:
        first = evaluator.queued(idempotencyKey="k")
        with_wait = evaluator.send(idempotencyKey="k", waitSeconds=0)
        assert with_wait["evaluation"]["id"] == first

    def test_with_another_input_is_refused(self, evaluator: Evaluator) -> None:
        evaluator.queued(idempotencyKey="k")
        payload = evaluator.send("hf://acme/other", idempotencyKey="k")
        assert refusals(payload) == [("IDEMPOTENCY_CONFLICT", ["idempotencyKey"])]
