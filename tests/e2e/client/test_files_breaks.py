"""Files through every kind of break, and those that are altered meanwhile."""

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from graph.client import (
    ChecksumMismatch,
    Client,
    FileChanged,
    Unreachable,
)
from tests.e2e.client.faults import (
    FaultyNetwork,
    answers,
    is_cut_after,
    is_cut_amid,
    mentions,
    sends_a_part,
)
from tests.e2e.client.some_files import LARGE, PARTS, actions


class TestBreaks:
    """Pushing again after a break sends nothing that S3 has."""

    def test_a_cut_push_goes_on(
        self,
        client: Client,
        impatient: Client,
        network: FaultyNetwork,
        model_id: str,
        large: Path,
    ) -> None:
        network.fail(lambda request: "partNumber=2" in str(request.url), is_cut_amid)
        with pytest.raises(Unreachable):
            impatient.push(large, model_id, **PARTS, workers=1)
        assert [put[-1] for put in network.puts()] == ["1", "2"]
        network.requests.clear()
        artifact = client.push(large, model_id, **PARTS)
        assert sorted(put[-1] for put in network.puts()) == ["2", "3"]
        assert artifact.status == "AVAILABLE"
        assert actions(client, model_id) == ["CREATE", "ARTIFACT_ADD"]

    def test_parts_of_another_size_go_on_with_the_first_plan(
        self, client: Client, impatient: Client, network: FaultyNetwork, model_id: str, large: Path
    ) -> None:
        network.fail(lambda request: "partNumber=3" in str(request.url), is_cut_amid)
        with pytest.raises(Unreachable):
            impatient.push(large, model_id, **PARTS, workers=1)
        network.requests.clear()
        assert client.push(large, model_id).status == "AVAILABLE"
        assert [put[-1] for put in network.puts()] == ["3"]

    @pytest.mark.parametrize("lost", ["createArtifactUpload", "completeArtifactUpload"])
    def test_a_lost_answer_leaves_one_file(
        self, client: Client, network: FaultyNetwork, model_id: str, small: Path, lost: str
    ) -> None:
        network.fail(mentions(lost), is_cut_after)
        client.push(small, model_id)
        assert len(list(client.artifacts(model_id, statuses=["PENDING", "AVAILABLE"]))) == 1
        assert actions(client, model_id) == ["CREATE", "ARTIFACT_ADD"]

    @pytest.mark.parametrize("lost", ["createArtifactUpload", "completeArtifactUpload"])
    def test_a_new_run_finds_what_a_lost_answer_left(
        self,
        client: Client,
        impatient: Client,
        network: FaultyNetwork,
        model_id: str,
        small: Path,
        lost: str,
    ) -> None:
        network.fail(mentions(lost), is_cut_after)
        with pytest.raises(Unreachable):
            impatient.push(small, model_id)
        client.push(small, model_id)
        assert len(list(client.artifacts(model_id, statuses=["PENDING", "AVAILABLE"]))) == 1
        assert len(network.puts()) == 1

    @pytest.mark.parametrize(
        "fails",
        [
            answers(403, b"<Code>AccessDenied"),
            answers(400, b"<Error><Code>RequestTimeout</Code>"),
            answers(503),
            is_cut_amid,
            is_cut_after,
        ],
    )
    @pytest.mark.parametrize("parts", [{}, PARTS], ids=["one piece", "parts"])
    def test_a_part_that_fails_is_sent_again(
        self,
        client: Client,
        network: FaultyNetwork,
        model_id: str,
        large: Path,
        fails: Any,  # noqa: ANN401
        parts: Any,  # noqa: ANN401
    ) -> None:
        told: list[int] = []
        network.fail(sends_a_part, fails)
        artifact = client.push(large, model_id, **parts, progress=lambda done, _: told.append(done))
        assert artifact.status == "AVAILABLE"
        assert len(network.puts()) == (4 if parts else 2)
        assert told[-1] == len(LARGE)
        assert all(0 <= done <= len(LARGE) for done in told)

    def test_an_expired_link_is_replaced_for_all_parts_at_once(
        self, client: Client, network: FaultyNetwork, model_id: str, large: Path
    ) -> None:
        network.fail(sends_a_part, answers(403), times=3)
        client.push(large, model_id, **PARTS, workers=3)
        asked = [request for request in network.requests if mentions("parts {")(request)]
        assert 2 <= len(asked) <= 4
        assert len(network.puts()) == 6

    def test_an_upload_that_expired_is_announced_anew(
        self, client: Client, network: FaultyNetwork, model_id: str, large: Path
    ) -> None:
        network.fail(sends_a_part, answers(404, b"<Code>NoSuchUpload"))
        assert client.push(large, model_id, **PARTS, workers=1).status == "AVAILABLE"
        assert actions(client, model_id) == ["CREATE", "ARTIFACT_ADD"]

    def test_two_at_once_make_one_file(
        self, client: Client, model_id: str, network: FaultyNetwork, small: Path
    ) -> None:
        artifacts = []

        def meanwhile(inner: Any, request: Any) -> Any:  # noqa: ANN401
            artifacts.append(client.push(small, model_id))
            return inner.handle_request(request)

        network.fail(sends_a_part, meanwhile)
        artifacts.append(client.push(small, model_id))
        assert artifacts[0] == artifacts[1]
        assert actions(client, model_id) == ["CREATE", "ARTIFACT_ADD"]

    def test_an_interrupt_stops_all_parts(self, client: Client, model_id: str, large: Path) -> None:
        def interrupted(_done: int, _total: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            client.push(large, model_id, **PARTS, progress=interrupted, workers=1)
        assert client.push(large, model_id, **PARTS).status == "AVAILABLE"


class TestAChangedFile:
    """A file that is altered between hashing and the last byte."""

    def alter(self, network: FaultyNetwork, path: Path, content: bytes, *, stamp: bool) -> None:
        """Write to the file as soon as its first part is about to be sent."""

        def altered(inner: Any, request: Any) -> Any:  # noqa: ANN401
            before = path.stat()
            with path.open("r+b") as file:
                file.truncate(len(content))
                file.write(content)
            if not stamp:
                os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
            else:
                os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
            return inner.handle_request(request)

        network.fail(sends_a_part, altered)

    @pytest.mark.parametrize("content", [LARGE[:-1], LARGE[::-1], LARGE + b"x", b""])
    @pytest.mark.parametrize("parts", [{}, PARTS], ids=["one piece", "parts"])
    def test_is_found(
        self,
        client: Client,
        network: FaultyNetwork,
        model_id: str,
        large: Path,
        content: bytes,
        parts: Any,  # noqa: ANN401
    ) -> None:
        self.alter(network, large, content, stamp=True)
        with pytest.raises(FileChanged):
            client.push(large, model_id, **parts)
        assert list(client.artifacts(model_id)) == []

    def test_is_found_by_s3_where_its_stamp_does_not_tell(
        self, client: Client, network: FaultyNetwork, model_id: str, small: Path
    ) -> None:
        self.alter(network, small, b"LABEL,SCORE\n", stamp=False)
        with pytest.raises(ChecksumMismatch):
            client.push(small, model_id)
        assert list(client.artifacts(model_id)) == []

    def test_one_that_another_replaces_is_sent_as_it_was(
        self, client: Client, network: FaultyNetwork, model_id: str, small: Path, tmp_path: Path
    ) -> None:
        before = small.read_bytes()

        def replaced(inner: Any, request: Any) -> Any:  # noqa: ANN401
            (tmp_path / "new").write_bytes(b"another")
            (tmp_path / "new").replace(small)
            return inner.handle_request(request)

        network.fail(sends_a_part, replaced)
        assert client.push(small, model_id).sha256 == hashlib.sha256(before).hexdigest()
