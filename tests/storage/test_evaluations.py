"""Evaluations from the request to the result: the model, its history, and what is refused."""

import hashlib
import json
from typing import Any

import pytest

from models.errors import Forbidden, UserErrorCode
from models.evaluation.details import parse_details
from models.evaluation.finding import MetricName
from models.history.chain import sha256_hex
from models.history.diff import parse_changes
from models.ids import evaluation_node_id
from models.records import ModelState
from tests.storage.evaluations import (
    FAILED,
    PAGE,
    QUEUED,
    SUCCEEDED,
    VERSION,
    Office,
    failure_of,
    model_facts,
    model_of,
    page_key,
    result_of,
)
from tests.storage.house import ANN, JOB, START, refused
from tests.unit.models.evaluation.facts_builder import REVISION

NOBODY = "0198c0de-0000-7000-8000-00000000000a"


class TestNewModel:
    """A page that no model claims."""

    def test_is_registered_by_being_evaluated(self, office: Office) -> None:
        evaluation = office.evaluated(f"{PAGE}/tree/main?x=1")
        model = office.model(model_of(evaluation))
        assert (model.name, model.source, model.source_url) == ("acme/tiny", "hf", PAGE)
        assert (model.license, model.state) == ("mit", ModelState.ACTIVE)
        assert json.loads(model.require_prose().metadata) == {
            "huggingFaceId": "acme/tiny",
            "revision": REVISION,
            "pipelineTag": "fill-mask",
            "libraryName": "transformers",
        }
        assert model.source_aliases == ()

    def test_has_both_changes_in_its_history(self, office: Office) -> None:
        evaluation = office.evaluated()
        model = office.model(model_of(evaluation))
        created, evaluated = office.history(model.id)
        assert office.actions(model.id) == ["CREATE", "EVALUATE"]
        assert (model.version, result_of(evaluation).version) == (2, 2)
        assert result_of(evaluation).made_at == evaluated.timestamp == model.updated_at
        assert evaluated.previous_hash == created.hash
        assert model.head_hash == evaluated.hash
        assert office.verdict(model.id).intact

    def test_shows_the_score(self, office: Office) -> None:
        evaluation = office.evaluated()
        model = office.model(model_of(evaluation))
        assert (model.net_score, model.latest_evaluation_id) == (0.5, evaluation.id)
        first = office.reader.model_at_version(model.id, 1)
        assert first
        assert (first.net_score, first.latest_evaluation_id) == (None, None)

    def test_whose_license_is_not_declared_has_an_unknown_one(self, office: Office) -> None:
        office.upstream.models["acme/tiny"] = model_facts(license=None)
        evaluation = office.evaluated()
        assert office.model(model_of(evaluation)).license == "unknown"
        assert result_of(evaluation).declared_license is None

    def test_that_cannot_be_measured_has_no_score(self, office: Office) -> None:
        office.upstream.models["acme/tiny"] = model_facts(score=None)
        evaluation = office.evaluated()
        model = office.model(model_of(evaluation))
        assert (model.net_score, model.latest_evaluation_id) == (None, evaluation.id)
        assert office.actions(model.id) == ["CREATE", "EVALUATE"]

    def test_is_attributed_to_whoever_asked(self, office: Office) -> None:
        evaluation = office.evaluated(principal=JOB, changed_by="user:carol", reason="nightly")
        for entry in office.history(model_of(evaluation)):
            assert (entry.changed_by, entry.authenticated_as) == ("user:carol", "key:01")
            assert entry.reason == "nightly"


class TestEntry:
    """What the history says of an evaluation."""

    def test_names_it_with_its_score(self, office: Office) -> None:
        evaluation = office.evaluated()
        _, entry = office.history(model_of(evaluation))
        changes = {change.field: change for change in parse_changes(entry.changes)}
        assert changes.keys() == {"netScore", "evaluations"}
        assert (changes["netScore"].before, changes["netScore"].after) == (None, 0.5)
        summary = changes["evaluations"].after
        assert isinstance(summary, dict)
        assert summary["id"] == evaluation_node_id(evaluation.id)
        assert (summary["url"], summary["revision"]) == (PAGE, REVISION)
        assert summary["netScore"] == 0.5

    def test_is_made_by_each_of_them(self, office: Office) -> None:
        model_id = model_of(office.evaluated())
        office.evaluated()
        assert office.actions(model_id) == ["CREATE", "EVALUATE", "EVALUATE"]
        newest = office.history(model_id)[-1]
        assert [change.field for change in parse_changes(newest.changes)] == ["evaluations"]

    def test_is_not_made_by_one_that_fails(self, office: Office) -> None:
        model_id = model_of(office.evaluated())
        office.upstream.failures = [ValueError()] * 3
        assert office.run_to_its_end(office.ask()).status is FAILED
        assert office.model(model_id).version == 2


