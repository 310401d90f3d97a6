"""evaluateModel: from a URL to a registered model with its scores."""

import re

import pytest

from tests.api.client import Api
from tests.api.documents import MODEL
from tests.api.doors import Door
from tests.api.evaluation.bench import Bench
from tests.api.evaluation.evaluator import Evaluator, metrics_of, refusals, scores_of
from tests.api.evaluation.hub_shelf import URL, sha_of
from tests.api.registry import User
from tests.api.stored import Stored

NO_MODEL = "00000000-0000-7000-8000-000000000000"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
REVISION = sha_of("acme/tiny")
ALLOWED = {
    "declared": "apache-2.0",
    "spdxExpression": "Apache-2.0",
    "verdict": "ALLOWED",
    "reasons": ["Apache-2.0: permissive; the copyright and license notices must be kept"],
}
SCORES = {
    "RAMP_UP_TIME": 0.95,
    "BUS_FACTOR": 0.2225,
    "PERFORMANCE_CLAIMS": 0.4,
    "LICENSE": 1.0,
    "SIZE": 1.0,
    "DATASET_AND_CODE": 1.0,
    "DATASET_QUALITY": 0.75,
    "CODE_QUALITY": 0.8,
    "ARTIFACT_SAFETY": 1.0,
    "REPRODUCIBILITY": 0.4,
}
WEIGHTS = [0.2, 0.1, 0.15, 0.15, 0.0, 0.2, 0.1, 0.1, 0.0, 0.0]
NET_SCORE = 0.7772
"""(0.2 * 0.95 + 0.1 * 0.2225 + 0.15 * 0.4 + 0.15 + 0.2 + 0.1 * 0.75 + 0.1 * 0.8), rounded."""


@pytest.fixture
def client(each_door: Door) -> Door:
    return each_door


