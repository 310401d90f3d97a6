"""The model's description cannot be read: the evaluation has FAILED, in time and with a reason."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from graph.local.hub.faults import (
    Changed,
    CutOff,
    Delay,
    Fault,
    HangUp,
    HugeBody,
    InvalidJson,
    OtherJson,
    Refuse,
    Status,
)
from models.evaluation.times import Times
from models.evaluation.upstream.pacing import TRIES_MAX
from tests.api.client import Answer
from tests.api.doors import Door
from tests.api.evaluation.bench import TIMES, Bench
from tests.api.evaluation.evaluator import Evaluator
from tests.api.evaluation.hub_shelf import MODEL
from tests.api.evaluation.troubles import IMPATIENT, MODEL_PATH, OVERLOADED, SHORT, SLOW
from tests.api.stored import Stored

NOT_FOUND, FORBIDDEN, UNAVAILABLE = (
    f"UPSTREAM_{what}" for what in ("NOT_FOUND", "FORBIDDEN", "UNAVAILABLE")
)


@pytest.fixture
def client(app_door: Door) -> Door:
    """One door: what goes wrong here lies behind both."""
    return app_door


class TestModel:
    """Without the model's description there is nothing to score: the evaluation has FAILED."""

    @pytest.fixture
    def failed(
        self, evaluator: Evaluator, bench: Bench, stored: Stored
    ) -> Callable[[Fault], Answer]:
        """Evaluate with a fault, which must leave nothing but a FAILED evaluation."""

        def ended(fault: Fault) -> Answer:
            bench.hub.fail(MODEL_PATH, fault)
            evaluation = evaluator.ended()
            assert (evaluation["status"], evaluation["model"]) == ("FAILED", None)
            assert (evaluation["netScore"], evaluation["metrics"]) == (None, [])
            assert evaluation["completedAt"] <= evaluation["deadline"]
            assert [sk for _, sk in stored.items()] == ["EVALUATION"]
            assert bench.open_jobs() == []
            return evaluation

        return ended

    @pytest.mark.parametrize(
        ("fault", "code"),
        [
            (Status(404), NOT_FOUND),
            (Refuse(404, "RepoNotFound"), NOT_FOUND),
            (Refuse(401, "RepoNotFound"), NOT_FOUND),
            (Refuse(401, "GatedRepo"), FORBIDDEN),
            (Refuse(403, "GatedRepo"), FORBIDDEN),
            (Status(401), FORBIDDEN),
            (Status(403), FORBIDDEN),
            (Changed({"disabled": True}), FORBIDDEN),
            (Status(418), UNAVAILABLE),
            (HugeBody(20_000_000), UNAVAILABLE),
            (OtherJson([]), UNAVAILABLE),
            (OtherJson({}), UNAVAILABLE),
            (Changed({"sha": "main"}), UNAVAILABLE),
            (Changed({"id": "../../etc"}), UNAVAILABLE),
        ],
        ids=str,
    )
    def test_is_final_at_the_first_try(
        self, failed: Callable[[Fault], Answer], bench: Bench, fault: Fault, code: str
    ) -> None:
        failure = failed(fault)["failure"]
        assert (failure["code"], bool(failure["message"])) == (code, True)
        assert len(bench.hub.requests) == 1

    @pytest.mark.parametrize(
        "fault",
        [Status(500), Status(503), Status(429), CutOff(), HangUp(), InvalidJson()],
        ids=str,
    )
    def test_is_tried_again_where_that_may_help(
        self, failed: Callable[[Fault], Answer], bench: Bench, fault: Fault
    ) -> None:
        assert failed(fault)["failure"]["code"] == UNAVAILABLE
        tries = len(bench.hub.requests)
        assert TIMES.max_attempts <= tries <= TIMES.max_attempts * TRIES_MAX

    def test_is_given_up_where_the_hub_asks_for_more_time_than_there_is(
        self, failed: Callable[[Fault], Answer], bench: Bench
    ) -> None:
        assert failed(Status(429, OVERLOADED))["failure"]["code"] == UNAVAILABLE
        assert len(bench.hub.requests) == 1

    @pytest.mark.parametrize("fault", SLOW.values(), ids=SLOW)
    def test_is_waited_for_until_the_time_is_over(
        self, failed: Callable[[Fault], Answer], bench: Bench, fault: Fault
    ) -> None:
        bench.use_worker(times=SHORT, pacing=IMPATIENT)
        began = time.monotonic()
        assert failed(fault)["failure"]["code"] == UNAVAILABLE
        assert time.monotonic() - began < SHORT.deadline_seconds

    @pytest.mark.parametrize("times", [1, TRIES_MAX, 2 * TRIES_MAX])
    def test_is_read_once_it_can_be(self, evaluator: Evaluator, bench: Bench, times: int) -> None:
        bench.hub.fail(MODEL_PATH, Status(500), times=times)
        evaluation = evaluator.ended()
        assert (evaluation["status"], evaluation["coverage"]) == ("SUCCEEDED", 1.0)
        assert evaluator.history(evaluation["model"]["id"]) == ["CREATE", "EVALUATE"]

    def test_leaves_one_that_is_registered_alone(self, evaluator: Evaluator, bench: Bench) -> None:
        model_id = evaluator.evaluated()["model"]["id"]
        bench.hub.fail(MODEL_PATH, Status(500))
        assert evaluator.ended()["status"] == "FAILED"
        assert evaluator.history(model_id) == ["CREATE", "EVALUATE"]


class TestLateResult:
    """A result that comes after the deadline."""

    def test_registers_no_model(
        self,
        evaluator: Evaluator,
        bench: Bench,
        stored: Stored,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        evaluations = bench.services.evaluations
        hurried = replace(evaluations._jobs, times=Times(deadline_seconds=0.5))
        monkeypatch.setattr(evaluations, "_jobs", hurried)
        bench.hub.fail(f"/{MODEL}/resolve", Delay(1.0), times=1)
        evaluation = evaluator.ended()
        # Whoever began it was late; on a slow machine nobody has.
        assert evaluation["failure"]["code"] in {UNAVAILABLE, "INTERNAL_ERROR"}
        assert evaluation["completedAt"] == evaluation["deadline"]
        assert not [key for key in stored.items() if key[0].startswith("MODEL#")]
