"""docs/OBSERVABILITY.md: its tables and examples are what the code writes."""

import json
import logging
import re
from pathlib import Path
from typing import Any, Final

import pytest

from graph.observability import JsonFormatter
from graph.observability.emf import NAMESPACE, UNITS
from graph.observability.evaluation_log import evaluation_log
from graph.observability.facts import (
    OPERATION_NAME_MAX_CHARACTERS,
    TEXT_MAX_CHARACTERS,
    RequestFacts,
)
from graph.observability.request_log import RequestLogMiddleware
from graph.observability.sampling import Sampler
from models.evaluation.ending import Ending
from tests.api.emf import sums
from tests.unit.docs_bench import table_rows

PAGE: Final = (Path(__file__).parents[2] / "docs" / "OBSERVABILITY.md").read_text()
EXAMPLES: Final = [json.loads(text) for text in re.findall(r"```json\n(.*?)\n```", PAGE)]
DIMENSIONS: Final = {"Service": "ml-model-evaluator", "Stage": "prod"}
COMMON: Final = {"time", "level", "logger", "message", "_aws", *DIMENSIONS, *UNITS}


def section(heading: str) -> str:
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


@pytest.fixture
def written(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """A request's line, and an evaluation's."""
    caplog.set_level(logging.INFO, "ml_evaluator")

    async def app(*_: object) -> None:
        """Answer nothing."""

    log = RequestLogMiddleware(app, DIMENSIONS, Sampler(0))
    log._tell({"method": "POST", "path": "/graphql"}, 200, RequestFacts(), 10.0, is_first=False)
    evaluation_log(DIMENSIONS)(Ending("id", "SUCCEEDED", 1, 812))
    return [json.loads(JsonFormatter().format(record)) for record in caplog.records]


@pytest.mark.parametrize("number", [0, 1])
def test_an_example_has_the_members_that_are_written(
    number: int, written: list[dict[str, Any]]
) -> None:
    said, line = EXAMPLES[number], written[number]
    assert [name for name in said if name != "requestId"] == [*line]
    assert said["_aws"]["CloudWatchMetrics"] == line["_aws"]["CloudWatchMetrics"]


@pytest.mark.parametrize(
    ("number", "heading"), [(0, "A request's line"), (1, "An evaluation's line")]
)
def test_every_field_is_explained(number: int, heading: str) -> None:
    cells = re.findall(r"^\| (`.*?`) \|", section(heading), re.MULTILINE)
    explained = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    assert {*explained} == {*EXAMPLES[number]} - COMMON - {"Outcome"}


def test_every_metric_is_there_with_its_unit_and_its_dimension(
    written: list[dict[str, Any]],
) -> None:
    rows = table_rows(section("Metrics"))
    assert {name: row[0] for name, row in rows.items()} == {**UNITS}
    assert f"namespace `{NAMESPACE}`" in section("Metrics")
    further = {
        name: f"`{dimensions[-1][0]}`" if len(dimensions) > len(DIMENSIONS) else "none"
        for name, dimensions in sums(written, NAMESPACE)
    }
    assert {name: rows[name][1] for name in further} == further


def test_the_bounds_are_those_of_the_code() -> None:
    assert f"at most {TEXT_MAX_CHARACTERS} characters" in PAGE
    assert f"at most {OPERATION_NAME_MAX_CHARACTERS} characters" in PAGE