class TestExistingModel:
    """A page that a model claims."""

    def test_keeps_its_fields(self, office: Office) -> None:
        given: dict[str, Any] = {
            "name": "Ours",
            "source": "mirror",
            "license": "BSD",
            "metadata": {"a": 1},
        }
        model = office.create(source_url=f"{PAGE}/", risk_notes="risky", **given).model
        evaluation = office.evaluated()
        assert model_of(evaluation) == model.id
        after = office.model(model.id)
        assert (after.name, after.source, after.license) == ("Ours", "mirror", "BSD")
        assert (after.source_url, after.prose) == (f"{PAGE}/", model.prose)
        assert (after.version, after.net_score) == (2, 0.5)

    def test_can_be_named_by_its_id_whatever_it_claims(self, office: Office) -> None:
        model = office.create(source_url="https://example.org/ours").model
        evaluation = office.evaluated(model_id=model.id)
        assert model_of(evaluation) == model.id
        after = office.model(model.id)
        assert (after.source_url, after.source_aliases) == ("https://example.org/ours", ())
        assert after.latest_evaluation_id == evaluation.id
        assert office.count("Model") == 1
        # The page itself is nobody's still.
        assert office.create(source_url=PAGE).model.version == 1


class TestRefused:
    """What cannot be evaluated is refused at once, and nothing is written."""

    def test_a_page_that_a_deleted_model_claims(self, office: Office) -> None:
        model_id = office.create(source_url=PAGE).model.id
        office.delete(model_id)
        with refused(UserErrorCode.INVALID_STATE, "url"):
            office.ask()
        office.restore(model_id)
        assert model_of(office.evaluated()) == model_id

    def test_a_deleted_model(self, office: Office) -> None:
        model_id = office.create().model.id
        office.delete(model_id)
        with refused(UserErrorCode.INVALID_STATE, "modelId"):
            office.ask(model_id=model_id)
        assert office.count("Evaluation") == 0

    @pytest.mark.parametrize("model_id", ["", "x", "\ud800", NOBODY])
    def test_a_model_that_does_not_exist(self, office: Office, model_id: str) -> None:
        with refused(UserErrorCode.NOT_FOUND, "modelId"):
            office.ask(model_id=model_id)
        assert office.raw_table() == []

    @pytest.mark.parametrize("url", ["", "https://example.org/a/b", f"{PAGE}\ud800", "hf://"])
    def test_another_page(self, office: Office, url: str) -> None:
        with refused(UserErrorCode.INVALID_INPUT, "url"):
            office.ask(url)
        assert office.raw_table() == []

    @pytest.mark.parametrize("wait", [-1, 26])
    def test_an_impossible_wait(self, office: Office, wait: int) -> None:
        with refused(UserErrorCode.INVALID_INPUT, "waitSeconds"):
            office.ask(wait_seconds=wait)

    def test_somebody_elses_name_from_a_person(self, office: Office) -> None:
        with pytest.raises(Forbidden):
            office.ask(principal=ANN, changed_by="user:bob")
        assert office.raw_table() == []


class TestDeletedMeanwhile:
    """A model that is deleted while it is evaluated."""

    @pytest.mark.parametrize("is_named", [True, False])
    def test_stays_as_it_is(self, office: Office, *, is_named: bool) -> None:
        model_id = office.create(source_url=PAGE).model.id
        evaluation = office.ask(model_id=model_id if is_named else None)
        office.upstream.meanwhile = lambda: office.delete(model_id)
        assert failure_of(office.run(evaluation)).code is UserErrorCode.INVALID_STATE
        model = office.model(model_id)
        assert (model.version, model.state) == (2, ModelState.DELETED)
        assert (model.net_score, model.latest_evaluation_id) == (None, None)
        assert office.actions(model_id) == ["CREATE", "DELETE"]
        assert office.count("ModelEvaluation") == 0


