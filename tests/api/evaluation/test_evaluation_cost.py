"""The request budget of evaluations, and how large a query of them may be."""

from dataclasses import replace

import pytest

from models.entities import EvaluationItem, ModelItem
from models.ids import new_id
from tests.api.client import Api, code
from tests.api.doors import Door
from tests.api.evaluation.bench import Bench
from tests.api.evaluation.documents import EVALUATE
from tests.api.evaluation.evaluator import Evaluator
from tests.api.evaluation.hub_shelf import URL
from tests.api.registry import User

LIST = """query ($first: Int) { models(first: $first) { nodes {
  netScore latestEvaluation { id status netScore coverage %s }
} } }"""


@pytest.fixture
def client(app_door: Door) -> Door:
    """One door: neither asks the table for anything."""
    return app_door


def fill(evaluator: Evaluator, bench: Bench, models: int, padding_characters: int = 0) -> None:
    """Evaluate a model, and make copies of it, with details of some size."""
    model_id: str = evaluator.evaluated()["model"]["id"]
    model = bench.services.reader.model(model_id)
    assert model
    assert model.latest_evaluation_id
    (evaluation,) = bench.services.evaluation_reader.evaluations(
        [model.latest_evaluation_id]
    ).values()
    assert evaluation.result
    for _ in range(models - 1):
        copy = replace(model, id=new_id(), latest_evaluation_id=new_id())
        details = f"{evaluation.result.details}{' ' * padding_characters}"
        result = replace(evaluation.result, model_id=copy.id, details=details)
        record = replace(evaluation, id=str(copy.latest_evaluation_id), result=result)
        ModelItem.of(copy).save()
        EvaluationItem.of(record).save()


class TestReading:
    """Requests to DynamoDB."""

    def test_of_100_models_with_their_newest_evaluations_takes_at_most_3(
        self, api: Api, evaluator: Evaluator, bench: Bench
    ) -> None:
        fill(evaluator, bench, models=100)
        for fields in ("", "reportUrl licenseDecision { verdict }", "metrics { name score }"):
            query = LIST % fields
            nodes = api.execute(query, first=100)["models"]["nodes"]
            assert len(nodes) == 100
            assert all(node["latestEvaluation"]["coverage"] == 1 for node in nodes)
            assert api.requests(query, first=100) <= 3

    def test_of_more_than_an_answer_can_hold_is_refused(
        self, api: Api, evaluator: Evaluator, bench: Bench
    ) -> None:
        fill(evaluator, bench, models=40, padding_characters=150_000)
        errors = api.errors(LIST % "metrics { name }", first=100)
        assert {code(error) for error in errors} == {"RESPONSE_TOO_LARGE"}
        assert len(api.execute(LIST % "deadline", first=100)["models"]["nodes"]) == 40

    def test_of_a_model_with_its_newest_evaluation_takes_at_most_3(
        self, api: Api, evaluator: Evaluator
    ) -> None:
        model_id = evaluator.evaluated()["model"]["id"]
        query = """query ($id: ID!) { model(id: $id) {
          name latestEvaluation { metrics { name } model { name } }
        } }"""
        assert api.requests(query, id=model_id) <= 3

    def test_of_a_page_of_evaluations_takes_2_and_1_more_for_their_metrics(
        self, api: Api, evaluator: Evaluator
    ) -> None:
        for _ in range(3):
            model_id = evaluator.evaluated()["model"]["id"]
        query = """query ($id: ID!) { model(id: $id) {
          evaluations { nodes { netScore %s } }
        } }"""
        assert api.requests(query % "", id=model_id) == 2
        assert api.requests(query % "metrics { score }", id=model_id) == 3

    def test_with_changes_and_artifacts_takes_2(self, api: Api, evaluator: Evaluator) -> None:
        model_id = evaluator.evaluated()["model"]["id"]
        query = """query ($id: ID!) { model(id: $id) {
          changeHistory { nodes { version } } artifacts { nodes { id } }
          evaluations { nodes { netScore } }
        } }"""
        assert api.requests(query, id=model_id) == 2

    def test_of_an_evaluation_by_its_id_takes_1(self, api: Api, evaluator: Evaluator) -> None:
        query = "query ($id: ID!) { node(id: $id) { ... on Evaluation { metrics { score } } } }"
        assert api.requests(query, id=evaluator.evaluated()["id"]) == 1


class TestAsking:
    """Requests to DynamoDB, without waiting."""

    def test_takes_2(self, api: Api) -> None:
        assert api.requests(EVALUATE, input={"url": URL, "waitSeconds": 0}) == 2

    def test_takes_1_more_for_a_page_that_is_registered(self, api: Api, user: User) -> None:
        user.new_model(sourceUrl=URL)
        assert api.requests(EVALUATE, input={"url": URL, "waitSeconds": 0}) == 3

    def test_takes_none_to_refuse(self, api: Api) -> None:
        assert api.requests(EVALUATE, input={"url": "x"}) == 0


class TestComplexity:
    """How much one request may ask for."""

    def test_of_evaluations_multiplies_like_that_of_any_list(self, api: Api) -> None:
        query = """{ models(first: 100) { nodes {
          evaluations(first: 100) { nodes { id } }
        } } }"""
        assert code(api.error(query)) == "QUERY_TOO_COMPLEX"

    def test_of_newest_evaluations_lets_a_page_of_100_through(self, api: Api) -> None:
        complexity = api.cost(LIST % "", first=100)["complexity"]
        assert complexity["requested"] <= complexity["limit"]

    def test_counts_an_evaluation_for_most_of_a_request(self, api: Api) -> None:
        complexity = api.cost(EVALUATE, input={"url": "x"})["complexity"]
        assert complexity["limit"] / 2 < complexity["requested"] <= complexity["limit"]