class TestAnswer:
    """What comes of a page that can be read."""

    def test_tells_the_evaluation_whole(self, evaluator: Evaluator) -> None:
        payload = evaluator.send()
        evaluation = payload["evaluation"]
        assert payload["userErrors"] == []
        assert scores_of(evaluation) == SCORES
        assert [metric["weight"] for metric in evaluation["metrics"]] == WEIGHTS
        assert {metric["status"] for metric in evaluation["metrics"]} == {"MEASURED"}
        for name in ("id", "createdAt", "deadline", "completedAt", "latencyMs", "metrics"):
            assert evaluation.pop(name) is not None
        assert re.fullmatch(r"1\.0\.0\+policy\.[0-9a-f]{12}", evaluation.pop("evaluatorVersion"))
        assert evaluation == {
            "model": {"id": payload["model"]["id"], "version": 2},
            "url": URL,
            "canonicalUrl": URL,
            "revision": REVISION,
            "status": "SUCCEEDED",
            "failure": None,
            "netScore": NET_SCORE,
            "netScoreFloor": NET_SCORE,
            "netScoreCeiling": NET_SCORE,
            "coverage": 1.0,
            "sizeScore": dict.fromkeys(
                ("raspberryPi", "jetsonNano", "desktopPc", "awsServer"), 1.0
            ),
            "licenseDecision": ALLOWED,
            "addedInVersion": 2,
        }

    def test_tells_what_each_score_rests_on(self, evaluator: Evaluator) -> None:
        for metric in evaluator.evaluated()["metrics"]:
            points = sum(item["points"] for item in metric["evidence"])
            if metric["name"] != "SIZE":
                assert points == pytest.approx(metric["score"], abs=1e-4)
            for item in metric["evidence"]:
                assert item["source"].startswith(("hf://", "https://github.com/acme/code/tree/"))
                assert item["note"]

    def test_tells_when_and_how_long(self, evaluator: Evaluator) -> None:
        evaluation = evaluator.evaluated()
        instants = [evaluation[name] for name in ("createdAt", "completedAt", "deadline")]
        assert instants == sorted(instants)
        assert all(INSTANT.fullmatch(instant) for instant in instants)
        latencies = [evaluation["latencyMs"], *(one["latencyMs"] for one in evaluation["metrics"])]
        assert all(0 <= latency < 30_000 for latency in latencies)

    def test_tells_the_model_that_it_registered(self, evaluator: Evaluator) -> None:
        model = evaluator.send()["model"]
        assert re.fullmatch("[0-9a-f-]{36}", model["id"])
        assert INSTANT.fullmatch(model["createdAt"])
        assert model == model | {
            "name": "acme/tiny",
            "source": "hf",
            "sourceUrl": URL,
            "sourceAliases": [],
            "license": "apache-2.0",
            "licenseDecision": ALLOWED,
            "metadata": {
                "huggingFaceId": "acme/tiny",
                "revision": REVISION,
                "pipelineTag": "text-classification",
                "libraryName": "transformers",
                "tags": ["transformers", "safetensors", "license:apache-2.0", "dataset:acme/data"],
                "datasets": ["acme/data"],
                "parameters": {"F32": 1_000_000},
            },
            "riskNotes": "",
            "state": "ACTIVE",
            "version": 2,
            "netScore": NET_SCORE,
        }

    def test_tells_the_change(self, evaluator: Evaluator) -> None:
        payload = evaluator.send(reason="first look")
        evaluation, entry = payload["evaluation"], payload["changeEntry"]
        assert entry["timestamp"] == payload["model"]["updatedAt"]
        net, addition = entry["changes"]
        assert net == {"field": "netScore", "before": None, "after": NET_SCORE}
        digest = addition["after"].pop("recordSha256")
        assert re.fullmatch("[0-9a-f]{64}", digest)
        assert addition == {
            "field": "evaluations",
            "before": None,
            "after": {
                "id": evaluation["id"],
                "url": URL,
                "revision": REVISION,
                "netScore": NET_SCORE,
            },
        }
        assert entry == entry | {
            "version": 2,
            "action": "EVALUATE",
            "changedBy": "local",
            "authenticatedAs": "local",
            "reason": "first look",
            "fieldsChanged": ["netScore", "evaluations"],
        }

    def test_leaves_a_whole_history(self, evaluator: Evaluator) -> None:
        model_id = evaluator.evaluated()["model"]["id"]
        evaluator.evaluated()
        assert evaluator.history(model_id) == ["CREATE", "EVALUATE", "EVALUATE"]


class TestUrl:
    """The page's spelling, and its name on the Hub."""

    def test_any_spelling_is_the_same_page(self, evaluator: Evaluator, bench: Bench) -> None:
        first = evaluator.queued()
        for url in (
            "https://hf.co/acme/tiny/",
            "http://www.huggingface.co/acme/tiny?library=x#usage",
            "https://huggingface.co/acme/tiny/tree/main",
            "https://huggingface.co/acme/tiny/blob/main/README.md",
            "hf://acme/tiny",
        ):
            assert evaluator.queued(url) == first
        bench.work()
        again = evaluator.evaluated("hf://acme/tiny")
        assert again["model"]["id"] == evaluator.node(first)["model"]["id"]
        assert again["url"] == URL

    def test_a_revision_is_kept_to(self, evaluator: Evaluator, bench: Bench) -> None:
        evaluation = evaluator.evaluated(f"{URL}/tree/{REVISION}")
        assert evaluation["url"] == f"{URL}/tree/{REVISION}"
        assert evaluation["canonicalUrl"] == URL
        assert bench.hub.requests[0].path == f"/api/models/acme/tiny/revision/{REVISION}"

    def test_a_renamed_model_is_registered_under_its_new_name(
        self, evaluator: Evaluator, bench: Bench, user: User
    ) -> None:
        bench.shelf.rename("old/name", to="acme/tiny")
        old = "https://huggingface.co/old/name"
        payload = evaluator.send(old)
        model = payload["model"]
        assert (payload["evaluation"]["url"], payload["evaluation"]["canonicalUrl"]) == (old, URL)
        assert (model["name"], model["sourceUrl"]) == ("acme/tiny", URL)
        assert model["sourceAliases"] == [old]
        assert evaluator.evaluated(URL)["model"]["id"] == model["id"]
        assert evaluator.evaluated(old)["model"]["id"] == model["id"]
        for url in (old, URL):
            assert [error["code"] for error in user.create(sourceUrl=url)["userErrors"]] == [
                "ALREADY_EXISTS"
            ]

    def test_a_rename_after_the_registration_leads_to_the_same_model(
        self, evaluator: Evaluator, bench: Bench
    ) -> None:
        model_id = evaluator.evaluated()["model"]["id"]
        bench.shelf.add_model("acme/new")
        bench.shelf.rename("acme/tiny", to="acme/new")
        payload = evaluator.send()
        assert payload["model"]["id"] == model_id
        assert payload["model"]["sourceAliases"] == ["https://huggingface.co/acme/new"]
        again = evaluator.evaluated("https://huggingface.co/acme/new")
        assert again["model"]["id"] == model_id


