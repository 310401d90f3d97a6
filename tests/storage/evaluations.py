"""The house with its evaluations: a worker whose Hub and bucket are made up."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any, cast

from models.entities.evaluation import evaluation_key, model_evaluation_key, under_way_key
from models.entities.item import Key
from models.errors import Fault, UserErrorCode
from models.evaluation.catalog import Metric
from models.evaluation.commands import EvaluateModel, EvaluateModels
from models.evaluation.facts import Facts, ModelFacts
from models.evaluation.finding import Evidence, Finding, MetricName, measured, unknown
from models.evaluation.jobs import JobMaker
from models.evaluation.reader import EvaluationReader
from models.evaluation.record import EvaluationRecord, EvaluationStatus, Result
from models.evaluation.requests import EvaluationOutcome, Evaluations
from models.evaluation.times import Times
from models.evaluation.upstream.errors import UpstreamFailure
from models.evaluation.upstream.reading import Reading
from models.evaluation.worker import Again, Rules, Worker
from models.license.policy import LicensePolicy
from models.principal import Principal
from models.settings import Settings
from models.storage.object_store import ObjectStore
from models.timestamps import shifted
from tests.storage.house import ANN, House
from tests.unit.models.evaluation.facts_builder import a_model, facts

HUB = "https://huggingface.co"
PAGE = f"{HUB}/acme/tiny"
VERSION = "1+test"
TIMES = Times(
    deadline_seconds=600, lease_seconds=60, reading_seconds=5, max_attempts=3, pause_seconds=1
)
UNREACHABLE = UpstreamFailure(
    UserErrorCode.UPSTREAM_UNAVAILABLE, "the Hub answers 503", retryable=True
)
MISSING = UpstreamFailure(
    UserErrorCode.UPSTREAM_NOT_FOUND, "there is no such model", retryable=False
)
SUCCEEDED, FAILED = EvaluationStatus.SUCCEEDED, EvaluationStatus.FAILED
QUEUED, RUNNING = EvaluationStatus.QUEUED, EvaluationStatus.RUNNING


def model_facts(repo_id: str = "acme/tiny", **card_data: Any) -> ModelFacts:  # noqa: ANN401  # JSON
    """Return what a Hub says of a model, the score that it shall have in its card."""
    given: dict[str, Any] = {"license": "mit", "score": 0.5} | card_data
    return a_model(repo_id=repo_id, card_data=given, task="fill-mask", library="transformers")


@dataclass(frozen=True, slots=True)
class Asked:
    """One reading that was asked for."""

    repo_id: str
    revision: str | None
    read_on: str
    seconds: float


class FakeUpstream:
    """A Hub on which every model exists.

    Attributes:
        models: what it says of some of them, by the name that is asked for.
        failures: what the next readings fail with, in their order.
        meanwhile: happens during the next reading, and only then.
        asked: every reading so far.
    """

    def __init__(self) -> None:
        self.models: dict[str, ModelFacts] = {}
        self.failures: list[Exception] = []
        self.meanwhile: Callable[[], object] | None = None
        self.asked: list[Asked] = []

    def read(self, repo_id: str, revision: str | None, read_on: str, seconds: float) -> Reading:
        self.asked.append(Asked(repo_id, revision, read_on, seconds))
        if (happening := self.meanwhile) is not None:
            self.meanwhile = None
            happening()
        if self.failures:
            raise self.failures.pop(0)
        found = self.models.get(repo_id) or model_facts(repo_id)
        return Reading(facts(found, card="# A card", read_on=read_on), {"MODEL": 12, "CARD": 3})


class FakeStore:
    """A versioned bucket in memory.

    Attributes:
        objects: all versions of each object, oldest first.
        failures: what the next writes fail with.
    """

    def __init__(self) -> None:
        self.objects: dict[str, list[bytes]] = {}
        self.failures: list[Exception] = []

    def put(self, key: str, content: bytes, content_type: str) -> str:
        assert content_type == "application/json"
        if self.failures:
            raise self.failures.pop(0)
        versions = self.objects.setdefault(key, [])
        versions.append(content)
        return f"v{len(versions)}"


def score_of_card(read: Facts) -> Finding:
    """Score what the card says, where it says a number."""
    score = read.model.card_data.get("score")
    if not isinstance(score, float):
        return unknown("hf://card", "The card could not be read")
    return measured([Evidence("hf://card", score, score, "score: as the card says")])


METRICS = (
    Metric(MetricName.RAMP_UP_TIME, 1.0, frozenset(), score_of_card),
    Metric(MetricName.SIZE, 0.0, frozenset(), lambda _: unknown("hf://files", "no sizes")),
)


@cache
def policy() -> LicensePolicy:
    return LicensePolicy.load()


class Office(House):
    """All use cases on an empty table, evaluations included."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.clock.step = timedelta(milliseconds=1)
        self.upstream = FakeUpstream()
        self.store = FakeStore()
        self.jobs = JobMaker(self.clock, TIMES, lambda: VERSION)
        self.evaluations = Evaluations(self.table, self.jobs, pause=lambda _: None)
        self.evaluation_reader = EvaluationReader(self.table, self.clock)

    def worker(
        self,
        upstream: FakeUpstream | None = None,
        times: Times = TIMES,
        version: str = VERSION,
    ) -> Worker:
        """Return another worker."""
        return Worker(
            self.table,
            upstream or self.upstream,
            cast("ObjectStore", self.store),
            Rules(version, METRICS, policy()),
            self.clock,
            times,
        )

    def ask(
        self,
        url: str = PAGE,
        principal: Principal = ANN,
        **fields: Any,  # noqa: ANN401  # a command's
    ) -> EvaluationRecord:
        """Ask for an evaluation, and do not wait for it."""
        return self.asked(url, principal, **fields).evaluation

    def asked(
        self,
        url: str = PAGE,
        principal: Principal = ANN,
        **fields: Any,  # noqa: ANN401  # a command's
    ) -> EvaluationOutcome:
        given: dict[str, Any] = {"wait_seconds": 0} | fields
        return self.evaluations.evaluate(principal, EvaluateModel(url=url, **given))

    def ask_many(
        self,
        *urls: str,
        principal: Principal = ANN,
        **fields: Any,  # noqa: ANN401  # a command's
    ) -> list[EvaluationRecord]:
        return self.evaluations.evaluate_many(principal, EvaluateModels(urls=urls, **fields))

    def run(self, evaluation: EvaluationRecord) -> EvaluationRecord:
        """Run a job once, and return what has become of it."""
        self.worker().run(evaluation.id)
        return self.read(evaluation)

    def run_to_its_end(self, evaluation: EvaluationRecord) -> EvaluationRecord:
        """Run a job as often as its worker wants to."""
        worker = self.worker()
        while again := worker.run(evaluation.id):
            self.wait(again)
        return self.read(evaluation)

    def evaluated(self, url: str = PAGE, **fields: Any) -> EvaluationRecord:  # noqa: ANN401
        """Ask for an evaluation that must succeed, and run it."""
        done = self.run(self.ask(url, **fields))
        assert done.status is SUCCEEDED
        return done

    def read(self, evaluation: EvaluationRecord) -> EvaluationRecord:
        return self.evaluation_reader.evaluations([evaluation.id])[evaluation.id]

    def wait(self, again: Again) -> None:
        self.pass_time(again.after_seconds)

    def pass_time(self, seconds: float) -> None:
        self.clock.now = shifted(self.clock.now, timedelta(seconds=seconds))

    def raw_table(self) -> list[Mapping[str, Any]]:
        """Return all items of the table."""
        items: list[Mapping[str, Any]] = self.client.scan(TableName=self.name)["Items"]
        return items

    def count(self, kind: str) -> int:
        """Count the items of a kind."""
        return sum(item["kind"]["S"] == kind for item in self.raw_table())

    def actions(self, model_id: str) -> list[str]:
        return [entry.action.value for entry in self.history(model_id)]

    @contextmanager
    def scored(self, score: float, repo_id: str = "acme/tiny") -> Iterator[None]:
        """Let a model have a score for as long as the block lasts."""
        before = self.upstream.models.get(repo_id)
        self.upstream.models[repo_id] = model_facts(repo_id, score=score)
        yield
        if before:
            self.upstream.models[repo_id] = before
        else:
            del self.upstream.models[repo_id]

    def rename(self, old: str, new: str) -> None:
        """Let the Hub give a model another name."""
        self.upstream.models[old] = model_facts(new)


def result_of(evaluation: EvaluationRecord) -> Result:
    assert evaluation.result is not None
    return evaluation.result


def model_of(evaluation: EvaluationRecord) -> str:
    return result_of(evaluation).model_id


def failure_of(evaluation: EvaluationRecord) -> Fault:
    assert evaluation.status is FAILED
    assert evaluation.failure is not None
    return evaluation.failure


def job_key(evaluation: EvaluationRecord) -> Key:
    return evaluation_key(evaluation.id)


def record_key(evaluation: EvaluationRecord) -> Key:
    return model_evaluation_key(model_of(evaluation), evaluation.id)


def page_key(evaluation: EvaluationRecord) -> Key:
    return under_way_key(evaluation.request)


def without_details(evaluation: EvaluationRecord) -> EvaluationRecord:
    """Return an evaluation as lists give it."""
    return replace(evaluation, result=replace(result_of(evaluation), details=None))
