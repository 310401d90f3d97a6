"""`ml-evaluator export`: where a history goes, and what becomes of what is there."""

import json
import os
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.cli.verify import _utf8
from graph.client import Client
from tests.e2e.cli.conftest import Command


class TestExport:
    def test_goes_to_standard_output(self, command: Command, model_id: str) -> None:
        document = json.loads(command.run("export", model_id).stdout)
        assert (document["modelId"], len(document["history"])) == (model_id, 1)

    def test_of_nothing_leaves_what_is_there(self, command: Command, tmp_path: Path) -> None:
        (path := tmp_path / "x.json").write_text("before")
        assert "NOT_FOUND" in command.refused("export", "nope", "-o", str(path), code=1)
        assert path.read_text() == "before"

    def test_to_where_nothing_can_be_written_is_told(
        self, command: Command, model_id: str, tmp_path: Path
    ) -> None:
        path = tmp_path / "none" / "x.json"
        assert "No such file" in command.refused("export", model_id, "-o", str(path), code=1)

    @pytest.mark.parametrize("given", [".", "{place}", "{place}/"])
    def test_goes_into_a_directory_under_the_models_id(
        self, command: Command, model_id: str, tmp_path: Path, given: str
    ) -> None:
        output = given.format(place=tmp_path)
        done = command.run("export", model_id, "-o", output, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        (path,) = tmp_path.iterdir()
        assert path.name == f"{model_id}.json"
        assert done.stdout == f"{Path(output) / path.name}\n"
        assert json.loads(path.read_text())["modelId"] == model_id

    def test_to_no_name_is_a_mistake(self, command: Command, model_id: str, tmp_path: Path) -> None:
        done = command.run("export", model_id, "-o", "", cwd=tmp_path)
        assert done.returncode == 2
        assert "--output" in done.stderr
        assert not [*tmp_path.iterdir()]

    @pytest.mark.parametrize("kind", ["pipe", "link", "dangling link"])
    def test_replaces_nothing_but_files(
        self, command: Command, model_id: str, tmp_path: Path, kind: str
    ) -> None:
        (kept := tmp_path / "kept").write_text("before")
        path = tmp_path / "x.json"
        make: dict[str, Callable[[], object]] = {
            "pipe": lambda: os.mkfifo(path),
            "link": lambda: path.symlink_to(kept),
            "dangling link": lambda: path.symlink_to(tmp_path / "nothing"),
        }
        make[kind]()
        before = path.lstat().st_ino
        told = command.refused("export", model_id, "-o", str(path), code=1)
        assert told == f"{path} is there and is no regular file: give another destination\n"
        assert path.lstat().st_ino == before
        assert kept.read_text() == "before"
        assert {one.name for one in tmp_path.iterdir()} == {"kept", "x.json"}

    def test_a_file_that_is_replaced_keeps_its_mode(self, command: Command, exported: Path) -> None:
        model_id, before = json.loads(exported.read_text())["modelId"], exported.stat()
        exported.chmod(0o640)
        command.lines("export", model_id, "-o", str(exported))
        after = exported.stat()
        assert after.st_mode & 0o777 == 0o640
        assert after.st_ino != before.st_ino  # put there whole, and never written over
        assert [*exported.parent.iterdir()] == [exported]

    def test_what_no_encoding_has_is_written_as_an_escape(self) -> None:
        text = json.dumps("é\ud800\udfff", ensure_ascii=False)
        assert _utf8(text).decode() == '"é\\ud800\\udfff"'

    def test_follows_no_link_that_waits_beside_the_file(
        self, command: Command, model_id: str, tmp_path: Path
    ) -> None:
        (kept := tmp_path / "kept").write_text("before")
        (tmp_path / ".x.json.part").symlink_to(kept)
        command.lines("export", model_id, "-o", str(tmp_path / "x.json"))
        assert kept.read_text() == "before"


class TestOutput:
    """Where standard output takes nothing more."""

    @pytest.mark.parametrize(
        "command_line", ["export {model}", "verify {model}", "verify {model} --json"]
    )
    def test_a_full_device_is_told_in_a_line(
        self, command: Command, model_id: str, command_line: str
    ) -> None:
        done = command.shell(f"$RUN {command_line.format(model=model_id)} > /dev/full")
        assert done.returncode == 1
        (told,) = done.stderr.splitlines()
        assert "No space left" in told

    def test_where_an_export_was_written_is_there_though_it_cannot_be_said(
        self, command: Command, model_id: str, tmp_path: Path
    ) -> None:
        path = tmp_path / "x.json"
        done = command.shell(f"$RUN export {model_id} -o {shlex.quote(str(path))} > /dev/full")
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
        assert json.loads(path.read_text())["modelId"] == model_id

    def test_a_pipe_that_is_closed_is_no_reason_to_complain(
        self, command: Command, client: Client, model_id: str
    ) -> None:
        for number in range(10):  # more than a pipe holds
            client.update_model(model_id, risk_notes=f"{number}" * 9_000)
        done = command.shell(f"$RUN export {model_id} | head -1")
        assert (done.stdout, done.stderr) == ("{\n", "")
        done = command.shell(f"$RUN verify {model_id} | true")
        assert done.stderr == ""
