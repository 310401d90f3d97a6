"""A model's evaluations against what its entries say."""

from dataclasses import replace

import pytest

from models.evaluation.change import EvaluationMention
from models.evaluation.record import EvaluationRecord
from models.evaluation.text import record_text
from models.history.chain import sha256_hex
from models.history.verification import Broken
from models.verification.evaluations import check_job, check_mentioned, check_unmentioned
from tests.unit.models.evaluation.evaluations import ENDED, a_result, a_success

DETAILS = '{"metrics":[],"sizeScore":null}'
RECORD = a_success(details_sha256=sha256_hex(DETAILS), details=DETAILS)
TEXT = record_text(RECORD)
NEWEST = 4


def mention(text: str = TEXT, version: int = 2) -> EvaluationMention:
    return EvaluationMention(RECORD.id, sha256_hex(text), version, ENDED)


class TestCheckMentioned:
    """An evaluation that an entry mentions."""

    def test_holds_as_it_was_written(self) -> None:
        check_mentioned([mention()], {RECORD.id: TEXT})

    def test_is_looked_at_alone(self) -> None:
        check_mentioned([mention()], {RECORD.id: TEXT, "other": "{}"})
        check_mentioned([], {"other": "{}"})

    def test_that_is_missing_is_found(self) -> None:
        with pytest.raises(Broken, match="is missing or cannot be read") as caught:
            check_mentioned([mention(version=3)], {})
        assert caught.value.version == 3

    @pytest.mark.parametrize(
        "altered",
        [
            replace(RECORD, latency_ms=1),
            replace(RECORD, created_at=ENDED),
            replace(RECORD, request=replace(RECORD.request, url="https://evil.example")),
            replace(RECORD, result=a_result(version=3)),
            replace(RECORD, result=a_result(declared_license="gpl-3.0")),
            replace(RECORD, result=a_result(details_sha256="00" * 32)),
        ],
    )
    def test_that_was_altered_is_found(self, altered: EvaluationRecord) -> None:
        with pytest.raises(Broken, match="was altered") as caught:
            check_mentioned([mention()], {RECORD.id: record_text(altered)})
        assert caught.value.version == 2


class TestCheckUnmentioned:
    """An evaluation that no entry mentions."""

    @pytest.mark.parametrize("version", [1, 3, NEWEST])
    def test_is_found(self, version: int) -> None:
        with pytest.raises(Broken, match="evaluation x was added without an entry") as caught:
            check_unmentioned([mention()], {RECORD.id: 2, "x": version}, NEWEST)
        assert caught.value.version == version

    def test_that_ended_since_is_left_alone(self) -> None:
        check_unmentioned([mention()], {RECORD.id: 2, "x": NEWEST + 1}, NEWEST)

    def test_is_none_where_all_are_mentioned(self) -> None:
        check_unmentioned([mention()], {RECORD.id: 2}, NEWEST)
        check_unmentioned([], {}, NEWEST)


class TestCheckJob:
    """The evaluation's own record."""

    def test_holds_where_it_says_the_same(self) -> None:
        check_job(mention(), TEXT, DETAILS)

    @pytest.mark.parametrize(
        ("text", "details"), [(None, None), (TEXT, None), (None, DETAILS), ("{}", DETAILS)]
    )
    def test_that_says_something_else_is_found(self, text: str | None, details: str | None) -> None:
        with pytest.raises(Broken, match="is not what its model's record says") as caught:
            check_job(mention(version=3), text, details)
        assert caught.value.version == 3

    @pytest.mark.parametrize("details", ["", "{}", f"{DETAILS} "])
    def test_with_other_details_is_found(self, details: str) -> None:
        with pytest.raises(Broken, match=r"the details of evaluation .* were altered") as caught:
            check_job(mention(), TEXT, details)
        assert caught.value.version == 2
