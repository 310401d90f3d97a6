"""docs/DATA_MODEL.md: what evaluations and their readers ask of DynamoDB, counted as it is sent."""

import re
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from typing import Any, Final

import pytest

from models.evaluation.batch import JOBS_PER_TRANSACTION
from models.table import BATCH_MAX_KEYS
from models.timestamps import now
from tests.unit.docs_bench import Bench, bench

DATA_MODEL: Final = (Path(__file__).parents[2] / "docs" / "DATA_MODEL.md").read_text()
HUB: Final = "https://huggingface.co"
IDS: Final = "{ nodes { id } }"
KNOWN: Final = f"{HUB}/northwind/harbor-tides-small"

GET, GET_MANY, QUERY, WRITE = "GetItem", "BatchGetItem", "Query", "TransactWriteItems"


def access_patterns() -> dict[str, str]:
    """Return the requests of each row; a row that begins with dots continues the last other one."""
    section = DATA_MODEL.partition("## Access patterns")[2].partition("\n## ")[0]
    rows: dict[str, str] = {}
    head = ""
    for what, _, requests in re.findall(r"^\| (.+?) \| (.*?) ?\| (.+) \|$", section, re.MULTILINE):
        head = head if what.startswith("…") else what
        rows[what if what == head else f"{head} {what}"] = requests
    return rows


class Counting:
    """A bench on which a model was evaluated, and what is sent to DynamoDB from then on."""

    def __init__(self, running: Bench) -> None:
        self.sent: list[str] = []
        self._running = running
        client: Any = running.services.table._connection.connection.client
        client.meta.events.register("before-send.dynamodb", self._on_send)
        made = self.ask(
            f'mutation {{ evaluateModel(input: {{url: "{KNOWN}"}}) '
            "{ evaluation { id } model { id } } }"
        )["evaluateModel"]
        self.model_id: str = made["model"]["id"]
        self.evaluation_id: str = made["evaluation"]["id"]

    def ask(self, query: str) -> dict[str, Any]:
        """Send a document, and keep what it took."""
        self.sent.clear()
        answer = self._running.ask(query)
        assert "errors" not in answer
        assert answer["extensions"]["cost"]["dynamodb"]["requests"] == len(self.sent)
        data: dict[str, Any] = answer["data"]
        return data

    def evaluate(self, fields: str) -> None:
        """Queue the evaluation of a page."""
        self.ask(
            f"mutation {{ evaluateModel(input: {{waitSeconds: 0, {fields}}}) "
            "{ evaluation { id } model { id } changeEntry { id } userErrors { code } } }"
        )

    def evaluate_many(self, owner: str, pages: int, fields: str = "") -> None:
        """Queue the evaluations of so many pages."""
        urls = ", ".join(f'"{HUB}/{owner}/m{number}"' for number in range(pages))
        self.ask(
            f"mutation {{ evaluateModels(input: {{urls: [{urls}] {fields}}}) "
            "{ evaluations { id } userErrors { code } } }"
        )

    def work(self) -> None:
        """Let the worker run the only open job."""
        (job,) = self._running.services.evaluation_reader.left_open()
        self.work_on(job)

    def work_on(self, job: str) -> None:
        """Let the worker run a job."""
        self.sent.clear()
        assert self._running._worker.run(job) is None

    def _on_send(self, event_name: str, **_: object) -> None:
        self.sent.append(event_name.rpartition(".")[2])


@pytest.fixture(scope="module")
def api() -> Iterator[Counting]:
    with bench(now) as running:
        yield Counting(running)


def told(row: str) -> int:
    """Return how many requests the page says."""
    return int(re.findall(r"\d+", access_patterns()[row])[0])


def check(api: Counting, row: str, operations: list[str]) -> None:
    """Compare what was sent with what is expected, and its number with what the page says."""
    assert api.sent == operations
    assert told(row) == len(operations)


