"""Files there and back."""

import logging
from pathlib import Path

import pytest

from graph.client import (
    Client,
    InvalidInput,
    NotFound,
    StillVerifying,
    UnexpectedAnswer,
)
from graph.client.files import source
from models.artifacts import completion
from models.artifacts.parts import PART_MIN_BYTES
from tests.e2e.client.faults import (
    FaultyNetwork,
    mentions,
    with_another,
)
from tests.e2e.client.some_files import LARGE, PARTS, actions


class TestPush:
    """Sending a file."""

    @pytest.mark.parametrize("content", [b"", b"abc"])
    def test_in_one_piece(
        self, client: Client, model_id: str, tmp_path: Path, content: bytes
    ) -> None:
        path = tmp_path / "f"
        path.write_bytes(content)
        artifact = client.push(path, model_id, filename="n.csv", content_type="text/csv")
        assert (artifact.status, artifact.filename) == ("AVAILABLE", "n.csv")
        assert (artifact.content_type, artifact.size_bytes) == ("text/csv", len(content))
        assert artifact.verification_method == "S3_CHECKSUM"
        assert artifact.model_id == model_id
        assert list(client.artifacts(model_id)) == [artifact]

    def test_in_parts_and_back(
        self, client: Client, model_id: str, large: Path, tmp_path: Path
    ) -> None:
        told: list[tuple[int, int]] = []
        artifact = client.push(
            large, model_id, **PARTS, progress=lambda done, total: told.append((done, total))
        )
        assert artifact.verification_method == "REHASH"
        assert told[-1] == (len(LARGE), len(LARGE))
        assert told == sorted(told)
        told.clear()
        target = client.pull(
            artifact.id, tmp_path / "back", progress=lambda done, total: told.append((done, total))
        )
        assert target.read_bytes() == LARGE
        assert told[-1] == (len(LARGE), len(LARGE))

    def test_what_is_there_already_is_not_sent(
        self, client: Client, network: FaultyNetwork, model_id: str, small: Path
    ) -> None:
        first = client.push(small, model_id)
        network.requests.clear()
        assert client.push(small, model_id, content_type="text/csv") == first
        assert [request.method for request in network.requests] == ["POST"]
        assert actions(client, model_id) == ["CREATE", "ARTIFACT_ADD"]

    def test_other_bytes_under_the_name_are_another_file(
        self, client: Client, model_id: str, small: Path
    ) -> None:
        client.push(small, model_id)
        small.write_bytes(b"other")
        client.push(small, model_id)
        assert actions(client, model_id) == ["CREATE", "ARTIFACT_ADD", "ARTIFACT_ADD"]

    def test_a_file_that_was_deleted_is_sent_again(
        self, client: Client, model_id: str, small: Path
    ) -> None:
        deleted = client.delete_artifact(client.push(small, model_id).id)
        assert deleted.status == "DELETED"
        assert client.push(small, model_id).id != deleted.id

    def test_the_attribution_is_that_of_the_entry(
        self, client: Client, model_id: str, small: Path
    ) -> None:
        client.push(small, model_id, reason="release", changed_by="user:ann")
        entry = next(client.changes(model_id))
        assert (entry.reason, entry.changed_by) == ("release", "user:ann")

    def test_a_large_one_is_waited_for(
        self, client: Client, model_id: str, large: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(completion, "REHASH_INLINE_MAX_BYTES", 2)
        assert client.push(large, model_id, **PARTS).status == "AVAILABLE"

    def test_waiting_has_an_end(
        self, client: Client, model_id: str, large: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(completion, "REHASH_INLINE_MAX_BYTES", 2)
        with pytest.raises(StillVerifying):
            client.push(large, model_id, **PARTS, wait=0)
        assert client.push(large, model_id, **PARTS).status == "AVAILABLE"
        assert actions(client, model_id) == ["CREATE", "ARTIFACT_ADD"]

    @pytest.mark.parametrize(
        ("name", "value"), [("filename", "other"), ("sizeBytes", 13), ("sha256", "0" * 64)]
    )
    def test_what_is_answered_must_be_what_was_sent(
        self,
        client: Client,
        network: FaultyNetwork,
        model_id: str,
        small: Path,
        name: str,
        value: str | int,
    ) -> None:
        network.fail(mentions("completeArtifactUpload"), with_another(name, value))
        with pytest.raises(UnexpectedAnswer, match=str(value)):
            client.push(small, model_id)

    @pytest.mark.parametrize("filename", ["a/b", "..", "\n"])
    def test_a_name_with_a_path_is_refused(
        self, client: Client, model_id: str, small: Path, filename: str
    ) -> None:
        with pytest.raises(InvalidInput) as raised:
            client.push(small, model_id, filename=filename)
        assert raised.value.field == ("filename",)

    def test_what_is_no_file_is_refused(
        self, client: Client, model_id: str, tmp_path: Path
    ) -> None:
        with pytest.raises(ValueError, match="is no regular file"):
            client.push(tmp_path, model_id)
        with pytest.raises(FileNotFoundError):
            client.push(tmp_path / "nothing", model_id)

    def test_a_model_that_is_not_there(self, client: Client, small: Path) -> None:
        with pytest.raises(NotFound):
            client.push(small, "01a208e0-8d43-7394-83c0-437ffe007901")


class TestLogs:
    """What is logged at INFO and above."""

    def test_have_no_signature(
        self,
        client: Client,
        model_id: str,
        large: Path,
        small: Path,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level(logging.DEBUG)
        caplog.set_level(logging.INFO, "httpx2")
        for path in (large, small):
            client.pull(client.push(path, model_id, **PARTS).id, path)
        assert '"HTTP/1.1 200' in caplog.text
        assert "partNumber=2" in caplog.text
        sent = [one.getMessage() for one in caplog.records if one.name.startswith("http")]
        assert not any("X-Amz" in line or "Signature" in line for line in sent)


class TestMemory:
    """A file of any size takes the same memory."""

    def test_pieces_are_small(self, tmp_path: Path) -> None:
        path = tmp_path / "f"
        path.write_bytes(LARGE)
        with source.Source(path, PART_MIN_BYTES) as opened:
            pieces = list(opened.pieces(0, len(LARGE)))
        assert max(len(piece) for piece in pieces) == source.PIECE_BYTES
        assert b"".join(pieces) == LARGE