class TestModel:
    """Which model the result belongs to."""

    def test_the_one_that_claims_the_page(self, evaluator: Evaluator, user: User) -> None:
        model_id = user.new_model(name="ours", license="mit", sourceUrl="https://hf.co/acme/tiny")
        model = evaluator.send()["model"]
        assert (model["id"], model["version"], model["netScore"]) == (model_id, 2, NET_SCORE)
        assert (model["name"], model["license"]) == ("ours", "mit")
        assert evaluator.history(model_id) == ["CREATE", "EVALUATE"]

    def test_the_one_that_is_given(self, evaluator: Evaluator, user: User, stored: Stored) -> None:
        model_id = user.new_model(name="ours", sourceUrl="https://example.org/model")
        model = evaluator.send(modelId=model_id)["model"]
        assert (model["id"], model["sourceUrl"]) == (model_id, "https://example.org/model")
        assert len([key for key in stored.items() if key[1] == "MODEL"]) == 1

    def test_no_other_version_of_it(self, evaluator: Evaluator, user: User) -> None:
        model_id = user.new_model()
        assert refusals(evaluator.send(modelId=f"{model_id}@1")) == [("NOT_FOUND", ["modelId"])]

    @pytest.mark.parametrize("model_id", [NO_MODEL, "", "x", NO_MODEL.upper(), "\u00e9"])
    def test_none_that_is_missing(
        self, evaluator: Evaluator, stored: Stored, model_id: str
    ) -> None:
        assert refusals(evaluator.send(modelId=model_id)) == [("NOT_FOUND", ["modelId"])]
        assert stored.items() == {}

    def test_none_that_is_deleted(self, evaluator: Evaluator, user: User, stored: Stored) -> None:
        model_id = user.new_model(sourceUrl=URL)
        user.delete(model_id)
        before = stored.items()
        assert refusals(evaluator.send(modelId=model_id)) == [("INVALID_STATE", ["modelId"])]
        assert refusals(evaluator.send()) == [("INVALID_STATE", ["url"])]
        assert stored.items() == before