class TestReads:
    @pytest.mark.parametrize(
        ("row", "selection", "operations"),
        [
            ("`model { latestEvaluation }`", "latestEvaluation { netScore }", [GET, GET_MANY]),
            (
                "`model { latestEvaluation }` … with `metrics` and `sizeScore`",
                "latestEvaluation { metrics { name } sizeScore { awsServer } }",
                [GET, GET_MANY],
            ),
            (
                "`model { latestEvaluation }` … with its `model`",
                "latestEvaluation { model { name } }",
                [GET, GET_MANY],
            ),
            ("`model { evaluations }`", "evaluations { nodes { netScore } }", [GET, QUERY]),
            (
                "`model { evaluations }` … with `metrics` or `sizeScore` of each",
                "evaluations { nodes { metrics { name } sizeScore { awsServer } } }",
                [GET, QUERY, GET_MANY],
            ),
            (
                "`model { evaluations }` … with `model` of each",
                "evaluations { nodes { model { name } } }",
                [GET, QUERY],
            ),
            (
                "`model { evaluations }` … with `changeHistory` and `artifacts` too",
                f"evaluations {IDS} changeHistory {IDS} artifacts {IDS}",
                [QUERY, QUERY],
            ),
            (
                "`model { artifacts }` … with `changeHistory` too",
                f"changeHistory {IDS} artifacts {IDS}",
                [QUERY],
            ),
        ],
    )
    def test_of_a_model(
        self, row: str, selection: str, operations: list[str], api: Counting
    ) -> None:
        fields = f"name licenseDecision {{ verdict }} {selection}"
        api.ask(f'{{ model(id: "{api.model_id}") {{ {fields} }} }}')
        check(api, row, operations)

    def test_of_a_model_of_the_past(self, api: Counting) -> None:
        api.ask(
            f'{{ model(id: "{api.model_id}", version: 2) {{ evaluations {{ nodes {{ id }} }} }} }}'
        )
        check(api, "`model { evaluations }` … of `model(id, version)`", [GET, QUERY])

    @pytest.mark.parametrize(
        ("row", "selection"),
        [
            ("`models { latestEvaluation }`, up to 100", "latestEvaluation { netScore }"),
            (
                "`models { latestEvaluation }`, up to 100 … with `metrics` and `sizeScore`",
                "latestEvaluation { metrics { name } sizeScore { awsServer } }",
            ),
        ],
    )
    def test_of_a_list(self, row: str, selection: str, api: Counting) -> None:
        api.ask(f"{{ models {{ nodes {{ name {selection} }} }} }}")
        check(api, row, [QUERY, GET_MANY])

    @pytest.mark.parametrize(
        ("row", "selection", "operations"),
        [
            ("`node` of an evaluation", "netScore metrics { name } reportUrl", [GET_MANY]),
            ("`node` of an evaluation … with `model`", "model { name }", [GET_MANY, GET_MANY]),
        ],
    )
    def test_of_a_node(
        self, row: str, selection: str, operations: list[str], api: Counting
    ) -> None:
        api.ask(f'{{ node(id: "{api.evaluation_id}") {{ ... on Evaluation {{ {selection} }} }} }}')
        check(api, row, operations)

    def test_of_licenses(self, api: Counting) -> None:
        api.ask('{ licenseCheck(license: "mit") { verdict } }')
        check(api, "`licenseCheck`, `licenseDecision`", [])


class TestVerification:
    """Behind the GetItem of the model itself."""

    ROW: Final = "`historyVerification`, from version 1"
    STRAYS: Final = [QUERY] * 8

    def verify(self, api: Counting, model_id: str, arguments: str = "") -> None:
        data = api.ask(
            f'{{ model(id: "{model_id}") '
            f"{{ historyVerification{arguments} {{ intact complete }} }} }}"
        )
        assert data["model"]["historyVerification"] == {"intact": True, "complete": True}
        assert api.sent.pop(0) == GET

    def test_of_a_model_without_evaluations(self, api: Counting) -> None:
        made = api.ask(
            'mutation { createModel(input: {name: "n", source: "s", license: "mit"}) '
            "{ model { id } } }"
        )
        self.verify(api, made["createModel"]["model"]["id"])
        check(api, self.ROW, [GET, QUERY, QUERY, *self.STRAYS, QUERY, QUERY])

    def test_of_a_model_with_evaluations(self, api: Counting) -> None:
        self.verify(api, api.model_id)
        row = f"{self.ROW} … with evaluations"
        check(api, row, [GET, QUERY, QUERY, *self.STRAYS, QUERY, QUERY, GET_MANY])

    def test_from_a_later_version(self, api: Counting) -> None:
        self.verify(api, api.model_id, "(fromVersion: 2)")
        evaluations = [QUERY, GET_MANY]
        assert api.sent[-2:] == evaluations
        del api.sent[-2:]
        row = f"{self.ROW} … from a later version"
        check(api, row, [GET, GET, GET, QUERY, QUERY, *self.STRAYS])

    def test_to_an_earlier_version(self, api: Counting) -> None:
        self.verify(api, api.model_id, "(toVersion: 1)")
        check(api, f"{self.ROW} … to an earlier version than the newest", [GET, QUERY, QUERY])


