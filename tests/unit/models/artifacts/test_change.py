"""What an entry says of a file."""

from dataclasses import replace

import pytest
from hypothesis import given

from models.artifacts.change import FIELD, Mention, addition, mention_in, removal
from models.artifacts.record import ArtifactRecord, record_sha256
from models.history.chain import Attribution, link
from models.history.diff import INLINE_MAX_BYTES, Digest, change_text, parse_changes
from models.records import ChangeAction, ChangeRecord
from tests.unit.models.artifacts.artifacts import ARTIFACT_ID, a_file, records
from tests.unit.models.strategies import a_record

ANN = Attribution("user:ann", "user:ann")


def entry_of(action: ChangeAction, *changes: str) -> ChangeRecord:
    made = link(a_record(), a_record(version=2), action, ANN, list(changes))
    assert made is not None
    return made.entry


class TestMentionIn:
    """Reading it."""

    def test_an_addition_is_mentioned(self) -> None:
        entry = entry_of(ChangeAction.ARTIFACT_ADD, addition(a_file()))
        expected = Mention(
            ARTIFACT_ID, record_sha256(a_file()), 2, entry.timestamp, is_addition=True
        )
        assert mention_in(entry) == expected

    def test_a_removal_is_mentioned(self) -> None:
        entry = entry_of(ChangeAction.ARTIFACT_DELETE, removal(a_file()))
        expected = Mention(
            ARTIFACT_ID, record_sha256(a_file()), 2, entry.timestamp, is_addition=False
        )
        assert mention_in(entry) == expected

    @given(records)
    def test_any_file_is_found_again(self, record: ArtifactRecord) -> None:
        mention = mention_in(entry_of(ChangeAction.ARTIFACT_ADD, addition(record)))
        assert mention is not None
        assert (mention.artifact_id, mention.sha256) == (record.id, record_sha256(record))

    @pytest.mark.parametrize(
        "action",
        [action for action in ChangeAction if not action.name.startswith("ARTIFACT_")],
    )
    def test_other_entries_mention_none(self, action: ChangeAction) -> None:
        made = link(a_record(), a_record(version=2, name="other"), action, ANN)
        assert made is not None
        assert mention_in(made.entry) is None

    @pytest.mark.parametrize(
        "after",
        [
            None,
            "null",
            "[]",
            "{}",
            '{"id": 7, "recordSha256": 7}',
            '{"id": "x", "recordSha256": "x"}',
        ],
    )
    def test_what_we_would_not_write_mentions_none(self, after: str | None) -> None:
        changes = "[]" if after is None else f"[{change_text(FIELD, 'null', after)}]"
        entry = entry_of(ChangeAction.ARTIFACT_ADD, addition(a_file()))
        assert mention_in(replace(entry, changes=changes)) is None


class TestSummary:
    """What the history shows of a file."""

    def test_the_longest_one_stands_in_the_entry_itself(self) -> None:
        longest = a_file(filename='"' * 255, content_type="x" * 255, size_bytes=2**53 - 1)
        (change,) = parse_changes(f"[{addition(longest)}]")
        assert not isinstance(change.after, Digest)
        assert len(addition(longest)) < INLINE_MAX_BYTES

    def test_it_names_the_file_its_size_and_its_digests(self) -> None:
        (change,) = parse_changes(f"[{addition(a_file())}]")
        assert change.before is None
        assert isinstance(change.after, dict)
        assert change.after.keys() == {
            "id",
            "filename",
            "contentType",
            "sizeBytes",
            "sha256",
            "recordSha256",
        }
        (gone,) = parse_changes(f"[{removal(a_file())}]")
        assert (gone.before, gone.after) == (change.after, None)