class TestWaiting:
    """waitSeconds."""

    def test_0_answers_at_once(self, evaluator: Evaluator) -> None:
        payload = evaluator.send(waitSeconds=0)
        evaluation = payload["evaluation"]
        assert (payload["model"], payload["changeEntry"], payload["userErrors"]) == (None, None, [])
        assert evaluation["status"] == "QUEUED"
        assert evaluation["deadline"] > evaluation["createdAt"]
        assert evaluation["metrics"] == []
        for name in ("model", "revision", "failure", "netScore", "netScoreFloor", "coverage"):
            assert evaluation[name] is None
        for name in ("netScoreCeiling", "sizeScore", "licenseDecision", "latencyMs", "completedAt"):
            assert evaluation[name] is None

    def test_0_knows_the_model_that_was_given(self, evaluator: Evaluator, user: User) -> None:
        model_id = user.new_model()
        payload = evaluator.send(waitSeconds=0, modelId=model_id)
        assert payload["model"]["id"] == payload["evaluation"]["model"]["id"] == model_id

    def test_the_result_is_found_by_the_id(self, evaluator: Evaluator, bench: Bench) -> None:
        evaluation_id = evaluator.queued()
        assert evaluator.node(evaluation_id)["status"] == "QUEUED"
        bench.work()
        node = evaluator.node(evaluation_id)
        assert (node["__typename"], node["id"]) == ("Evaluation", evaluation_id)
        assert (node["status"], scores_of(node)) == ("SUCCEEDED", SCORES)

    def test_the_result_is_the_same_as_the_one_waited_for(self, evaluator: Evaluator) -> None:
        evaluation = evaluator.evaluated()
        node = evaluator.node(evaluation["id"])
        assert node == evaluation | {"__typename": "Evaluation"}

    def test_asking_again_joins_what_is_under_way(self, evaluator: Evaluator, bench: Bench) -> None:
        first = evaluator.queued()
        assert evaluator.queued("hf://acme/tiny") == first
        assert evaluator.queued(f"{URL}/tree/v1") != first
        bench.shelf.change("models", "acme/tiny", sha=sha_of("v2"))
        bench.work()
        assert evaluator.queued() not in {None, first}


class TestFailure:
    """A page that cannot be read is no refusal: the evaluation tells why it FAILED."""

    def test_is_visible_at_once_and_later(self, evaluator: Evaluator, stored: Stored) -> None:
        payload = evaluator.send("https://huggingface.co/acme/none")
        evaluation = payload["evaluation"]
        assert (payload["model"], payload["changeEntry"], payload["userErrors"]) == (None, None, [])
        assert evaluation["status"] == "FAILED"
        assert evaluation["failure"] == {
            "code": "UPSTREAM_NOT_FOUND",
            "message": "the Hub has no such model, or it is private",
            "field": None,
        }
        assert evaluation["metrics"] == []
        assert evaluation["completedAt"] >= evaluation["createdAt"]
        assert evaluator.node(evaluation["id"]) == evaluation | {"__typename": "Evaluation"}
        assert [sk for _, sk in stored.items()] == ["EVALUATION"]

    def test_changes_nothing_of_the_model(
        self, evaluator: Evaluator, bench: Bench, api: Api
    ) -> None:
        model_id = evaluator.evaluated()["model"]["id"]
        before = api.execute(MODEL, id=model_id)
        bench.shelf.clear()
        assert evaluator.send()["evaluation"]["failure"]["code"] == "UPSTREAM_NOT_FOUND"
        assert api.execute(MODEL, id=model_id) == before
        assert evaluator.history(model_id) == ["CREATE", "EVALUATE"]

    def test_says_that_a_model_was_deleted_meanwhile(
        self, evaluator: Evaluator, bench: Bench, user: User
    ) -> None:
        model_id = user.new_model(sourceUrl=URL)
        evaluation_id = evaluator.queued()
        user.delete(model_id)
        bench.work()
        failure = evaluator.node(evaluation_id)["failure"]
        assert failure["code"] == "INVALID_STATE"
        assert evaluator.history(model_id) == ["CREATE", "DELETE"]


class TestRevision:
    """Another commit, another result: the metrics follow what stands on the Hub."""

    def test_a_better_card_scores_more(self, evaluator: Evaluator, bench: Bench) -> None:
        bench.shelf.add_model("acme/tiny", card="# Tiny\n")
        poor = evaluator.evaluated()
        bench.shelf.add_model("acme/tiny", sha=sha_of("better"))
        better = evaluator.evaluated()
        assert better["revision"] != poor["revision"]
        poor_ramp_up = metrics_of(poor)["RAMP_UP_TIME"]["score"]
        assert metrics_of(better)["RAMP_UP_TIME"]["score"] > poor_ramp_up
