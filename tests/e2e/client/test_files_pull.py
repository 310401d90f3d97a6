"""Fetching files: what is there stays unless the whole file is right."""

import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph.client import (
    ChecksumMismatch,
    Client,
    ClientError,
    InvalidState,
    NotFound,
    UnexpectedAnswer,
    Unreachable,
)
from graph.client.files.destination import _mode_of
from tests.e2e.client.faults import (
    FaultyNetwork,
    answers,
    fetches,
    is_cut_after,
    is_cut_amid,
    mentions,
    sends_a_part,
    with_another,
)
from tests.e2e.client.some_files import altered_object


def left_in(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()}


class TestPull:
    """Fetching a file."""

    @pytest.fixture
    def artifact_id(self, client: Client, model_id: str, small: Path) -> str:
        return client.push(small, model_id).id

    @pytest.fixture
    def target(self, tmp_path: Path) -> Path:
        target = tmp_path / "here" / "scores ä.csv"
        target.parent.mkdir()
        target.write_bytes(b"before")
        return target

    def test_replaces_what_is_there(self, client: Client, artifact_id: str, target: Path) -> None:
        assert client.pull(artifact_id, target) == target
        assert target.read_bytes() == b"label,score\n"
        assert left_in(target.parent) == {target.name}

    def test_its_own_name_replaces_nothing(
        self, client: Client, network: FaultyNetwork, artifact_id: str, target: Path
    ) -> None:
        with pytest.raises(ClientError, match="other bytes: give -o NAME to replace it"):
            client.pull(artifact_id, target.parent)
        assert not any(fetches(request) for request in network.requests)
        assert (target.read_bytes(), left_in(target.parent)) == (b"before", {target.name})

    @pytest.mark.parametrize("is_there", [True, False])
    def test_its_own_name_is_had_once(
        self, client: Client, network: FaultyNetwork, artifact_id: str, target: Path, is_there: bool
    ) -> None:
        target.write_bytes(b"label,score\n")
        os.utime(target, ns=(0, 0))
        if not is_there:
            target.unlink()
        assert client.pull(artifact_id, target.parent) == target
        assert any(fetches(request) for request in network.requests) is not is_there
        assert (target.stat().st_mtime_ns == 0) is is_there
        assert target.read_bytes() == b"label,score\n"
        assert (target.stat().st_nlink, left_in(target.parent)) == (1, {target.name})

    @pytest.mark.parametrize("name", [".bashrc", "a\u202eb", "a\x1b[2J"])
    def test_an_own_name_that_hides_or_deceives_is_refused(
        self, client: Client, network: FaultyNetwork, artifact_id: str, target: Path, name: str
    ) -> None:
        network.fail(mentions("downloadUrl"), with_another("filename", name))
        with pytest.raises(ClientError, match="give -o NAME"):
            client.pull(artifact_id, target.parent)
        assert left_in(target.parent) == {target.name}
        network.fail(mentions("downloadUrl"), with_another("filename", name))
        client.pull(artifact_id, target)
        assert target.read_bytes() == b"label,score\n"

    def test_another_file_than_was_asked_for_is_refused(
        self, client: Client, network: FaultyNetwork, artifact_id: str, target: Path
    ) -> None:
        network.fail(mentions("downloadUrl"), with_another("id", "another"))
        with pytest.raises(UnexpectedAnswer, match="another"):
            client.pull(artifact_id, target)
        assert (target.read_bytes(), left_in(target.parent)) == (b"before", {target.name})

    def test_has_the_rights_that_a_new_file_has(
        self, client: Client, artifact_id: str, target: Path
    ) -> None:
        (new := target.parent / "new").touch()
        client.pull(artifact_id, target)
        assert target.stat().st_mode == new.stat().st_mode

    def test_keeps_the_rights_of_what_it_replaces(
        self, client: Client, artifact_id: str, target: Path
    ) -> None:
        target.chmod(0o640)
        client.pull(artifact_id, target)
        assert stat.S_IMODE(target.stat().st_mode) == 0o640

    @pytest.mark.parametrize("kind", ["pipe", "socket", "link", "dangling link", "directory"])
    def test_refuses_what_is_no_regular_file(
        self,
        client: Client,
        network: FaultyNetwork,
        artifact_id: str,
        tmp_path: Path,
        kind: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        special = (directory := tmp_path / "d") / "scores ä.csv"
        directory.mkdir()
        monkeypatch.chdir(directory)  # a socket's path may not be long
        (kept := tmp_path / "kept").write_bytes(b"before")
        with socket.socket(socket.AF_UNIX) as listening:
            make: dict[str, Callable[[], object]] = {
                "pipe": lambda: os.mkfifo(special),
                "socket": lambda: listening.bind(special.name),
                "link": lambda: special.symlink_to(kept),
                "dangling link": lambda: special.symlink_to(tmp_path / "nothing"),
                "directory": special.mkdir,
            }
            make[kind]()
            with pytest.raises(ClientError, match="no regular file"):
                client.pull(artifact_id, directory)
        assert not any(fetches(request) for request in network.requests)
        assert (kept.read_bytes(), left_in(directory)) == (b"before", {special.name})

    def test_refuses_a_device(self) -> None:
        with pytest.raises(ClientError, match="no regular file"):
            _mode_of(Path(os.devnull))  # looked at, and never fetched into

    @pytest.mark.parametrize(
        "content", [b"LABEL,score\n", b"label,score\nmore", b"label", b""], ids=len
    )
    def test_other_bytes_leave_nothing(
        self,
        client: Client,
        network: FaultyNetwork,
        artifact_id: str,
        target: Path,
        content: bytes,
    ) -> None:
        network.fail(fetches, answers(200, content))
        with pytest.raises(ChecksumMismatch):
            client.pull(artifact_id, target)
        assert (target.read_bytes(), left_in(target.parent)) == (b"before", {target.name})

    def test_an_object_that_was_altered_in_storage(
        self, client: Client, artifact_id: str, target: Path
    ) -> None:
        with altered_object(artifact_id), pytest.raises(ChecksumMismatch):
            client.pull(artifact_id, target)
        assert (target.read_bytes(), left_in(target.parent)) == (b"before", {target.name})

    @pytest.mark.parametrize("fails", [answers(403), answers(503), is_cut_after])
    def test_is_tried_again(
        self,
        client: Client,
        network: FaultyNetwork,
        artifact_id: str,
        target: Path,
        fails: Any,  # noqa: ANN401
    ) -> None:
        network.fail(fetches, fails)
        client.pull(artifact_id, target)
        assert target.read_bytes() == b"label,score\n"

    @pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
    def test_an_interrupt_leaves_nothing(
        self, client: Client, artifact_id: str, target: Path, error: type[BaseException]
    ) -> None:
        def interrupted(_done: int, _total: int) -> None:
            raise error

        with pytest.raises(error):
            client.pull(artifact_id, target, progress=interrupted)
        assert (target.read_bytes(), left_in(target.parent)) == (b"before", {target.name})

    def test_what_is_not_available(
        self, client: Client, network: FaultyNetwork, impatient: Client, model_id: str, small: Path
    ) -> None:
        network.fail(sends_a_part, is_cut_amid)
        with pytest.raises(Unreachable):
            impatient.push(small, model_id)
        (pending,) = client.artifacts(model_id, statuses=["PENDING"])
        assert client.artifact(pending.id) == pending
        with pytest.raises(InvalidState, match="PENDING"):
            client.pull(pending.id, small)
        with pytest.raises(NotFound):
            client.pull("nothing", small)
        with pytest.raises(NotFound):
            client.artifact(model_id)
