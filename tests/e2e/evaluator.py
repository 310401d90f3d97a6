"""A client that has models evaluated by a server, over HTTP."""

import json
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import httpx2

from graph.local.hub import StandInHub
from models.evaluation.times import Times
from tests.e2e.serve_process import ServeProcess

POLL_S: Final = 0.1
PAGE: Final = 100

EVALUATE: Final = """mutation ($input: EvaluateModelInput!) { evaluateModel(input: $input) {
  evaluation { id status netScore } userErrors { code message }
} }"""
EVALUATE_MANY: Final = """mutation ($input: EvaluateModelsInput!) {
  evaluateModels(input: $input) { evaluations { id status } userErrors { code message } }
}"""
NODES: Final = """query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Evaluation {
  id url status netScore coverage deadline completedAt failure { code } model { id }
} } }"""
MODELS: Final = """query ($after: String) { models(first: 20, after: $after) {
  nodes {
    id name version netScore latestEvaluation { id }
    changeHistory(first: 10) { nodes { version action } }
    evaluations(first: 10) { nodes { id } }
  }
  pageInfo { hasNextPage endCursor }
} }"""
VERIFICATION: Final = """query ($id: ID!) { model(id: $id) {
  historyVerification { intact complete problem }
} }"""
DELETE: Final = """mutation ($id: ID!) {
  deleteModel(input: {id: $id}) { model { version } userErrors { code } }
}"""

Answer = dict[str, Any]


class Evaluator:
    """Speaks to a server."""

    def __init__(self, url: str) -> None:
        self._url = url

    def execute(self, query: str, **variables: object) -> Answer:
        """Return the data of a request that must succeed."""
        request = {"query": query, "variables": variables}
        answer = httpx2.post(f"{self._url}/graphql", json=request, timeout=30).json()
        assert "errors" not in answer, answer
        data: Answer = answer["data"]
        return data

    def evaluate(self, url: str, **fields: object) -> Answer:
        """Send evaluateModel, and return the evaluation."""
        payload = self.execute(EVALUATE, input={"url": url} | fields)["evaluateModel"]
        assert payload["userErrors"] == []
        evaluation: Answer = payload["evaluation"]
        return evaluation

    def queue(self, urls: Iterable[str]) -> list[str]:
        """Send evaluateModels, and return the ids."""
        payload = self.execute(EVALUATE_MANY, input={"urls": list(urls)})["evaluateModels"]
        assert payload["userErrors"] == []
        return [evaluation["id"] for evaluation in payload["evaluations"]]

    def evaluations(self, ids: list[str]) -> list[Answer]:
        """Read evaluations; the missing ones are left out."""
        found: list[Answer] = []
        for start in range(0, len(ids), PAGE):
            found += self.execute(NODES, ids=ids[start : start + PAGE])["nodes"]
        return [evaluation for evaluation in found if evaluation]

    def ended(self, ids: list[str], within_s: float) -> list[Answer]:
        """Wait until evaluations have ended."""
        end = time.monotonic() + within_s
        found: dict[str, Answer] = {}
        while waiting := [one for one in ids if one not in found]:
            assert time.monotonic() < end, self.evaluations(waiting)
            asked = waiting[:PAGE]
            now = self.evaluations(asked)
            assert len(now) == len(asked)
            found |= {one["id"]: one for one in now if one["status"] in {"SUCCEEDED", "FAILED"}}
            time.sleep(POLL_S)
        return [found[one] for one in ids]

    def models(self) -> list[Answer]:
        """Read all models with their histories, which must be whole."""
        found: list[Answer] = []
        after = None
        while True:
            page = self.execute(MODELS, after=after)["models"]
            found += page["nodes"]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        for model in found:
            verdict = self.execute(VERIFICATION, id=model["id"])["model"]["historyVerification"]
            assert verdict == {"intact": True, "complete": True, "problem": None}
        return found


def actions_of(model: Answer) -> list[str]:
    """Return the actions of a model's history, oldest first."""
    return [entry["action"] for entry in reversed(model["changeHistory"]["nodes"])]


class EvaluationProcess(ServeProcess):
    """A server process that asks a stand-in Hub, with times of its own."""

    def __init__(self, state_dir: Path, hub: StandInHub, times: Times) -> None:
        super().__init__(
            state_dir, environment={"HF_ENDPOINT": hub.url, "GITHUB_API_URL": hub.github_url}
        )
        script = Path(__file__).with_name("evaluation_server.py")
        self._command = [
            Path(sys.executable),
            str(script),
            str(state_dir),
            json.dumps(asdict(times)),
        ]
