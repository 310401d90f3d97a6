"""`ml-evaluator push`, `pull` and `artifacts`: with nothing taken on trust."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graph.cli.files import Status, artifacts
from graph.client import Artifact, Client
from graph.local.server import LocalServer
from models.artifacts.parts import FILE_MAX_BYTES
from models.artifacts.record import ArtifactStatus
from tests.e2e.cli.conftest import Command
from tests.e2e.client.some_files import altered_object

PART = 5 * 1024 * 1024


@pytest.fixture
def content(tmp_path: Path) -> Path:
    (path := tmp_path / "weights.bin").write_bytes(os.urandom(7 * PART + 1))
    return path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (path := tmp_path / "f.bin").write_bytes(b"right")
    return path


TOLD = {
    "pipe": "odd is no regular file",
    "device": "odd is no regular file",
    "link to a pipe": "odd is no regular file",
    "directory": "odd' is a directory",
    "too large": f"and may have {FILE_MAX_BYTES}",
}


def made(kind: str, path: Path) -> Path:
    """Make what is no file that could be sent, or replaced; no device but /dev/null is touched."""
    other = path.with_name("other")
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to(os.devnull)
    elif kind == "directory":
        path.mkdir()
    elif kind == "link":
        other.write_bytes(b"before")
        path.symlink_to(other)
    elif kind == "dangling link":
        path.symlink_to(other)
    elif kind == "link to a pipe":
        os.mkfifo(other)
        path.symlink_to(other)
    elif kind == "too large":
        path.touch()
        os.truncate(path, FILE_MAX_BYTES + 1)  # takes no room
    return path


def seen(path: Path) -> tuple[str, int, int, int]:
    """Return what shows whether a file was replaced, or written to."""
    status = path.lstat()
    return path.name, status.st_ino, status.st_mode, status.st_mtime_ns


class TestPush:
    def test_comes_back_as_it_was(
        self, command: Command, model_id: str, tmp_path: Path, content: Path
    ) -> None:
        ((artifact, name, size, digest, status),) = command.lines(
            "push", str(content), "--model", model_id, "--part-size-mib", "5"
        )
        assert (name, int(size), status) == ("weights.bin", 7 * PART + 1, "AVAILABLE")
        assert digest == hashlib.sha256(content.read_bytes()).hexdigest()
        assert command.lines("pull", artifact, "-o", str(tmp_path / "again.bin")) == [
            [str(tmp_path / "again.bin")]
        ]
        assert (tmp_path / "again.bin").read_bytes() == content.read_bytes()

    def test_takes_several_files(self, command: Command, model_id: str, tmp_path: Path) -> None:
        for name in ("a", "b"):
            (tmp_path / name).write_text(name)
        paths = [str(tmp_path / name) for name in ("a", "b")]
        found = command.json("push", *paths, "--model", model_id, "--reason", "both")
        assert [one["filename"] for one in found] == ["a", "b"]

    def test_tells_of_those_before_one_that_is_refused(
        self, command: Command, model_id: str, tmp_path: Path, small: Path
    ) -> None:
        (refused := tmp_path / "no name ").touch()
        done = command.run("push", str(small), str(refused), "--model", model_id, "--json")
        assert [one["filename"] for one in json.loads(done.stdout)] == ["f.bin"]
        assert done.returncode == 1
        assert done.stderr.startswith("INVALID_INPUT: ")

    def test_of_an_empty_file_comes_back_empty(
        self, command: Command, model_id: str, tmp_path: Path
    ) -> None:
        (path := tmp_path / "empty").touch()
        ((artifact, *cells),) = command.lines("push", str(path), "--model", model_id)
        assert cells == ["empty", "0", hashlib.sha256().hexdigest(), "AVAILABLE"]
        command.lines("pull", artifact, "-o", str(tmp_path / "again"))
        assert (tmp_path / "again").read_bytes() == b""

    def test_hands_on_what_is_said_of_it(
        self, command: Command, client: Client, model_id: str, small: Path
    ) -> None:
        (made,) = command.json(
            *("push", str(small), "--model", model_id, "--content-type", "text/csv"),
            *("--reason", "Release 3", "--changed-by", "user:ann"),
        )
        assert made["contentType"] == client.artifact(made["id"]).content_type == "text/csv"
        entry = next(client.changes(model_id))
        assert (entry.action, entry.reason) == ("ARTIFACT_ADD", "Release 3")
        assert (entry.changed_by, entry.authenticated_as) == ("user:ann", "local")

    @pytest.mark.parametrize("kind", ["pipe", "device", "directory", "link to a pipe", "too large"])
    def test_of_what_cannot_be_sent_is_a_mistake_and_sends_nothing(
        self,
        command: Command,
        client: Client,
        model_id: str,
        small: Path,
        tmp_path: Path,
        kind: str,
    ) -> None:
        odd = made(kind, tmp_path / "odd")
        said = command.refused("push", str(small), str(odd), "--model", model_id, code=2)
        assert "Invalid value for 'FILE...': " in said
        assert TOLD[kind] in said
        assert list(client.artifacts(model_id, statuses=[*ArtifactStatus])) == []

    def test_of_a_file_that_is_not_there_is_a_mistake(
        self, command: Command, model_id: str, tmp_path: Path
    ) -> None:
        said = command.refused("push", str(tmp_path / "none"), "--model", model_id, code=2)
        assert "none" in said

    def test_to_a_model_that_is_not_there_is_refused(self, command: Command, content: Path) -> None:
        model = "01a208e0-8d43-7394-83c0-437ffe007901"
        said = command.refused("push", str(content), "--model", model, code=1)
        assert "NOT_FOUND" in said


class TestPull:
    def test_refuses_a_file_that_was_altered_in_storage(
        self,
        command: Command,
        client: Client,
        model_id: str,
        tmp_path: Path,
        small: Path,
    ) -> None:
        artifact = client.push(small, model_id)
        (there := tmp_path / "out.bin").write_bytes(b"before")
        with altered_object(artifact.id):
            said = command.refused("pull", artifact.id, "-o", str(there), code=4)
        assert "CHECKSUM_MISMATCH" in said
        assert there.read_bytes() == b"before"
        assert sorted(one.name for one in tmp_path.iterdir()) == ["f.bin", "out.bin"]

    def test_into_a_directory_keeps_the_files_name(
        self, command: Command, client: Client, model_id: str, tmp_path: Path, small: Path
    ) -> None:
        artifact = client.push(small, model_id)
        (tmp_path / "into").mkdir()
        command.lines("pull", artifact.id, "--output", str(tmp_path / "into"))
        assert (tmp_path / "into" / "f.bin").read_bytes() == b"right"

    def test_where_we_are_replaces_nothing_unless_it_is_named(
        self, command: Command, client: Client, model_id: str, tmp_path: Path, small: Path
    ) -> None:
        artifact = client.push(small, model_id, filename="Makefile")
        (there := tmp_path / "Makefile").write_bytes(b"ours!")
        done = command.run("pull", artifact.id, cwd=tmp_path)
        said = "Makefile is there with other bytes: give -o NAME to replace it\n"
        assert (done.returncode, done.stdout, done.stderr) == (1, "", said)
        assert there.read_bytes() == b"ours!"
        for words in (["-o", "Makefile"], []):
            done = command.run("pull", artifact.id, *words, cwd=tmp_path)
            assert (done.returncode, done.stdout) == (0, "Makefile\n")
            assert there.read_bytes() == b"right"

    def test_hides_nothing_unless_it_is_told_to(
        self, command: Command, client: Client, model_id: str, tmp_path: Path, small: Path
    ) -> None:
        artifact = client.push(small, model_id, filename=".bashrc")
        said = command.refused("pull", artifact.id, "-o", str(tmp_path), code=1)
        assert said == "the file's name '.bashrc' begins with a dot: give -o NAME\n"
        command.lines("pull", artifact.id, "-o", str(tmp_path / ".bashrc"))
        assert (tmp_path / ".bashrc").read_bytes() == b"right"

    @pytest.mark.parametrize("kind", ["pipe", "link", "dangling link", "link to a pipe"])
    def test_onto_what_is_no_regular_file_is_refused(
        self,
        command: Command,
        client: Client,
        model_id: str,
        tmp_path: Path,
        small: Path,
        kind: str,
    ) -> None:
        artifact = client.push(small, model_id)
        (place := tmp_path / "place").mkdir()
        there = made(kind, place / "out.bin")
        before = [seen(one) for one in sorted(place.iterdir())]
        said = command.refused("pull", artifact.id, "-o", str(there), code=1)
        assert "no regular file: give another destination" in said
        assert [seen(one) for one in sorted(place.iterdir())] == before

    def test_of_nothing_is_refused(self, command: Command, tmp_path: Path) -> None:
        said = command.refused("pull", "nope", "-o", str(tmp_path / "x"), code=1)
        assert "NOT_FOUND" in said


class TestArtifacts:
    def test_lists_what_pull_takes(
        self, command: Command, client: Client, model_id: str, tmp_path: Path, small: Path
    ) -> None:
        (tmp_path / "empty").touch()
        sent = [client.push(path, model_id) for path in (tmp_path / "empty", small)]
        found = command.lines("artifacts", model_id)
        assert found == [
            [one.id, one.filename, str(one.size_bytes), one.sha256, "AVAILABLE"]
            for one in reversed(sent)
        ]
        command.lines("pull", found[0][0], "-o", str(tmp_path / "again"))
        assert (tmp_path / "again").read_bytes() == b"right"

    def test_as_json_are_those_of_the_api(
        self, command: Command, client: Client, model_id: str, small: Path
    ) -> None:
        artifact = client.push(small, model_id)
        (found,) = command.json("artifacts", model_id)
        assert found["id"] == artifact.id
        assert found["model"] == {"uuid": model_id}
        assert (found["sizeBytes"], found["sha256"]) == (5, artifact.sha256)

    def test_that_were_deleted_are_shown_where_all_are_asked_for(
        self, command: Command, client: Client, model_id: str, small: Path
    ) -> None:
        artifact = client.push(small, model_id)
        client.delete_artifact(artifact.id)
        assert command.lines("artifacts", model_id) == []
        assert command.json("artifacts", model_id) == []
        ((found, *_, status),) = command.lines("artifacts", model_id, "--status", "all")
        assert (found, status) == (artifact.id, "DELETED")
        assert command.lines("artifacts", model_id, "--status", "rejected") == []

    def test_are_printed_as_they_come(
        self,
        server: LocalServer,
        client: Client,
        model_id: str,
        small: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        artifact = client.push(small, model_id)

        def found(*_: object, **__: object) -> Iterator[Artifact]:
            for number in range(3):
                yield replace(artifact, filename=str(number))
                assert capsys.readouterr().out.split("\t")[1] == str(number)

        monkeypatch.setattr(Client, "artifacts", found)
        artifacts(model_id, server.url)

    def test_every_status_can_be_asked_for(self) -> None:
        told = {status.value.upper() for status in Status if status is not Status.ALL}
        assert told == {status.value for status in ArtifactStatus}

    def test_of_a_model_that_is_not_there_are_refused(self, command: Command) -> None:
        said = command.refused("artifacts", "01a208e0-8d43-7394-83c0-437ffe007901", code=1)
        assert "NOT_FOUND" in said
