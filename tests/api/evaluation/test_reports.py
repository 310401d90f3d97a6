"""The full report: where it is, and what it tells."""

import json
from urllib.parse import parse_qs, urlsplit

from tests.api.client import Api, code, field
from tests.api.evaluation.bench import Bench, sha256
from tests.api.evaluation.documents import EVALUATION, REPORT
from tests.api.evaluation.evaluator import Evaluator, metrics_of, report_of
from tests.api.evaluation.hub_shelf import MODEL, sha_of


class TestReportUrl:
    """Evaluation.reportUrl."""

    def test_leads_to_the_bytes_whose_digest_is_recorded(
        self, api: Api, evaluator: Evaluator, bench: Bench
    ) -> None:
        evaluation = evaluator.evaluated()
        content = report_of(api, evaluation["id"])
        (record,) = bench.services.evaluation_reader.of_model(
            evaluation["model"]["id"], 1, version=None
        ).items
        assert record.result
        assert sha256(content) == record.result.report.sha256
        assert content == bench.report(f"evaluations/{record.id}.json")

    def test_leads_there_also_when_somebody_wrote_over_it(
        self, api: Api, evaluator: Evaluator, bench: Bench
    ) -> None:
        evaluation_id = evaluator.evaluated()["id"]
        before = report_of(api, evaluation_id)
        key = f"evaluations/{json.loads(before)['evaluationId']}.json"
        bench.store.put(key, b"{}", "application/json")
        assert bench.report(key) == b"{}"
        assert report_of(api, evaluation_id) == before

    def test_tells_what_the_api_tells(self, api: Api, evaluator: Evaluator) -> None:
        evaluation = evaluator.evaluated()
        report = json.loads(report_of(api, evaluation["id"]))
        for name in ("url", "canonicalUrl", "revision", "evaluatorVersion", "coverage"):
            assert report[name] == evaluation[name]
        for name in ("netScore", "netScoreFloor", "netScoreCeiling"):
            assert report[name] == evaluation[name]
        assert {one["name"]: one for one in report["metrics"]} == metrics_of(evaluation)
        assert report["license"]["verdict"] == evaluation["licenseDecision"]["verdict"]

    def test_is_good_for_as_long_as_is_asked(self, api: Api, evaluator: Evaluator) -> None:
        evaluation_id = evaluator.evaluated()["id"]
        for seconds in (None, 1, 3600):
            url = api.execute(REPORT, id=evaluation_id, seconds=seconds)["node"]["reportUrl"]
            query = parse_qs(urlsplit(url).query)
            assert query["X-Amz-Expires"] == [str(seconds or 900)]
            assert query["response-content-type"] == ["application/json"]
            assert len(query["versionId"]) == 1

    def test_refuses_to_be_good_for_longer_or_for_no_time(
        self, api: Api, evaluator: Evaluator
    ) -> None:
        evaluation_id = evaluator.evaluated()["id"]
        for seconds in (0, -1, 3601):
            error = api.error(REPORT, id=evaluation_id, seconds=seconds)
            assert (code(error), field(error)) == ("BAD_USER_INPUT", ["expiresIn"])

    def test_is_null_until_it_succeeded(self, api: Api, evaluator: Evaluator, bench: Bench) -> None:
        queued = evaluator.queued("https://hf.co/acme/none")
        assert api.execute(REPORT, id=queued)["node"] == {"reportUrl": None}
        bench.work()
        assert evaluator.node(queued)["status"] == "FAILED"
        assert api.execute(REPORT, id=queued)["node"] == {"reportUrl": None}

    def test_is_the_same_from_a_version_of_the_past(self, api: Api, evaluator: Evaluator) -> None:
        evaluation = evaluator.evaluated()
        query = """query ($id: ID!) { model(id: $id, version: 2) {
          latestEvaluation { id } evaluations { nodes { id } }
        } }"""
        past = api.execute(query, id=evaluation["model"]["id"])["model"]
        expected = report_of(api, evaluation["id"])
        assert report_of(api, past["latestEvaluation"]["id"]) == expected
        assert report_of(api, past["evaluations"]["nodes"][0]["id"]) == expected


class TestNodeOfAReport:
    """What is told stays told."""

    def test_is_the_same_after_the_model_has_changed(
        self, api: Api, evaluator: Evaluator, bench: Bench
    ) -> None:
        first = evaluator.evaluated()
        before = report_of(api, first["id"])
        bench.shelf.change("models", MODEL, sha=sha_of("another"))
        evaluator.evaluated()
        assert report_of(api, first["id"]) == before
        again = api.execute(EVALUATION, id=first["id"])["node"]
        assert metrics_of(again) == metrics_of(first)
