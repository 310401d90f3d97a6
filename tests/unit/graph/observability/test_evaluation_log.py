"""The line that every evaluation leaves."""

import logging

import pytest

from graph.observability.evaluation_log import evaluation_log
from graph.observability.loggers import EVALUATION_LOGGER
from models.evaluation.ending import Ending


def test_tells_what_became_of_it_and_counts_it(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, EVALUATION_LOGGER):
        evaluation_log({"Stage": "x"})(Ending("id", "UPSTREAM_NOT_FOUND", 2, 812))
    (record,) = caplog.records
    assert record.getMessage() == "evaluation id UPSTREAM_NOT_FOUND in attempt 2, 812 ms"
    assert vars(record)["fields"] == {
        "evaluationId": "id",
        "outcome": "UPSTREAM_NOT_FOUND",
        "attempts": 2,
        "durationMs": 812,
    }
    assert vars(record)["measured"].values == {"Evaluations": 1, "EvaluationDuration": 812}
    assert vars(record)["measured"].dimensions == {"Stage": "x", "Outcome": "UPSTREAM_NOT_FOUND"}
