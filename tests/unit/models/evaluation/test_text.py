"""The text of an evaluation, which its model's history covers."""

import pytest
from hypothesis import given

from models.entities import EvaluationItem, ModelEvaluationItem
from models.entities.item import Item
from models.evaluation.record import EvaluationRecord
from models.evaluation.text import parse_record, record_text
from models.history.chain import Attribution
from tests.unit.models.evaluation.evaluations import (
    COMMIT,
    DIGEST,
    a_job,
    a_request,
    a_success,
    failures,
    open_jobs,
    successes,
)

LAYOUT = (
    '{"id":"01900000-0000-7000-8000-00000000000e","url":"https://huggingface.co/acme/tiny",'
    '"repoId":"acme/tiny","requestedRevision":null,"requestedModelId":null,'
    '"changedBy":"user:ann","authenticatedAs":"user:ann","reason":null,'
    '"createdAt":"2026-01-02T03:04:05.000000Z","deadline":"2026-01-02T03:04:15.250000Z",'
    '"completedAt":"2026-01-02T03:04:15.250000Z",'
    '"latencyMs":10250,"modelId":"01900000-0000-7000-8000-000000000001","version":2,'
    '"madeAt":"2026-01-02T03:04:15.250000Z","canonicalUrl":"https://huggingface.co/acme/tiny",'
    f'"revision":"{COMMIT}","evaluatorVersion":"1.0.0+policy.abc","declaredLicense":"mit",'
    '"netScore":0.5,"netScoreFloor":0.25,"netScoreCeiling":0.75,"coverage":0.5,'
    f'"reportObjectVersion":"v1","reportSha256":"{DIGEST}","detailsSha256":"{DIGEST}"}}'
)
"""Stored digests cover these very bytes: if this test fails, the code is wrong."""


class TestRecordText:
    """Writing it."""

    def test_has_the_layout_that_is_stored(self) -> None:
        assert record_text(a_success()) == LAYOUT

    def test_does_not_hold_the_details_themselves(self) -> None:
        assert record_text(a_success(details="much")) == LAYOUT

    def test_holds_what_was_asked_for(self) -> None:
        asked = a_request(
            revision="v1", model_id="m", attribution=Attribution("user:日", "key:1", "wéll")
        )
        text = record_text(a_job(request=asked, result=a_success().result))
        assert '"requestedRevision":"v1","requestedModelId":"m"' in text
        assert '"changedBy":"user:日","authenticatedAs":"key:1","reason":"wéll"' in text

    def test_of_what_has_no_result_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="has no result"):
            record_text(a_job())


class TestParseRecord:
    """Reading it back."""

    @given(successes())
    def test_gives_what_was_written(self, record: EvaluationRecord) -> None:
        assert record.result
        assert parse_record(record_text(record), record.result.details) == record

    @given(successes())
    def test_and_writing_it_again_gives_the_same_bytes(self, record: EvaluationRecord) -> None:
        text = record_text(record)
        assert record_text(parse_record(text)) == text

    @pytest.mark.parametrize(
        "text",
        ["", "x", "null", "5", "[]", "{}", '"x"', "[" * 100_000, LAYOUT[:-1], LAYOUT + "x"]
        + [LAYOUT.replace('"version":2', f'"version":{other}') for other in ("null", '"2"', "[]")]
        + [LAYOUT.replace('"coverage"', '"cover"'), LAYOUT.replace('"version":2', '"version":2.5')],
    )
    def test_of_anything_else_is_an_error(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"(?s)."):
            parse_record(text)


class TestItems:
    """What the table gives back of it."""

    @given(open_jobs | failures | successes())
    def test_a_job_is_what_was_stored(self, record: EvaluationRecord) -> None:
        item = EvaluationItem.of(record)
        found = Item.from_raw_data(item.serialize())
        assert isinstance(found, EvaluationItem)
        assert found.key == item.key
        assert found.to_record() == record

    @given(successes())
    def test_a_models_record_is_what_was_stored_but_for_the_details(
        self, record: EvaluationRecord
    ) -> None:
        found = Item.from_raw_data(ModelEvaluationItem.of(record).serialize())
        assert isinstance(found, ModelEvaluationItem)
        assert found.to_record() == parse_record(record_text(record))
