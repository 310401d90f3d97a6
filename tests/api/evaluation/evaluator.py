"""A user who has models evaluated: the mutations, as short as a test wants them."""

import requests  # moto answers its requests to S3

from tests.api.client import Answer, Api
from tests.api.evaluation.bench import Bench
from tests.api.evaluation.documents import (
    EVALUATE,
    EVALUATE_MANY,
    EVALUATION,
    REPORT,
    VERIFICATION,
)
from tests.api.evaluation.hub_shelf import URL


class Evaluator:
    """Has models evaluated through the API, and holds their histories to be whole."""

    def __init__(self, api: Api, bench: Bench) -> None:
        self._api = api
        self._bench = bench

    def send(self, url: str = URL, **fields: object) -> Answer:
        """Send evaluateModel, and return its payload."""
        payload: Answer = self._api.execute(EVALUATE, input={"url": url} | fields)["evaluateModel"]
        return payload

    def send_many(self, *urls: str, **fields: object) -> Answer:
        """Send evaluateModels, and return its payload."""
        answer = self._api.execute(EVALUATE_MANY, input={"urls": urls} | fields)
        payload: Answer = answer["evaluateModels"]
        return payload

    def evaluated(self, url: str = URL, **fields: object) -> Answer:
        """Have a model evaluated, which must succeed, and return the evaluation."""
        payload = self.send(url, **fields)
        assert payload["userErrors"] == []
        evaluation: Answer = payload["evaluation"]
        assert evaluation["status"] == "SUCCEEDED", evaluation["failure"]
        return evaluation

    def queued(self, url: str = URL, **fields: object) -> str:
        """Have an evaluation queued, and return its id."""
        evaluation = self.send(url, waitSeconds=0, **fields)["evaluation"]
        assert evaluation["status"] == "QUEUED"
        evaluation_id: str = evaluation["id"]
        return evaluation_id

    def ended(self, url: str = URL, **fields: object) -> Answer:
        """Have an evaluation run to its end, and return it as its node tells."""
        evaluation_id = self.queued(url, **fields)
        self._bench.work()
        return self.node(evaluation_id)

    def node(self, evaluation_id: str) -> Answer:
        """Read an evaluation by its id."""
        node: Answer = self._api.execute(EVALUATION, id=evaluation_id)["node"]
        return node

    def history(self, model_id: str) -> list[str]:
        """Return the actions of a model's history, oldest first, which must be whole."""
        model = self._api.execute(VERIFICATION, id=model_id)["model"]
        verdict = model["historyVerification"]
        assert (verdict["intact"], verdict["complete"]) == (True, True), verdict["problem"]
        nodes = model["changeHistory"]["nodes"]
        assert [node["version"] for node in nodes] == list(range(model["version"], 0, -1))
        return [node["action"] for node in reversed(nodes)]


def refusals(payload: Answer) -> list[tuple[str, list[str] | None]]:
    """Return code and field of each reason for a refusal, of which a payload holds nothing else."""
    assert all(not value for name, value in payload.items() if name != "userErrors")
    assert all(error["message"] for error in payload["userErrors"])
    return [(error["code"], error["field"]) for error in payload["userErrors"]]


def metrics_of(evaluation: Answer) -> dict[str, Answer]:
    """Return the metrics by their names, without what differs each time."""
    return {
        metric["name"]: {key: value for key, value in metric.items() if key != "latencyMs"}
        for metric in evaluation["metrics"]
    }


def scores_of(evaluation: Answer) -> dict[str, float | None]:
    """Return the scores by the metrics' names."""
    return {metric["name"]: metric["score"] for metric in evaluation["metrics"]}


def report_of(api: Api, evaluation_id: str) -> bytes:
    """Fetch a report, as a client that has nothing but the link."""
    url = api.execute(REPORT, id=evaluation_id)["node"]["reportUrl"]
    answer = requests.get(url, timeout=10)
    assert answer.status_code == 200
    return bytes(answer.content)
