"""The license policy: asked about a license, and about a model."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from graph.app import create_app
from graph.bootstrap import build_services
from tests.api.client import Answer, Api, code, field
from tests.api.conftest import Caller
from tests.api.doors import AppDoor
from tests.api.evaluation.bench import Bench
from tests.api.evaluation.evaluator import Evaluator
from tests.api.registry import User

CHECK = """query ($license: String!) {
  licenseCheck(license: $license) { declared spdxExpression verdict reasons }
}"""
MODEL = """query ($id: ID!) { model(id: $id) {
  licenseDecision { declared spdxExpression verdict reasons }
  latestEvaluation { licenseDecision { declared spdxExpression verdict reasons } }
} }"""
STRICT = """
[[rules]]
verdict = "allowed"
reason = "our own choice"
licenses = ["MIT"]

[[rules]]
verdict = "denied"
reason = "our lawyers say so"
licenses = ["Apache-2.0"]
"""


def check(api: Api, license_name: str) -> Answer:
    decision: Answer = api.execute(CHECK, license=license_name)["licenseCheck"]
    return decision


class TestLicenseCheck:
    """licenseCheck."""

    @pytest.mark.parametrize(
        ("name", "expression", "verdict"),
        [
            ("apache-2.0", "Apache-2.0", "ALLOWED"),
            ("MIT OR GPL-3.0-only", "MIT OR GPL-3.0-only", "ALLOWED"),
            ("bsl-1.0", "BSL-1.0", "ALLOWED"),
            ("openrail", "LicenseRef-openrail", "REVIEW"),
            ("other", None, "UNKNOWN"),
            ("unknown", None, "UNKNOWN"),
            ("no such license", "LicenseRef-no-such-license", "UNKNOWN"),
        ],
    )
    def test_tells_the_verdict(
        self, api: Api, name: str, expression: str | None, verdict: str
    ) -> None:
        decision = check(api, name)
        assert decision["declared"] == name
        assert decision["verdict"] == verdict
        assert decision["spdxExpression"] == expression
        assert all(decision["reasons"])
        assert decision["reasons"]

    def test_takes_no_request(self, api: Api) -> None:
        assert api.requests(CHECK, license="mit") == 0

    @pytest.mark.parametrize("name", ["", "x" * 257, "a\x00b", "a\nb", "\ud800"])
    def test_refuses_what_is_no_license_name(self, api: Api, name: str) -> None:
        error = api.error(CHECK, license=name)
        assert (code(error), field(error)) == ("BAD_USER_INPUT", ["license"])


class TestLicenseDecision:
    """Of a model, and of an evaluation."""

    def test_is_of_what_was_declared(self, api: Api, user: User) -> None:
        model_id = user.new_model(license="openrail")
        model = api.execute(MODEL, id=model_id)["model"]
        assert model["licenseDecision"] == check(api, "openrail")

    def test_is_unknown_where_nobody_declared_one(
        self, api: Api, evaluator: Evaluator, bench: Bench
    ) -> None:
        bench.shelf.change("models", "acme/tiny", cardData={}, tags=[])
        evaluation = evaluator.evaluated()
        assert evaluation["licenseDecision"]["verdict"] == "UNKNOWN"
        assert evaluation["licenseDecision"]["declared"] is None
        (metric,) = (one for one in evaluation["metrics"] if one["name"] == "LICENSE")
        assert (metric["status"], metric["score"]) == ("UNKNOWN", None)
        model = api.execute(MODEL, id=evaluation["model"]["id"])["model"]
        assert model["licenseDecision"]["verdict"] == "UNKNOWN"


class TestChangedPolicy:
    """LICENSE_POLICY."""

    @pytest.fixture
    def strict_api(self, bench: Bench, caller: Caller, tmp_path: Path) -> Iterator[Api]:
        """The same registry, with a policy of its own."""
        policy = tmp_path / "policy.toml"
        policy.write_text(STRICT)
        services = build_services(replace(bench.settings, license_policy_path=policy))
        with TestClient(create_app(services, authenticate=caller.authenticate)) as client:
            yield Api(AppDoor(client))

    def test_shows_at_once(self, api: Api, strict_api: Api, evaluator: Evaluator) -> None:
        model_id = evaluator.evaluated()["model"]["id"]
        usual = api.execute(MODEL, id=model_id)["model"]
        strict = strict_api.execute(MODEL, id=model_id)["model"]
        assert usual["licenseDecision"]["verdict"] == "ALLOWED"
        assert strict["licenseDecision"]["verdict"] == "DENIED"
        assert strict["licenseDecision"]["reasons"] == ["Apache-2.0: our lawyers say so"]
        for model in (usual, strict):
            assert model["latestEvaluation"]["licenseDecision"] == model["licenseDecision"]
        assert check(strict_api, "apache-2.0")["verdict"] == "DENIED"
        assert check(strict_api, "bsd-3-clause")["verdict"] != "ALLOWED"

    def test_makes_another_evaluator_version(
        self, api: Api, bench: Bench, evaluator: Evaluator, tmp_path: Path
    ) -> None:
        usual = evaluator.evaluated()
        policy = tmp_path / "policy.toml"
        policy.write_text(STRICT)
        bench.use_worker(settings=replace(bench.settings, license_policy_path=policy))
        strict = evaluator.evaluated()
        assert strict["evaluatorVersion"] != usual["evaluatorVersion"]
        scores = [
            {metric["name"]: metric["score"] for metric in one["metrics"]}["LICENSE"]
            for one in (usual, strict)
        ]
        assert scores == [1.0, 0.0]
        assert strict["licenseDecision"] == check(api, "apache-2.0")