class TestOutcome:
    """What whoever asks gets."""

    def test_before_the_result_is_the_job(self, office: Office) -> None:
        outcome = office.asked()
        assert (outcome.evaluation.status, outcome.model, outcome.entry) == (QUEUED, None, None)
        assert outcome.evaluation.request.url == PAGE
        assert outcome.evaluation.evaluator_version == VERSION

    def test_before_the_result_is_the_model_that_was_named_too(self, office: Office) -> None:
        model = office.create().model
        outcome = office.asked(model_id=model.id)
        assert (outcome.model, outcome.entry) == (model, None)

    def test_is_waited_for(self, office: Office) -> None:
        pauses: list[float] = []

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            for evaluation_id in office.evaluation_reader.left_open():
                office.worker().run(evaluation_id)

        office.evaluations._pause = pause
        outcome = office.asked(wait_seconds=5)
        assert outcome.evaluation.status is SUCCEEDED
        assert outcome.model == office.model(model_of(outcome.evaluation))
        assert outcome.entry == office.history(model_of(outcome.evaluation))[-1]
        assert pauses == [0.1]

    def test_is_not_waited_for_longer_than_was_said(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        elapsed = [0.0]
        monkeypatch.setattr("models.evaluation.requests.time.monotonic", lambda: elapsed[0])
        pauses: list[float] = []

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            elapsed[0] += seconds

        office.evaluations._pause = pause
        assert office.asked(wait_seconds=3).evaluation.status is QUEUED
        assert sum(pauses) == pytest.approx(3)
        assert len(pauses) < 10

    def test_of_one_that_failed_is_why(self, office: Office) -> None:
        office.upstream.failures = [ValueError()] * 3
        failed = office.run_to_its_end(office.ask())
        assert failed.completed_at
        assert (failed.result, failed.model_id) == (None, None)
        assert failed.latency_ms is not None


class TestResult:
    """What is kept of a successful evaluation."""

    def test_tells_what_was_read(self, office: Office) -> None:
        evaluation = office.evaluated(f"{PAGE}/tree/v1.0")
        result = result_of(evaluation)
        assert (result.canonical_url, result.revision) == (PAGE, REVISION)
        assert evaluation.request.url == f"{PAGE}/tree/v1.0"
        assert evaluation.request.revision == "v1.0"
        assert evaluation.completed_at
        assert evaluation.created_at < evaluation.completed_at
        assert (result.evaluator_version, result.declared_license) == (VERSION, "mit")
        (asked,) = office.upstream.asked
        assert (asked.repo_id, asked.revision) == ("acme/tiny", "v1.0")
        assert (asked.read_on, asked.seconds) == (START[:10], 5)

    def test_has_every_metric_with_its_evidence(self, office: Office) -> None:
        result = result_of(office.evaluated())
        assert result.details is not None
        assert sha256_hex(result.details) == result.details_sha256
        measurements = parse_details(result.details).measurements
        assert [one.name for one in measurements] == [MetricName.RAMP_UP_TIME, MetricName.SIZE]
        assert all(one.finding.evidence for one in measurements)

    def test_has_a_report_in_the_bucket(self, office: Office) -> None:
        evaluation = office.evaluated()
        assert evaluation.report_key == f"evaluations/{evaluation.id}.json"
        (report,) = office.store.objects[evaluation.report_key]
        kept = result_of(evaluation).report
        assert kept.object_version == "v1"
        assert hashlib.sha256(report).hexdigest() == kept.sha256
        assert json.loads(report)["evaluationId"] == evaluation.id

    def test_leaves_nothing_under_way(self, office: Office) -> None:
        evaluation = office.ask()
        assert office.raw(page_key(evaluation))
        office.run(evaluation)
        assert office.raw(page_key(evaluation)) is None

    def test_is_in_the_models_list(self, office: Office) -> None:
        evaluation = office.evaluated()
        page = office.evaluation_reader.of_model(model_of(evaluation), 10, version=None)
        assert [one.id for one in page.items] == [evaluation.id]
        assert not page.has_more


class TestOrder:
    """Several evaluations of one model."""

    def test_an_older_one_that_ends_later_does_not_replace_a_newer_one(
        self, office: Office
    ) -> None:
        older = office.ask(f"{PAGE}/tree/v1")
        with office.scored(0.9):
            newer = office.evaluated(f"{PAGE}/tree/v2")
        with office.scored(0.1):
            assert office.run(older).status is SUCCEEDED
        model = office.model(model_of(newer))
        assert (model.net_score, model.latest_evaluation_id) == (0.9, newer.id)
        assert office.actions(model.id) == ["CREATE", "EVALUATE", "EVALUATE"]
        assert office.verdict(model.id).intact

    def test_a_newer_one_replaces_an_older_one(self, office: Office) -> None:
        office.evaluated()
        with office.scored(0.9):
            newer = office.evaluated()
        model = office.model(model_of(newer))
        assert (model.net_score, model.latest_evaluation_id) == (0.9, newer.id)

    def test_lists_are_newest_first(self, office: Office) -> None:
        made = [office.evaluated() for _ in range(3)]
        page = office.evaluation_reader.of_model(model_of(made[0]), 2, version=None)
        assert [one.id for one in page.items] == [made[2].id, made[1].id]
        assert page.has_more
        rest = office.evaluation_reader.of_model(
            model_of(made[0]), 2, version=None, after=page.positions[-1]
        )
        assert [one.id for one in rest.items] == [made[0].id]
        assert not rest.has_more
