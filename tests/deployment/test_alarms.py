"""What tells when something goes wrong: alarms, and the dashboard."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from graph.observability.emf import NAMESPACE
from tests.deployment.template import Json, Template, text_of

WATCHED = [
    ("AWS/ApiGateway", "5xx", "${HttpApi}"),
    ("AWS/ApiGateway", "Latency", "${HttpApi}"),
    ("AWS/DynamoDB", "ReadThrottleEvents", "${Table}"),
    ("AWS/DynamoDB", "WriteThrottleEvents", "${Table}"),
    ("AWS/Lambda", "Errors", "${HasherLambdaFunction}"),
    ("AWS/Lambda", "Errors", "${WorkerLambdaFunction}"),
    ("AWS/Lambda", "IteratorAge", "${HasherLambdaFunction}"),
    ("AWS/Lambda", "IteratorAge", "${WorkerLambdaFunction}"),
    ("AWS/Lambda", "Throttles", "${ApiLambdaFunction}"),
    ("AWS/Lambda", "Throttles", "${WorkerLambdaFunction}"),
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "${DeadLetters.QueueName}"),
    (NAMESPACE, "Errors", "ml-model-evaluator"),
]
"""What there is an alarm for, and whose: the value of its first dimension."""
SEARCH = re.compile(r"SEARCH\('\{\"([^\"]+)\",([^}]*)\} MetricName=\"(\w+)\" Stage=\"(\w+)\"'")
"""A namespace with other characters than letters and digits stands in quotes."""


def spelled_out(metrics: list[list[Any]]) -> Iterator[tuple[str, ...]]:
    """Yield what the dashboard names, with what "." and "..." repeat of the metric before."""
    before: tuple[str, ...] = ()
    for metric in metrics:
        parts = [part for part in metric if isinstance(part, str)]
        if not parts:
            continue  # an expression
        parts = [*before] if parts == ["..."] else parts
        before = tuple(before[place] if part == "." else part for place, part in enumerate(parts))
        yield before


class TestAlarms:
    def test_watch_what_users_and_operators_feel(self, template: Template) -> None:
        alarms = template.of_type("AWS::CloudWatch::Alarm").values()
        watched = [
            (alarm["Namespace"], alarm["MetricName"], text_of(alarm["Dimensions"][0]["Value"]))
            for alarm in alarms
        ]
        assert sorted(watched) == WATCHED

    def test_look_at_one_code_of_errors_in_this_stage(self, template: Template, stage: str) -> None:
        dimensions = template["ThrottledRequestsAlarm"]["Dimensions"]
        assert {one["Name"]: one["Value"] for one in dimensions} == {
            "Service": "ml-model-evaluator",
            "Stage": stage,
            "Code": "THROTTLED",
        }

    def test_look_at_the_latency_that_one_in_twenty_exceeds(self, template: Template) -> None:
        alarm = template["ApiLatencyAlarm"]
        assert alarm["ExtendedStatistic"] == "p95"
        assert alarm.get("Statistic") in (None, {"Ref": "AWS::NoValue"})

    def test_all_notify_the_topic_and_say_what_is_the_matter(self, template: Template) -> None:
        for alarm in template.of_type("AWS::CloudWatch::Alarm").values():
            assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "Alarms"}]
            assert alarm["AlarmDescription"]

    def test_are_quiet_while_nobody_asks_anything(self, template: Template) -> None:
        alarms = template.of_type("AWS::CloudWatch::Alarm").values()
        assert {alarm["TreatMissingData"] for alarm in alarms} == {"notBreaching"}


class TestDashboard:
    @pytest.fixture
    def widgets(self, template: Template) -> list[Json]:
        body = text_of(template["Dashboard"]["DashboardBody"])
        widgets: list[Json] = json.loads(body)["widgets"]
        return widgets

    @pytest.fixture
    def metrics(self, widgets: list[Json]) -> list[list[Any]]:
        return [metric for widget in widgets for metric in widget["properties"]["metrics"]]

    def test_names_only_resources_that_there_are(self, template: Template) -> None:
        names = re.findall(r"\$\{([^}.]*)", text_of(template["Dashboard"]["DashboardBody"]))
        assert set(names) - template.resources.keys() == {"AWS::Region"}

    def test_shows_the_services_own_metrics_of_this_stage(
        self, metrics: list[list[Any]], stage: str
    ) -> None:
        found = [
            SEARCH.match(metric[0]["expression"])
            for metric in metrics
            if len(metric) == 1 and isinstance(metric[0], dict)
        ]
        assert [match.groups() for match in found if match] == [
            (NAMESPACE, "Service,Stage,Code", "Errors", stage),
            (NAMESPACE, "Service,Stage,Outcome", "Evaluations", stage),
        ]
        assert all(found)

    def test_shows_everything_that_an_alarm_watches_but_errors_of_worker_and_hasher(
        self, metrics: list[list[Any]]
    ) -> None:
        shown = {(namespace, name, whose) for namespace, name, _, whose in spelled_out(metrics)}
        searched = {(NAMESPACE, "Errors", "ml-model-evaluator")}  # as the test before holds
        assert {*WATCHED} - shown - searched == {
            ("AWS/Lambda", "Errors", "${HasherLambdaFunction}"),
            ("AWS/Lambda", "Errors", "${WorkerLambdaFunction}"),
        }

    def test_widgets_do_not_overlap(self, widgets: list[Json]) -> None:
        taken = [
            (x, y)
            for widget in widgets
            for x in range(widget["x"], widget["x"] + widget["width"])
            for y in range(widget["y"], widget["y"] + widget["height"])
        ]
        assert len(taken) == len(set(taken))
        assert max(x for x, _ in taken) < 24
