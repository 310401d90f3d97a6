"""What an entry says of an evaluation."""

from dataclasses import replace

import pytest
from hypothesis import given

from models.evaluation.change import FIELD, EvaluationMention, addition, evaluation_in
from models.evaluation.record import EvaluationRecord
from models.evaluation.text import record_text
from models.history.chain import Attribution, link, sha256_hex
from models.history.diff import INLINE_MAX_BYTES, change_text, parse_changes
from models.ids import artifact_node_id, evaluation_node_id
from models.records import ChangeAction, ChangeRecord
from tests.unit.models.evaluation.evaluations import (
    COMMIT,
    EVALUATION_ID,
    MODEL_ID,
    PAGE,
    a_job,
    a_success,
    successes,
)
from tests.unit.models.strategies import a_record

ANN = Attribution("user:ann", "user:ann")


def entry_of(action: ChangeAction, *changes: str) -> ChangeRecord:
    made = link(a_record(), a_record(version=2), action, ANN, list(changes))
    assert made is not None
    return made.entry


class TestAddition:
    """Writing it."""

    def test_names_the_evaluation_its_score_and_its_digest(self) -> None:
        (change,) = parse_changes(f"[{addition(a_success())}]")
        assert (change.field, change.before) == (FIELD, None)
        assert change.after == {
            "id": evaluation_node_id(EVALUATION_ID),
            "url": PAGE,
            "revision": COMMIT,
            "netScore": 0.5,
            "recordSha256": sha256_hex(record_text(a_success())),
        }

    def test_stands_in_the_entry_itself_at_its_longest(self) -> None:
        longest = a_success(canonical_url=f"{PAGE}{'x' * 200}", revision="f" * 40)
        assert len(addition(longest).encode()) < INLINE_MAX_BYTES

    def test_of_what_has_no_result_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="has no result"):
            addition(a_job())


class TestEvaluationIn:
    """Reading it."""

    @given(successes())
    def test_finds_what_was_written(self, record: EvaluationRecord) -> None:
        entry = entry_of(ChangeAction.EVALUATE, addition(record))
        digest = sha256_hex(record_text(record))
        assert evaluation_in(entry) == EvaluationMention(record.id, digest, 2, entry.timestamp)

    def test_finds_it_among_other_changes(self) -> None:
        made = link(
            a_record(),
            a_record(version=2, net_score=0.5),
            ChangeAction.EVALUATE,
            ANN,
            [addition(a_success())],
        )
        assert made
        mention = evaluation_in(made.entry)
        assert mention
        assert mention.evaluation_id == EVALUATION_ID

    @pytest.mark.parametrize(
        "action", [action for action in ChangeAction if action is not ChangeAction.EVALUATE]
    )
    def test_finds_none_in_other_entries(self, action: ChangeAction) -> None:
        assert evaluation_in(entry_of(action, addition(a_success()))) is None

    @pytest.mark.parametrize(
        "after",
        [
            None,
            "null",
            "[]",
            "{}",
            '{"id": 7, "recordSha256": 7}',
            '{"id": "x", "recordSha256": "x"}',
            f'{{"id": "{artifact_node_id(MODEL_ID, EVALUATION_ID)}", "recordSha256": "x"}}',
            f'{{"id": "{MODEL_ID}", "recordSha256": "x"}}',
        ],
    )
    def test_finds_none_in_what_we_would_not_write(self, after: str | None) -> None:
        changes = "[]" if after is None else f"[{change_text(FIELD, 'null', after)}]"
        entry = entry_of(ChangeAction.EVALUATE, addition(a_success()))
        assert evaluation_in(replace(entry, changes=changes)) is None