class TestEvaluateModel:
    ROW: Final = "`evaluateModel` with `waitSeconds: 0`"
    WORKER: Final = "the worker, for a page that is new"

    def test_of_a_new_page(self, api: Counting) -> None:
        page = f'url: "{HUB}/acme-research/probe-7"'
        api.evaluate(page)
        check(api, self.ROW, [GET_MANY, WRITE])
        api.evaluate(page)
        check(api, f"{self.ROW} … that joins what is under way", [GET_MANY, GET])
        api.work()
        check(api, self.WORKER, [GET, WRITE, GET_MANY, WRITE])

    def test_of_a_page_that_a_model_claims(self, api: Counting) -> None:
        page = f'url: "{KNOWN}", idempotencyKey: "key"'
        api.evaluate(page)
        check(api, f"{self.ROW} … of a page that a model claims", [GET_MANY, GET, WRITE])
        (job,) = api._running.services.evaluation_reader.left_open()
        api.work()
        row = f"{self.WORKER} … for a page that a model claims"
        check(api, row, [GET, WRITE, GET_MANY, GET, GET_MANY, WRITE])
        api.evaluate(page)
        check(api, f"{self.ROW} … sent again", [GET_MANY, GET, GET_MANY])
        api.work_on(job)
        check(api, f"{self.WORKER} … for what has ended already", [GET])

    def test_with_model_id(self, api: Counting) -> None:
        api.evaluate(f'url: "{KNOWN}", modelId: "{api.model_id}"')
        check(api, f"{self.ROW} … with `modelId`", [GET_MANY, WRITE, GET_MANY])
        api.work()
        check(api, f"{self.WORKER} … with `modelId`", [GET, WRITE, GET, WRITE])

    def test_of_what_fails(self, api: Counting) -> None:
        api.evaluate(f'url: "{HUB}/acme-research/no-such-model"')
        api.work()
        check(api, f"{self.WORKER} … for what ends FAILED", [GET, WRITE, WRITE])

    def test_of_a_wrong_input(self, api: Counting) -> None:
        api.evaluate('url: "https://example.com/a/b"')
        check(api, "a refused input", [])


class TestEvaluateModels:
    """Last, since nothing runs these jobs. What 250 pages take is reckoned from what 30 take."""

    ROW: Final = "`evaluateModels` of 250 pages"
    PAGES: Final = 30

    def test_without_a_key(self, api: Counting) -> None:
        api.evaluate_many("a", self.PAGES)
        assert api.sent == self.fresh(self.PAGES)
        assert told(self.ROW) == len(self.fresh(250))

    def test_with_a_key_and_sent_again(self, api: Counting) -> None:
        key = ', idempotencyKey: "batch"'
        api.evaluate_many("b", self.PAGES, key)
        assert sorted(api.sent) == sorted([GET, WRITE, *self.fresh(self.PAGES)])
        assert told(f"{self.ROW} … with an idempotency key") == len(self.fresh(250)) + 2
        api.evaluate_many("b", self.PAGES, key)
        assert api.sent == self.again(self.PAGES)
        assert told(f"{self.ROW} … sent again") == len(self.again(250))

    @staticmethod
    def fresh(pages: int) -> list[str]:
        parts = ceil(pages / JOBS_PER_TRANSACTION)
        return [GET_MANY] * ceil(pages / BATCH_MAX_KEYS) + [GET_MANY, WRITE] * parts

    @staticmethod
    def again(pages: int) -> list[str]:
        return [GET, *[GET_MANY] * ceil(pages / JOBS_PER_TRANSACTION)]
